"""Communication with a sandboxed process: pipes with a size limit, packet sockets, and sealed files in memory."""

import fcntl
import os
import socket
from contextlib import ExitStack
from typing import Self

CHUNK = 65536


class OutputPipe:
    """A pipe for the output of another process. Reading it stops at a size limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._data = bytearray()
        self._reading_end, self.writing_end = os.pipe()
        os.set_blocking(self._reading_end, False)

    def fileno(self) -> int:
        """Return the descriptor of the reading end."""
        return self._reading_end

    @property
    def is_closed(self) -> bool:
        """Whether the end of file was read, or reading was stopped."""
        return self._reading_end < 0

    def read(self) -> bool:
        """Read what is available; return False when it exceeds the limit. The excess is discarded."""
        try:
            chunk = os.read(self._reading_end, CHUNK)
        except BlockingIOError:
            return True
        if not chunk:
            self.close()
            return True
        room = self.limit - len(self._data)
        self._data += chunk[: max(0, room)]
        return len(chunk) <= room

    def data(self) -> bytes:
        """Return what was read, up to the limit."""
        return bytes(self._data)

    def close_writing_end(self) -> None:
        """Close this process's copy of the writing end."""
        if self.writing_end >= 0:
            os.close(self.writing_end)
            self.writing_end = -1

    def close(self) -> None:
        """Stop reading."""
        self.close_writing_end()
        if self._reading_end >= 0:
            os.close(self._reading_end)
            self._reading_end = -1

    def __enter__(self) -> Self:
        """Let a block close it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def sealed_file(data: bytes) -> int:
    """Return the descriptor of an unnamed file in memory that holds `data` and can no longer be changed."""
    descriptor = os.memfd_create("command", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


def packet_sockets(stack: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets for packets, which the stack closes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return stack.enter_context(ours), stack.enter_context(theirs)
