"""A file as the body of a response. docs/adr/0011."""

import time
from typing import IO, Self

from project.api.scores.bulk.transfers import BLOCK_BYTES, Transfer


class Download:
    """A file that is sent with its length in the headers, so that a client notices when it is truncated.

    The front sends it as fast as the client reads. Other servers iterate over its blocks.
    """

    def __init__(self, file: IO[bytes], length: int, transfer: Transfer) -> None:
        self._file, self._transfer = file, transfer
        self.length = length
        self.deadline = transfer.deadline

    def read(self, size: int) -> bytes:
        """Return so many bytes, or fewer at the end."""
        return self._file.read(size)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._file.closed:
            raise StopIteration
        if time.monotonic() > self.deadline:
            self.close()
            raise TimeoutError("the client takes longer than TRANSFER_SECONDS")
        block = self._file.read(BLOCK_BYTES)
        if not block:
            self.close()
            raise StopIteration
        return block

    def close(self) -> None:
        """Close the file and end the transfer. The server calls it, also when the client has disconnected."""
        self._file.close()
        self._transfer.end()
