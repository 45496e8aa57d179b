"""Sending a large file no faster than its client reads it, with no thread: an export of scores.

What is sent by RSGI in pieces never waits for the client, however much that keeps in memory. A file does: granian reads
it as the client reads. So the response's file is a named pipe, which is full as long as the client takes nothing.
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

SMALL_BYTES = 1_048_576  # a file up to this size is sent as it is; far more than a pipe holds
BLOCK_BYTES = 262_144

log = structlog.get_logger()


class Downloads:
    """The downloads of a process."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._stall_seconds: float = settings["TRANSFER_STALL_SECONDS"]

    async def send(self, connection: Connection, status: int, headers: Headers, download: Download) -> None:
        """Send the response. It is broken off when the client takes nothing for too long, or is not done in time."""
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
            pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # for reading, too: so it opens before granian opens it
            gone = asyncio.ensure_future(_disconnected(connection))
            try:
                connection.response_file(status, headers, str(path))
                if not await self._pump(download, pipe, gone):
                    log.warning("download_broken_off", client_is_gone=gone.done())
            finally:
                gone.cancel()
                # What granian has not read yet stays: more was sent than a pipe holds, so it has the other end open.
                os.close(pipe)

    async def _pump(self, download: Download, pipe: int, gone: asyncio.Future[None]) -> bool:
        """Write the file into the pipe; return whether all of it went there."""
        while block := await _read(download, BLOCK_BYTES):
            left = memoryview(block)
            while left:
                try:
                    left = left[os.write(pipe, left) :]
                except BlockingIOError:
                    seconds = min(self._stall_seconds, download.deadline - time.monotonic())
                    if not await _is_writable(pipe, gone, seconds):
                        return False
        return True


async def _read(download: Download, size: int) -> bytes:
    """Read from the disk, which may take a moment."""
    return await asyncio.get_running_loop().run_in_executor(None, download.read, size)


async def _is_writable(pipe: int, gone: asyncio.Future[None], seconds: float) -> bool:
    """Wait until something can be written; return whether that was in time, and before the client was gone."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(pipe, ready.set)
    writable = asyncio.ensure_future(ready.wait())
    either: list[asyncio.Future[Any]] = [writable, gone]
    try:
        await asyncio.wait(either, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.remove_writer(pipe)
        writable.cancel()
    return ready.is_set()


async def _disconnected(connection: Connection) -> None:
    await connection.client_disconnect()
