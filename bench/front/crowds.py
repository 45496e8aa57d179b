"""Clients that keep a server busy without wanting an answer."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from bench.common.measure import Wrong
from bench.common.processes import HOST

TRICKLE_SECONDS = 0.5  # between two bytes
LITTLE_BUFFER = 4096
BODY = b'{"exercise_id": 1, "correct": true}'
STATUS_BYTES = 12  # of "HTTP/1.1 200"


@dataclass(frozen=True, slots=True)
class Place:
    """Where they go, and the tokens that they have."""

    port: int
    learners: Sequence[str]
    admin: str

    def connect(self, stack: ExitStack, text: bytes = b"", buffer: int | None = None) -> socket.socket:
        """Open a connection until the end of the stack, and send something."""
        connection = stack.enter_context(socket.socket())
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.connect((HOST, self.port))
        connection.sendall(text)
        return connection


Crowd = Callable[[ExitStack, Place, int], None]


def _request(method: str, path: str, token: str, *headers: str) -> bytes:
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", *headers, "", ""]
    ).encode()


def _write(place: Place) -> bytes:
    length = f"Content-Length: {len(BODY)}"
    return _request("PATCH", "/scores", place.learners[0], "Content-Type: application/json", length)


def _stalled(stack: ExitStack, place: Place, count: int) -> None:
    for _ in range(count):
        place.connect(stack, _write(place) + BODY[:5])


def _trickling(stack: ExitStack, place: Place, count: int) -> None:
    connections = [place.connect(stack, _write(place)) for _ in range(count)]
    over = threading.Event()

    def trickle() -> None:
        while not over.wait(TRICKLE_SECONDS):
            for connection in connections:
                with suppress(OSError):  # it was cut off
                    connection.sendall(b" ")

    thread = threading.Thread(target=trickle)
    thread.start()
    stack.callback(thread.join)
    stack.callback(over.set)


def _silent(stack: ExitStack, place: Place, count: int) -> None:
    for _ in range(count):
        place.connect(stack)


def _idle(stack: ExitStack, place: Place, count: int) -> None:
    connections = [place.connect(stack, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(count)]
    _check(connections, b"200")


def _following(stack: ExitStack, place: Place, count: int) -> None:
    tokens = [place.learners[number % len(place.learners)] for number in range(count)]
    _check([place.connect(stack, _request("GET", "/events", token)) for token in tokens], b"200")


def _never_reading(stack: ExitStack, place: Place, count: int) -> None:
    text = _request("GET", "/scores/export", place.admin)
    for _ in range(count):
        place.connect(stack, text, LITTLE_BUFFER)


def _check(connections: Sequence[socket.socket], status: bytes) -> None:
    for connection in connections:
        if not connection.recv(STATUS_BYTES).endswith(status):
            raise Wrong("one of a crowd was not answered as it should be")


CROWDS: dict[str, tuple[int, Crowd]] = {
    "stalled bodies": (256, _stalled),
    "trickling bodies": (256, _trickling),
    "silent connections": (1100, _silent),
    "idle keep-alive connections": (2000, _idle),
    "streams of events": (1000, _following),
    "exports that nobody reads": (64, _never_reading),
}


@contextmanager
def crowd(name: str, place: Place, share: float) -> Iterator[int]:
    """Let such clients be there; yields how many. `share` makes them fewer."""
    count, gather = CROWDS[name]
    count = max(1, round(count * share))
    with ExitStack() as stack:
        gather(stack, place, count)
        yield count
