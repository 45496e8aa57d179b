"""Sending a large file, an export of scores, no faster than its client reads it, and without a thread.

RSGI's streamed responses have no backpressure: unread pieces stay in memory. Its file responses have it: granian reads
the file as fast as the client reads. So the response's file is a named pipe, which stays full while the client does not
read.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from project.api.scores.bulk.downloads import Download
from project.front.rsgi import Connection, Headers

SMALL_BYTES = 1_048_576  # a file up to this size is sent at once; far more than a pipe holds
BLOCK_BYTES = 262_144

log = structlog.get_logger()


class Downloads:
    """The downloads of a process."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._stall_seconds: float = settings["TRANSFER_STALL_SECONDS"]

    async def send(self, connection: Connection, status: int, headers: Headers, download: Download) -> None:
        """Send the response. It is aborted when the client reads nothing for too long, or has not read all in time."""
        try:
            if download.length <= SMALL_BYTES:
                connection.response_bytes(status, headers, await _read(download, SMALL_BYTES))
            else:
                await self._send_by_pipe(connection, status, headers, download)
        finally:
            download.close()

    async def _send_by_pipe(self, connection: Connection, status: int, headers: Headers, download: Download) -> None:
        with tempfile.TemporaryDirectory(prefix="eval-download-") as directory:
            path = Path(directory) / "pipe"
            os.mkfifo(path, 0o600)
            pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # for reading too, so that it opens before granian does
            disconnected = asyncio.ensure_future(_disconnected(connection))
            try:
                connection.response_file(status, headers, str(path))
                if not await self._write(download, pipe, disconnected):
                    log.warning("download_aborted", client_disconnected=disconnected.done())
            finally:
                disconnected.cancel()
                # Granian still reads what the pipe holds: since more than that was sent, it has the other end open.
                os.close(pipe)

    async def _write(self, download: Download, pipe: int, disconnected: asyncio.Future[None]) -> bool:
        """Write the file into the pipe; return whether all of it was written."""
        while block := await _read(download, BLOCK_BYTES):
            rest = memoryview(block)
            while rest:
                try:
                    rest = rest[os.write(pipe, rest) :]
                except BlockingIOError:
                    seconds = min(self._stall_seconds, download.deadline - time.monotonic())
                    if not await _is_writable(pipe, disconnected, seconds):
                        return False
        return True


async def _read(download: Download, size: int) -> bytes:
    """Read a block in a thread: a disk may block."""
    return await asyncio.get_running_loop().run_in_executor(None, download.read, size)


async def _is_writable(pipe: int, disconnected: asyncio.Future[None], seconds: float) -> bool:
    """Wait until the pipe is writable; return whether that was in time, and before the client disconnected."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(pipe, ready.set)
    writable = asyncio.ensure_future(ready.wait())
    either: list[asyncio.Future[Any]] = [writable, disconnected]
    try:
        await asyncio.wait(either, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.remove_writer(pipe)
        writable.cancel()
    return ready.is_set()


async def _disconnected(connection: Connection) -> None:
    await connection.client_disconnect()
