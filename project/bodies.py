"""Bodies of requests: read in time, and read to their end also when the request is refused before.

`read(n)` of granian's body waits for n bytes, however long that takes, and cannot be left. So only little is awaited at
a time of a client that sends slowly. And granian closes a connection with something unread on it, in which case the
client may never see the answer.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from project.errors import BodyTooSlow

Environment = dict[str, Any]

READS = frozenset({"GET", "HEAD"})
FIRST_BYTES, MOST_BYTES = 16, 65_536  # of one piece
GROWTH = 8
QUICK_SECONDS = 0.1  # a piece that came in this time may be followed by a larger one
# Of a body that nobody wants; whoever sends more, or needs longer, may miss the answer.
DRAINED_BYTES = 8_388_608
DRAIN_SECONDS = 2.0
DRAINS = 16  # that wait for a client which sends nothing more

_drains = threading.BoundedSemaphore(DRAINS)


class Body:
    """A body as WSGI has it, but `read` may return less than was asked for; it returns nothing at the end alone."""

    def __init__(self, stream: Any, length: int | None, seconds: float) -> None:
        self._stream = stream
        self._left = length  # None: until it ends
        self._seconds = seconds
        self._until: float | None = None
        self._size = FIRST_BYTES

    def wait(self) -> None:
        """Let it take as long as it likes: somebody else takes the time."""
        self._until = float("inf")

    def read(self, size: int = -1) -> bytes:
        """Return the next piece. Raises `BodyTooSlow`."""
        if self._left == 0:
            return b""
        began = time.monotonic()
        if self._until is None:
            self._until = began + self._seconds
        piece: bytes = self._stream.read(self._size if size < 0 else min(size, self._size))
        now = time.monotonic()
        if now > self._until:
            self._left = 0
            raise BodyTooSlow
        quick = now - began < QUICK_SECONDS
        self._size = min(self._size * GROWTH, MOST_BYTES) if quick else FIRST_BYTES
        if not piece:
            self._left = 0
        elif self._left is not None:
            self._left = max(0, self._left - len(piece))
        return piece

    def read_whole(self, size: int) -> bytes:
        """Return so many bytes, or fewer at the end. Raises `BodyTooSlow`."""
        whole = self.read(size)
        while len(whole) < size and (piece := self.read(size - len(whole))):
            whole += piece
        return whole

    def drain(self) -> None:
        """Read what nobody has read: in a thread that can be left, for a read cannot."""
        if self._left == 0 or not _drains.acquire(blocking=False):
            return
        thread = threading.Thread(target=self._drain, name="drain", daemon=True)
        thread.start()
        thread.join(DRAIN_SECONDS)

    def _drain(self) -> None:
        count = 0
        try:
            while count < DRAINED_BYTES and (piece := self.read()):
                count += len(piece)
        except BodyTooSlow:
            return
        finally:
            _drains.release()


class Bodies:
    """A WSGI application that gives such bodies to another."""

    def __init__(self, app: Callable[..., Iterable[bytes]], seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    def __call__(self, environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, and read the rest of its body before the answer is sent."""
        length = _length(environ)
        if length == 0 and environ["REQUEST_METHOD"] in READS:
            return self._app(environ, start_response)
        body = environ["wsgi.input"] = Body(environ["wsgi.input"], length, self._seconds)
        answer = self._app(environ, start_response)
        if "HTTP_EXPECT" not in environ:  # who asks first does not send what is refused
            body.drain()
        return answer


def _length(environ: Environment) -> int | None:
    """Return how long the body is; None if that is not said."""
    length: str = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal():
        return int(length)
    # Without either header, HTTP/1 has no body; and nobody sends one to read something.
    is_http1 = environ["SERVER_PROTOCOL"].startswith("HTTP/1") or environ["REQUEST_METHOD"] in READS
    return 0 if is_http1 and "HTTP_TRANSFER_ENCODING" not in environ else None


def init_app(app: Flask) -> None:
    """Put it in front of the application."""
    app.wsgi_app = Bodies(app.wsgi_app, app.config["BODY_SECONDS"])  # type: ignore[method-assign]
