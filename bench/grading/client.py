"""An HTTP client, and a closed and an open loop of requests."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

HEAD_END = b"\r\n\r\n"
SEED = 2017  # the same arrivals in every round


class Connection:
    """A keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, token: str, body: object) -> tuple[int, Any]:
        """Send JSON; return the status and the JSON of the response."""
        return await self._send("POST", path, token, json.dumps(body).encode())

    async def get(self, path: str, token: str) -> tuple[int, Any]:
        """Return the status and the JSON of a resource."""
        return await self._send("GET", path, token, b"")

    async def _send(self, method: str, path: str, token: str, content: bytes) -> tuple[int, Any]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        response = (await reader.readuntil(HEAD_END)).decode("latin-1").lower()
        length = int(response.partition("content-length:")[2].partition("\r\n")[0])
        return int(response.split(" ", 2)[1]), json.loads(await reader.readexactly(length))

    async def close(self) -> None:
        """Close it."""
        if self._streams:
            self._streams[1].close()
            await self._streams[1].wait_closed()


Send = Callable[[Connection], Awaitable[None]]


async def closed_loop(port: int, send: Send, seconds: float, connections: int) -> list[float]:
    """Send on each connection as soon as it has the response; return the seconds of each request."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def work(connection: Connection) -> None:
        while (began := time.perf_counter()) < end:
            await send(connection)
            times.append(time.perf_counter() - began)
        await connection.close()

    await asyncio.gather(*(work(Connection(port)) for _ in range(connections)))
    return times


async def open_loop(port: int, send: Send, seconds: float, per_second: float) -> list[float]:
    """Send at random moments (Poisson), independent of the responses, and at least once.

    Returns the seconds from the moment at which each request was due to its response, so that queueing counts.
    """
    times: list[float] = []
    idle: list[Connection] = []
    chance = random.Random(SEED)  # noqa: S311 - arrivals are no secret
    start = time.perf_counter()

    async def work(due: float) -> None:
        connection = idle.pop() if idle else Connection(port)
        await send(connection)
        times.append(time.perf_counter() - due)
        idle.append(connection)

    async with asyncio.TaskGroup() as tasks:
        due = start + min(seconds, chance.expovariate(per_second))
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(work(due))
            due += chance.expovariate(per_second)
            if due >= start + seconds:
                break
    for connection in idle:
        await connection.close()
    return times
