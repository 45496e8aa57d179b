"""Sending events to their clients: a coroutine and a queue for each stream, no thread."""

import asyncio
from contextlib import suppress

from project.api.events.stream import HEARTBEAT, HEARTBEAT_SECONDS, EventStream
from project.front.rsgi import Connection, Headers

# RSGI never waits for a client and does not say what it has read. So a stream ends after this much: what a client
# keeps waiting in memory is bounded, and one that reads comes back for the rest.
MOST_BYTES = 65_536


async def send_events(connection: Connection, status: int, headers: Headers, stream: EventStream) -> None:
    """Send a stream's events until it ends, or its client has gone."""
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    gone = asyncio.ensure_future(_disconnected(connection, changed))
    stream.on_change(lambda: loop.call_soon_threadsafe(changed.set))
    left = MOST_BYTES
    try:
        transport = connection.response_stream(status, headers)
        while not gone.done() and left > 0:
            is_over = stream.is_over
            while text := stream.dequeue():
                await transport.send_bytes(text)
                left -= len(text)
            if is_over:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(min(stream.seconds_left, HEARTBEAT_SECONDS)):
                    await changed.wait()
            if not changed.is_set():
                stream.enqueue(HEARTBEAT)
            changed.clear()
    finally:
        gone.cancel()
        stream.close()


async def _disconnected(connection: Connection, changed: asyncio.Event) -> None:
    await connection.client_disconnect()
    changed.set()
