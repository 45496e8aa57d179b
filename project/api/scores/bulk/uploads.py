"""The body of a bulk load, read in blocks while the load writes. docs/adr/0011."""

import time
from collections.abc import Iterator

from flask import current_app, request

from project.api.scores.bulk.errors import BodyCut, BodyTooLong
from project.api.scores.bulk.transfers import BLOCK_BYTES, Transfer
from project.web.errors import BodyTooSlow
from project.web.streamed_body import STREAMED_BODY, StreamedBody

LEAST_BYTES = 1024  # must come within TRANSFER_STALL_SECONDS


class Upload:
    """The body of the current request, as long as enough of it arrives in time."""

    def __init__(self, length: int | None, transfer: Transfer) -> None:
        self._length, self._deadline = length, transfer.deadline
        self._most = current_app.config["TRANSFER_MAX_BYTES"]
        self._stall_seconds = current_app.config["TRANSFER_STALL_SECONDS"]

    def blocks(self) -> Iterator[bytes]:
        """Yield the body. Raises `BodyTooSlow`, `BodyTooLong` or `BodyCut`."""
        if self._length is not None and self._length > self._most:
            raise self._too_long()
        count = 0
        for block in self._received():
            count += len(block)
            if count > self._most:
                raise self._too_long()
            yield block
        if self._length is not None and count != self._length:
            raise BodyCut

    def _too_long(self) -> BodyTooLong:
        return BodyTooLong(errors={"body": [f"Must have at most {self._most} bytes."]})

    def _received(self) -> Iterator[bytes]:
        streamed: StreamedBody | None = request.environ.get(STREAMED_BODY)
        if streamed is None:  # the server has read all of it
            yield from iter(lambda: request.environ["wsgi.input"].read(BLOCK_BYTES), b"")
        else:
            yield from self._receive(streamed)

    def _receive(self, streamed: StreamedBody) -> Iterator[bytes]:
        """Yield the blocks as they arrive. Only the time spent waiting for the client counts as a stall."""
        waited, received = 0.0, 0
        while True:
            started = time.monotonic()
            if started >= self._deadline:
                raise BodyTooSlow
            block = streamed.receive(min(self._deadline - started, self._stall_seconds - waited))
            if not block:
                return
            waited, received = waited + time.monotonic() - started, received + len(block)
            if received >= LEAST_BYTES:
                waited, received = 0.0, 0
            yield block
