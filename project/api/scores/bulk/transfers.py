"""Long transfers: few at once, none for ever, and none that keeps others from being served. docs/adr/0011."""

import threading
import time
from collections.abc import Iterator
from typing import IO, Self

from flask import Flask, current_app, request

from project.api.scores.bulk.errors import BodyCut, BodyTooLong, TooManyTransfers
from project.web.errors import BodyTooSlow
from project.web.streamed_body import STREAMED_BODY, StreamedBody

BLOCK_BYTES = 65_536
LEAST_BYTES = 1024  # must come within TRANSFER_STALL_SECONDS


class Slots:
    """How many transfers this process may still begin."""

    def __init__(self, app: Flask) -> None:
        self.most = max(1, min(app.config["TRANSFERS_AT_ONCE"], app.config["WEB_THREADS"] - 1))
        self._free = threading.Semaphore(self.most)

    def take(self) -> "Slot":
        """Take one. Raises `TooManyTransfers`."""
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


class Body:
    """A request's body in blocks, for as long as enough of it comes."""

    def __init__(self, length: int | None, slot: Slot) -> None:
        self._length, self._until = length, slot.until
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
        streamed: StreamedBody | None = request.environ.get(STREAMED_BODY)
        if streamed is None:  # all of it is there
            yield from iter(lambda: request.environ["wsgi.input"].read(BLOCK_BYTES), b"")
        else:
            yield from self._incoming(streamed)

    def _incoming(self, streamed: StreamedBody) -> Iterator[bytes]:
        """Yield what comes. The time that the load itself takes between the pieces does not count as the client's."""
        waited, came = 0.0, 0
        while True:
            began = time.monotonic()
            if began >= self._until:
                raise BodyTooSlow
            piece = streamed.receive(min(self._until - began, self._stall - waited))
            if not piece:
                return
            waited, came = waited + time.monotonic() - began, came + len(piece)
            if came >= LEAST_BYTES:
                waited, came = 0.0, 0
            yield piece


class Download:
    """A file as the body of an answer whose length was said: one that is not whole is then seen to be broken off.

    The front sends it as fast as its client reads; another server draws its pieces.
    """

    def __init__(self, file: IO[bytes], length: int, slot: Slot) -> None:
        self._file, self._slot = file, slot
        self.length = length
        self.until = slot.until

    def read(self, size: int) -> bytes:
        """Return so many bytes, or fewer at the end."""
        return self._file.read(size)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._file.closed:
            raise StopIteration
        if time.monotonic() > self.until:
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
