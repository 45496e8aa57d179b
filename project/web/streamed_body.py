"""A request body that a view reads while it is received, with a deadline for clients that stall.

Used for long bodies, and those that a client announces by `Expect: 100-continue`. All others are complete before Flask
gets the request.
"""

import io
import time
from collections.abc import Callable
from typing import Any

from project.web.errors import BodyTooSlow

# The key in a request's environ of a streamed body; `wsgi.input` is set as well.
STREAMED_BODY = "eval.streamed_body"


class StreamedBody(io.RawIOBase):
    """A body as a WSGI input. `receive` returns the next piece, or nothing at the end; it raises `TimeoutError`."""

    def __init__(self, receive: Callable[[float], bytes], seconds: float) -> None:
        self._receive = receive
        self._ends_at = time.monotonic() + seconds
        self._rest = b""

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what was received, at least one byte unless this is the end. Raises `BodyTooSlow`."""
        if not self._rest:
            self._rest = self.receive(self._ends_at - time.monotonic())
        count = min(len(self._rest), len(buffer))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def receive(self, seconds: float) -> bytes:
        """Return the next piece, or nothing at the end. Raises `BodyTooSlow` after so many seconds."""
        try:
            return self._receive(max(0.0, seconds))
        except TimeoutError:
            raise BodyTooSlow from None
