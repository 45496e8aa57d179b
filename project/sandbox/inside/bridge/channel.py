"""Messages over a stream socket: four bytes of length, then as many bytes."""

import os
import struct

from .errors import ConnectionClosed, OutOfMemory, ProtocolViolation
from .wire import MAX_BYTES

_LENGTH = struct.Struct(">I")
_CHUNK = 64 << 10  # bytes read at once: most messages, with their length


class Channel:
    """One end of the connection. The owner of the descriptor has to close it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._arrived = bytearray()

    def send(self, message: bytes) -> None:
        """Send a message. Raises ConnectionClosed if the other side no longer reads."""
        rest = memoryview(_LENGTH.pack(len(message)) + message)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            raise ConnectionClosed("The other side has closed the connection.") from None

    def receive(self) -> bytes:
        """Wait for a message. Raises ConnectionClosed, ProtocolViolation if it is too long, or OutOfMemory.

        OutOfMemory is a ConnectionClosed: a part of the message is lost.
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
                raise ConnectionClosed("The other side has closed the connection.")
        data = bytes(arrived[:count])
        del arrived[:count]
        return data
