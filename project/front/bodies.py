"""Reading request bodies on the event loop: within BODY_SECONDS, at most MAX_CONTENT_LENGTH bytes, in bounded memory.

A stalled client occupies a coroutine and the bytes that it has sent, but no thread. Longer bodies, those of bulk loads,
and those announced by `Expect: 100-continue` are streamed: Flask decides first whether to read them.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any

from werkzeug.exceptions import ClientDisconnected

from project.front.environ import Environment
from project.front.rsgi import Connection
from project.web.concurrency import Busy
from project.web.errors import BodyTooSlow

# A body up to this size is read in one step.
SMALL_BYTES = 65_536
# Of all longer bodies whose requests are in progress in a process.
MAX_HELD_BYTES = 128 * 2**20
# Of an unread body, which is read before the response: a client may miss a response while it is still sending.
DISCARDED_BYTES = 8 * 2**20
DISCARD_SECONDS = 2.0


class Bodies:
    """Reads the bodies of an application's requests."""

    def __init__(self, settings: Mapping[str, Any], streamed_paths: Collection[str]) -> None:
        self._max_bytes: int = settings["MAX_CONTENT_LENGTH"]
        self._seconds: float = settings["BODY_SECONDS"]
        self._streamed_paths = streamed_paths
        self._held = 0

    async def read(self, environ: Environment, connection: Connection) -> "Body | Incoming":
        """Return the body: complete, or as `Incoming` if it is to be streamed.

        Raises:
            BodyTooSlow: it was not received in time.
            ClientDisconnected: it was cut off.
            Busy: too many long bodies are held already.

        """
        length = _length(environ)
        if length == 0:
            return NO_BODY
        incoming = Incoming(connection)
        if "HTTP_EXPECT" in environ or environ["PATH_INFO"] in self._streamed_paths or (length or 0) > self._max_bytes:
            return incoming
        try:
            async with asyncio.timeout(self._seconds):
                if length is not None and length <= SMALL_BYTES:
                    return Body(await _read_complete(connection, length))
                return await self._collect(incoming, length)
        except TimeoutError:
            raise BodyTooSlow from None

    async def _collect(self, incoming: "Incoming", length: int | None) -> "Body | Incoming":
        """Return a long body, or one of unknown length. If the latter is too long, return it as a stream."""
        pieces: list[bytes] = []
        count = 0
        body = Body(b"", self)
        try:
            while piece := await incoming.next():
                pieces.append(piece)
                count += len(piece)
                body.hold(len(piece))
                if count > self._max_bytes:
                    incoming.put_back(pieces)
                    body.release()
                    return incoming
        except BaseException:
            body.release()
            raise
        if length is not None and count != length:
            body.release()
            raise ClientDisconnected
        body.bytes = b"".join(pieces)
        return body

    def add_held(self, count: int) -> None:
        """Add to the bytes that all bodies hold in memory. Raises `Busy` at the limit."""
        if count > 0 and self._held + count > MAX_HELD_BYTES:
            raise Busy
        self._held += count


class Body:
    """A complete body."""

    __slots__ = ("_bodies", "_held", "bytes")

    def __init__(self, content: bytes, bodies: Bodies | None = None) -> None:
        self.bytes = content
        self._bodies = bodies
        self._held = 0

    def hold(self, count: int) -> None:
        """Count so many more bytes as held. Raises `Busy`."""
        if self._bodies:
            self._bodies.add_held(count)
            self._held += count

    def release(self) -> None:
        """Count no more bytes as held, after the response."""
        if self._bodies:
            self._bodies.add_held(-self._held)
            self._held = 0


NO_BODY = Body(b"")


class Incoming:
    """A body that is read as a stream. Granian reads the next piece from the client when it is awaited."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Connection | None = connection
        self._pieces: AsyncIterator[bytes] | None = None
        self._put_back: list[bytes] = []
        self._is_over = False

    async def next(self) -> bytes:
        """Return the next piece. At the end it is empty, also when the body was cut off."""
        if self._put_back:
            return self._put_back.pop(0)
        if self._connection is None:
            return b""
        if self._pieces is None:
            self._pieces = aiter(self._connection)
        while not self._is_over:
            try:
                piece = await anext(self._pieces)
            except StopAsyncIteration:
                self._is_over = True
            else:
                if piece:
                    return piece
        return b""

    async def receive(self, seconds: float) -> bytes:
        """Return the next piece. Raises `TimeoutError`."""
        async with asyncio.timeout(seconds):
            return await self.next()

    def put_back(self, pieces: list[bytes]) -> None:
        """Make `next` return these pieces first."""
        self._put_back = pieces

    async def discard(self) -> None:
        """Read the rest of the body and drop it, within limits of bytes and seconds."""
        count = len(b"".join(self._put_back))
        self._put_back = []
        ends_at = time.monotonic() + DISCARD_SECONDS
        try:
            while count < DISCARDED_BYTES and (piece := await self.receive(ends_at - time.monotonic())):
                count += len(piece)
        except (TimeoutError, RuntimeError):  # the client stalls, or has disconnected
            pass

    def release(self) -> None:
        """Drop the references to the connection, after the response.

        As long as anything refers to an unread body, granian reads no more from the client, and does not notice that it
        has disconnected. References to this object, as in an error's traceback, may last until garbage collection.
        """
        self._connection = self._pieces = None


async def _read_complete(connection: Connection, length: int) -> bytes:
    try:
        body = await connection()
    except RuntimeError:  # granian's `ProtocolClosed`
        raise ClientDisconnected from None
    if len(body) != length:
        raise ClientDisconnected
    return body


def _length(environ: Environment) -> int | None:
    """Return the length of the body; None if no header has it."""
    length: str = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal():
        return int(length)
    return None if "HTTP_TRANSFER_ENCODING" in environ else 0  # HTTP/1 has no body without either header
