"""Long transfers: few at once, none for ever, and none that keeps others from being served.

What granian 2.8 does with bodies decides how (docs/adr/0011): `read(n)` of a request's body waits for n bytes, however
long that takes, and cannot be left; a body that is cut off ends like a whole one; and so does an answer whose iterator
raises, unless its length was said.
"""

import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Protocol, Self

from flask import Flask, current_app, request

from project.api.scores.bulk.errors import BodyCut, BodyTooLong, TooManyTransfers
from project.errors import BodyTooSlow

FIRST_BYTES, BLOCK_BYTES = 16, 65_536
QUICK_SECONDS = 0.1  # a piece that came in this time may be followed by a larger one
LEAST_BYTES = 1024  # must come within TRANSFER_STALL_SECONDS
PROBE_SECONDS, PROBES = 10, 3  # after so long a silence a client's machine is asked whether it is there, so often


class Stream(Protocol):
    """A request's body."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, or fewer at the end."""


class Slots:
    """How many transfers this process may still begin."""

    def __init__(self, app: Flask) -> None:
        self.most = max(1, min(app.config["TRANSFERS_AT_ONCE"], app.config["WEB_THREADS"] - 1))
        self._free = threading.Semaphore(self.most)

    def take(self) -> "Slot":
        """Take one. Raises `TooManyTransfers`."""
        watch_connections(int(request.environ.get("SERVER_PORT") or 0))
        if not self._free.acquire(blocking=False):
            raise TooManyTransfers
        return Slot(self._free)


class Slot:
    """A transfer that is under way, until it is released."""

    def __init__(self, free: threading.Semaphore) -> None:
        self._free: threading.Semaphore | None = free
        self.until = time.monotonic() + current_app.config["TRANSFER_SECONDS"]

    def release(self) -> None:
        """Let another begin; more than once is once."""
        free, self._free = self._free, None
        if free:
            free.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def slots() -> Slots:
    """Return this process's."""
    found: Slots = current_app.extensions["transfers"]
    return found


def watch_connections(port: int) -> None:
    """Let the kernel end connections to this port whose client takes nothing, or is gone without a word.

    Which of the sockets is that of a request, granian does not tell; all may have these limits.
    """
    milliseconds = current_app.config["TRANSFER_STALL_SECONDS"] * 1000
    with suppress(FileNotFoundError):  # there is no /proc: not Linux
        for entry in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are wanted
            with suppress(OSError):  # closed meanwhile
                if not stat.S_ISSOCK(os.fstat(int(entry)).st_mode):
                    continue
                with socket.socket(fileno=os.dup(int(entry))) as one:
                    if one.family in {socket.AF_INET, socket.AF_INET6} and one.getsockname()[1] == port:
                        _watch(one, milliseconds)


def _watch(connection: socket.socket, milliseconds: int) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, PROBE_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, PROBE_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, PROBES)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)


class Body:
    """A request's body in blocks, for as long as enough of it comes."""

    def __init__(self, stream: Stream, length: int | None, slot: Slot) -> None:
        self._stream, self._length, self._until = stream, length, slot.until
        self._most = current_app.config["TRANSFER_MAX_BYTES"]
        self._stall = current_app.config["TRANSFER_STALL_SECONDS"]

    def blocks(self) -> Iterator[bytes]:
        """Yield the body. Raises `BodyTooSlow`, `BodyTooLong` or `BodyCut`."""
        if self._length is not None and self._length > self._most:
            raise self._too_long()
        count = 0
        for block in self._pieces():
            count += len(block)
            if count > self._most:
                raise self._too_long()
            yield block
        if self._length is not None and count != self._length:
            raise BodyCut

    def _too_long(self) -> BodyTooLong:
        return BodyTooLong(errors={"body": [f"Must have at most {self._most} bytes."]})

    def _pieces(self) -> Iterator[bytes]:
        """Yield pieces that grow as long as they come quickly; of a slow client little is awaited at once.

        The time that others take between the pieces does not count as the client's.
        """
        size, waited, came = FIRST_BYTES, 0.0, 0
        while True:
            began = time.monotonic()
            piece = self._stream.read(size)
            now = time.monotonic()
            if not piece:
                return
            waited, came = waited + now - began, came + len(piece)
            if now > self._until or (waited > self._stall and came < LEAST_BYTES):
                raise BodyTooSlow
            if came >= LEAST_BYTES:
                waited, came = 0.0, 0
            yield piece
            size = min(size * 2, BLOCK_BYTES) if now - began < QUICK_SECONDS else max(size // 8, FIRST_BYTES)


class Download:
    """A file as the body of an answer whose length was said: one that is not whole is then seen to be broken off."""

    def __init__(self, file: IO[bytes], slot: Slot) -> None:
        self._file, self._slot = file, slot

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._file.closed:
            raise StopIteration
        if time.monotonic() > self._slot.until:
            self.close()
            raise TimeoutError("the client takes longer than TRANSFER_SECONDS")
        block = self._file.read(BLOCK_BYTES)
        if not block:
            self.close()
            raise StopIteration
        return block

    def close(self) -> None:
        """Let the file and the slot go. The server calls it, also when the client is gone."""
        self._file.close()
        self._slot.release()


def init_app(app: Flask) -> None:
    """Count the transfers of the application."""
    app.extensions["transfers"] = Slots(app)
