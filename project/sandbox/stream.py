"""What a learner's process is reached through: pipes that are read up to a limit, sockets, and files in memory."""

import fcntl
import os
import socket
from contextlib import ExitStack
from typing import Self

CHUNK = 65536


class Stream:
    """The reading end of a pipe whose writing end is given away."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self._reading, self.writing_end = os.pipe()
        os.set_blocking(self._reading, False)

    def fileno(self) -> int:
        """Return the reading end."""
        return self._reading

    @property
    def is_over(self) -> bool:
        """Whether the end was seen."""
        return self._reading < 0

    def read(self) -> bool:
        """Take what is there; return False when it is more than the limit. What is beyond it is thrown away."""
        try:
            chunk = os.read(self._reading, CHUNK)
        except BlockingIOError:
            return True
        if not chunk:
            self.close()
            return True
        room = self._limit - len(self._data)
        self._data += chunk[: max(0, room)]
        return len(chunk) <= room

    def data(self) -> bytes:
        """Return what came, up to the limit."""
        return bytes(self._data)

    def close_writing_end(self) -> None:
        """Close our copy of the writing end."""
        if self.writing_end >= 0:
            os.close(self.writing_end)
            self.writing_end = -1

    def close(self) -> None:
        """Stop reading."""
        self.close_writing_end()
        if self._reading >= 0:
            os.close(self._reading)
            self._reading = -1

    def __enter__(self) -> Self:
        """Let a block close it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def file_in_memory(data: bytes) -> int:
    """Return the descriptor of an unnamed file that holds `data`, and that nobody can change any more."""
    descriptor = os.memfd_create("order", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


def socket_pair(made: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets for packets, which `made` would close."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return made.enter_context(ours), made.enter_context(theirs)
