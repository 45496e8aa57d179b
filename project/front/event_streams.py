"""Sending event streams: a coroutine and a queue for each, and no thread."""

import asyncio
from contextlib import suppress

from project.api.events.stream import HEARTBEAT, HEARTBEAT_SECONDS, EventStream
from project.front.rsgi import Connection, Headers

# RSGI has no backpressure. So a stream ends after so many bytes, which bounds what an unread stream holds in memory. A
# client that reads reconnects, and receives the rest.
MAX_BYTES = 65_536


async def send_events(connection: Connection, status: int, headers: Headers, stream: EventStream) -> None:
    """Send a stream's events until it ends or its client disconnects."""
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    disconnected = asyncio.ensure_future(_disconnected(connection, changed))
    stream.on_change(lambda: loop.call_soon_threadsafe(changed.set))
    remaining = MAX_BYTES
    try:
        transport = connection.response_stream(status, headers)
        while not disconnected.done() and remaining > 0:
            is_over = stream.is_over
            while text := stream.dequeue():
                await transport.send_bytes(text)
                remaining -= len(text)
            if is_over:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(min(stream.seconds_left, HEARTBEAT_SECONDS)):
                    await changed.wait()
            if not changed.is_set():
                stream.enqueue(HEARTBEAT)
            changed.clear()
    finally:
        disconnected.cancel()
        stream.close()


async def _disconnected(connection: Connection, changed: asyncio.Event) -> None:
    await connection.client_disconnect()
    changed.set()
