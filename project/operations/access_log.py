"""The access log: a line for each request, as structlog writes it in twenty times the time. A server buffers the lines.

Each write releases the GIL, and the request waits to get it back: longer than all other work on its line.
docs/adr/0009 has the measurements.
"""

import datetime as dt
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import orjson

# How long a line is buffered. A process that is killed loses the lines of so long. At 0.02 s, the thread that writes
# took the GIL from the event loop so often that it cost a tenth of all requests' time.
BUFFER_SECONDS = 0.1
STOP_SECONDS = 2  # that a process waits at its end for those who read its standard error
# Writes of at most so many bytes to a pipe are atomic, so the lines of several processes do not mix.
MAX_PIECE = select.PIPE_BUF
# Lines that are buffered while the reader of standard error stalls; then the oldest are dropped.
MAX_LINES = 50_000
NAME_WIDTH = 30  # structlog's, of an event on a console

Fields = Mapping[str, object]


def as_json(logger: str, fields: Fields) -> bytes:
    """Return the line for machines."""
    line = {**fields, "event": "request", "level": "info", "logger": logger, "timestamp": dt.datetime.now(dt.UTC)}
    return orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def as_text(logger: str, fields: Fields) -> bytes:
    """Return the line for people, without colours."""
    now = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    pairs = " ".join(f"{name}={fields[name]}" for name in sorted(fields))
    return f"{now} [info     ] {'request':{NAME_WIDTH}} [{logger}] {pairs}\n".encode()


def write(line: bytes) -> None:
    """Write lines to standard error."""
    sys.stderr.write(line.decode())


class BufferedWriter:
    """Buffers lines, and writes them from a thread every BUFFER_SECONDS."""

    def __init__(self) -> None:
        self._lines: deque[bytes] = deque(maxlen=MAX_LINES)
        self._writing = threading.Lock()
        self._has_lines = threading.Event()
        threading.Thread(target=self._flush_regularly, name="access log", daemon=True).start()

    def write(self, line: bytes) -> None:
        """Buffer a line."""
        self._lines.append(line)
        if not self._has_lines.is_set():
            self._has_lines.set()

    def flush(self, seconds: float = -1) -> None:
        """Write the buffered lines, and wait for a write of the thread, at most so many seconds if they are given.

        Lines are lost if standard error is closed, or is not read in that time.
        """
        if not self._writing.acquire(timeout=seconds):
            return
        try:
            with suppress(OSError):
                for piece in self._pieces():
                    write(piece)
        finally:
            self._writing.release()

    def _pieces(self) -> Iterator[bytes]:
        """Remove the buffered lines and return them, joined to pieces."""
        piece: list[bytes] = []
        size = 0
        while self._lines:
            line = self._lines.popleft()
            if piece and size + len(line) > MAX_PIECE:
                yield b"".join(piece)
                piece, size = [], 0
            piece.append(line)
            size += len(line)
        if piece:
            yield b"".join(piece)

    def _flush_regularly(self) -> None:
        while True:
            self._has_lines.wait()
            time.sleep(BUFFER_SECONDS)
            self._has_lines.clear()  # before the lines are drained, so that a line of this moment is not forgotten
            self.flush()


class AccessLog:
    """How a process writes the access log; `render` is None where structlog formats the lines."""

    def __init__(self) -> None:
        self.render: Callable[[str, Fields], bytes] | None = None
        self.write = write

    @contextmanager
    def buffered(self) -> Iterator[None]:
        """Buffer the lines in this block, as a server should, and write all of them at its end."""
        writer = BufferedWriter()
        self.write = writer.write
        try:
            yield
        finally:
            self.write = write
            writer.flush(STOP_SECONDS)
