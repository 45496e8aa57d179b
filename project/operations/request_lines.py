"""The log lines of requests: what structlog would write, in a twentieth of its time, and a server writes many at once.

Each write lets another thread have the interpreter, and the request waits to get it back: longer than all else that is
noted of it. docs/adr/0009.
"""

import atexit
import datetime as dt
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import orjson

# How long a line may wait for others. A process that is killed takes so much of its log with it.
PAUSE_SECONDS = 0.02
# Lines of several processes that share a pipe stay whole when they are written in pieces of at most so many bytes.
PIECE = select.PIPE_BUF
# Lines that wait while whoever reads them takes none; then the oldest are dropped.
MOST_LINES = 50_000
NAME_WIDTH = 30  # structlog's, of an event on a console

Fields = Mapping[str, object]


def as_json(logger: str, fields: Fields) -> bytes:
    """Return the line for machines."""
    about = {"event": "request", "level": "info", "logger": logger, "timestamp": dt.datetime.now(dt.UTC)}
    return orjson.dumps({**fields, **about}, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def as_text(logger: str, fields: Fields) -> bytes:
    """Return the line for people, without colours."""
    now = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    said = " ".join(f"{name}={fields[name]}" for name in sorted(fields))
    return f"{now} [info     ] {'request':{NAME_WIDTH}} [{logger}] {said}\n".encode()


def write(line: bytes) -> None:
    """Write lines now."""
    sys.stderr.write(line.decode())


class Together:
    """Writes lines a moment later, all that came meanwhile; at the end of the process, what is left."""

    def __init__(self) -> None:
        self._lines: deque[bytes] = deque(maxlen=MOST_LINES)
        self._came = threading.Event()
        atexit.register(self.flush)
        threading.Thread(target=self._flush_now_and_then, name="request lines", daemon=True).start()

    def write(self, line: bytes) -> None:
        """Have a line written soon."""
        self._lines.append(line)
        if not self._came.is_set():
            self._came.set()

    def flush(self) -> None:
        """Write what has come; nothing, if nobody reads standard error any more."""
        with suppress(OSError):
            for piece in self._pieces():
                write(piece)

    def _pieces(self) -> Iterator[bytes]:
        piece = b""
        for line in self._taken():
            if piece and len(piece) + len(line) > PIECE:
                yield piece
                piece = b""
            piece += line
        if piece:
            yield piece

    def _taken(self) -> Iterator[bytes]:
        with suppress(IndexError):  # at the end of the process two take them
            while True:
                yield self._lines.popleft()

    def _flush_now_and_then(self) -> None:
        while True:
            self._came.wait()
            time.sleep(PAUSE_SECONDS)
            self._came.clear()  # before the lines are taken: one that comes now is not forgotten
            self.flush()


class RequestLines:
    """How an application writes them; `render` is None where structlog has to."""

    def __init__(self) -> None:
        self.render: Callable[[str, Fields], bytes] | None = None
        self.write = write

    def write_together(self) -> None:
        """Write them a moment later from now on, as a server should."""
        self.write = Together().write
