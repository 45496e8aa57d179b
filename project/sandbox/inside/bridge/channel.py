"""Messages over a stream socket: four bytes of length, then as many bytes."""

import os
import struct

from .errors import Ended, OutOfMemory, ProtocolViolation
from .wire import MAX_BYTES

_LENGTH = struct.Struct(">I")
_CHUNK = 64 << 10  # bytes read at once: most messages, with their length


class Channel:
    """One end of the connection. Whoever made the descriptor closes it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._arrived = bytearray()

    def send(self, message: bytes) -> None:
        """Send a message. Raises Ended when nobody reads any more."""
        rest = memoryview(_LENGTH.pack(len(message)) + message)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            raise Ended("The other side has ended.") from None

    def receive(self) -> bytes:
        """Wait for a message. Raises Ended when there will be none, ProtocolViolation when it would be too long.

        Raises OutOfMemory, which is an Ended too, since what is lost cannot be read again.
        """
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        if length > MAX_BYTES:
            raise ProtocolViolation("A message is too long.")
        return self._read(length)

    def _read(self, count: int) -> bytes:
        arrived = self._arrived
        while len(arrived) < count:
            try:
                chunk = os.read(self._descriptor, _CHUNK)
                arrived += chunk
            except MemoryError:
                raise OutOfMemory("A message does not fit into memory.") from None
            except OSError:
                chunk = b""
            if not chunk:
                raise Ended("The other side has ended.")
        data = bytes(arrived[:count])
        del arrived[:count]
        return data
