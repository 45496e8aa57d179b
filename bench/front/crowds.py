"""Crowds: clients that never finish a request or a response, in a process of their own."""

import multiprocessing
import select
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.common.measure import BenchmarkError
from bench.common.processes import HOST

START_SECONDS = 120
PAUSE_SECONDS = 0.5  # between two bytes of a slow client, and between two checks for closed connections
SMALL_BUFFER = 4096
TIMEOUT_SECONDS = 60
BODY = b'{"exercise_id": 1, "correct": true}'
OK = b"HTTP/1.1 200"


@dataclass(frozen=True, slots=True)
class Server:
    """The server's port, and the tokens of learners and an admin."""

    port: int
    learners: Sequence[str]
    admin: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """Clients of one kind; `request` returns what the client with a number sends when it has connected."""

    count: int
    request: Callable[[Server, int], bytes]
    awaits_response: bool = False  # with 200, before the client counts as connected
    sends_slowly: bool = False  # a byte from time to time
    buffer: int | None = None  # bytes of the socket's receive buffer


class Clients:
    """The connected clients of a crowd. Those that the server disconnects reconnect."""

    def __init__(self, crowd: Crowd, server: Server, count: int) -> None:
        self._crowd = crowd
        self._server = server
        self._closed = select.poll()
        self._connections: dict[int, tuple[int, socket.socket]] = {}  # by descriptor, with the number of the client
        for number in range(count):
            self._connect(number)
        if crowd.awaits_response:
            for _, connection in self._connections.values():
                if connection.recv(len(OK), socket.MSG_WAITALL) != OK:
                    raise BenchmarkError("A client of a crowd received an unexpected response.")

    def _connect(self, number: int) -> None:
        connection = socket.socket()
        connection.settimeout(TIMEOUT_SECONDS)
        if self._crowd.buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._crowd.buffer)
        connection.connect((HOST, self._server.port))
        connection.sendall(self._crowd.request(self._server, number))
        self._connections[connection.fileno()] = number, connection
        self._closed.register(connection, select.POLLRDHUP)

    def keep(self) -> None:
        """Reconnect disconnected clients, and send the next bytes of slow ones."""
        for descriptor, _ in self._closed.poll(0):
            self._closed.unregister(descriptor)
            number, connection = self._connections.pop(descriptor)
            connection.close()
            self._connect(number)
        if self._crowd.sends_slowly:
            for _, connection in self._connections.values():
                with suppress(OSError):  # it was disconnected just now
                    connection.sendall(b" ")

    def close(self) -> None:
        """Disconnect all."""
        for _, connection in self._connections.values():
            connection.close()


def _request(method: str, path: str, token: str, *headers: str) -> bytes:
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", *headers, "", ""]
    ).encode()


def _write(server: Server, _: int) -> bytes:
    length = f"Content-Length: {len(BODY)}"
    return _request("PATCH", "/scores", server.learners[0], "Content-Type: application/json", length)


def _stalled(server: Server, number: int) -> bytes:
    return _write(server, number) + BODY[:5]


def _silent(_: Server, __: int) -> bytes:
    return b""


def _idle(_: Server, __: int) -> bytes:
    return b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


def _events(server: Server, number: int) -> bytes:
    return _request("GET", "/events", server.learners[number % len(server.learners)])


def _export(server: Server, _: int) -> bytes:
    return _request("GET", "/scores/export", server.admin)


CROWDS: dict[str, Crowd] = {
    "stalled bodies": Crowd(256, _stalled),
    "slow bodies": Crowd(256, _write, sends_slowly=True),
    "silent connections": Crowd(1100, _silent),
    "idle keep-alive connections": Crowd(2000, _idle, awaits_response=True),
    "event streams": Crowd(1000, _events, awaits_response=True),
    "exports that no client reads": Crowd(64, _export, buffer=SMALL_BUFFER),
}


@contextmanager
def crowd(name: str, server: Server, share: float) -> Iterator[int]:
    """Keep a share of a crowd connected during the block; yields the number of clients."""
    count = max(1, round(CROWDS[name].count * share))
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(name, server, count, there), daemon=True)
    process.start()
    there.close()
    try:
        _wait_until_connected(name, here)
        yield count
        if not process.is_alive():
            raise BenchmarkError(f"The {name} could not be kept connected.")
    finally:
        here.close()
        process.join()


def _wait_until_connected(name: str, process: Connection) -> None:
    with suppress(EOFError):  # it has ended
        if process.poll(START_SECONDS):
            process.recv()
            return
    raise BenchmarkError(f"The {name} could not be connected.")


def _run(name: str, server: Server, count: int, parent: Connection) -> None:
    """Keep a crowd connected until the other end of the pipe is closed."""
    clients = Clients(CROWDS[name], server, count)
    parent.send(None)
    while not parent.poll(PAUSE_SECONDS):
        clients.keep()
