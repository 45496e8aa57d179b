"""A users-service on loopback that answers well, or in one of the many ways in which a real one can go wrong.

    with StubUsersService() as service:
        service.users["a-token"] = user(7)
        service.behaviour = drop(1, then=answer)

`service.requests` are the requests that it got.
"""

import gzip
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

# Nobody waits that long: `close` releases what waits. It ends the threads of a test that was killed.
LONGEST_SECONDS = 30
# Often enough that no read of a byte times out, and so many that the whole takes seconds.
DRIBBLE_SECONDS, DRIBBLE_BYTES = 0.1, 50


class Request(NamedTuple):
    path: str
    headers: dict


class StubUsersService(ThreadingHTTPServer):
    daemon_threads = False  # so that `close` waits for them

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.users = {}
        self.behaviour = answer
        self.requests = []
        self.released = threading.Event()
        self._connections = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.shutdown()
        self._thread.join()
        for connection in self._connections:  # those that a client keeps open would keep their threads
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.server_close()

    def get_request(self):
        connection, address = super().get_request()
        self._connections.append(connection)
        return connection, address


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):  # noqa: N802 - http.server finds it by this name
        self.server.requests.append(Request(self.path, {name.lower(): text for name, text in self.headers.items()}))
        try:
            self.server.behaviour(self)
        except OSError:
            self.close_connection = True  # the client had enough

    def log_message(self, *_):
        pass


def user(user_id, *, top=None, **data):
    """An answer to GET /auth/status; `top` stands beside `data`."""
    known = {"id": user_id, "username": "ada", "email": "ada@example.org", "active": True}
    return {"status": "success", "data": {**known, **data}, **(top or {})}


def send(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, text in {"content-type": "application/json", "content-length": str(len(body)), **headers}.items():
        handler.send_header(name, text)
    handler.end_headers()
    handler.wfile.write(body)


def right_body(handler):
    token = handler.headers.get("authorization", "").removeprefix("Bearer ")
    return json.dumps(handler.server.users[token]).encode() if token in handler.server.users else None


def answer(handler):
    """Behave as a users-service should."""
    body = right_body(handler)
    if body is None:
        send(handler, 401, b'{"status": "error", "message": "Invalid token."}')
    else:
        send(handler, 200, body)


def always(status, body=b"", **headers):
    """Give everybody the same answer."""
    return lambda handler: send(handler, status, body, **headers)


def say(text):
    """Write these bytes, and hang up."""

    def behave(handler):
        handler.wfile.write(text)
        handler.close_connection = True

    return behave


def misstate(status):
    """Send the right body with another status."""
    return lambda handler: send(handler, status, right_body(handler))


def wait(handler):
    """Answer rightly, but only when the test releases us."""
    handler.server.released.wait(LONGEST_SECONDS)
    answer(handler)


def dribble_body(handler):
    """Answer rightly, with the body byte by byte."""
    body = right_body(handler)
    handler.send_response(200)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    _dribble(handler, body)


def dribble_headers(handler):
    """Answer rightly, with a header byte by byte."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-padding: ")
    _dribble(handler, b"x" * DRIBBLE_BYTES)
    body = right_body(handler)
    handler.wfile.write(b"\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


def _dribble(handler, text):
    for index in range(min(len(text), DRIBBLE_BYTES)):
        handler.wfile.write(text[index : index + 1])
        handler.server.released.wait(DRIBBLE_SECONDS)
    handler.wfile.write(text[DRIBBLE_BYTES:])


def truncate(handler):
    """Promise more than comes."""
    body = right_body(handler)
    handler.send_response(200)
    handler.send_header("content-length", str(len(body) + 100))
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True


def compress(handler):
    """Send the right body, padded to what no user needs and packed to what looks harmless."""
    body = gzip.compress(right_body(handler) + b" " * 1_000_000)
    send(handler, 200, body, **{"content-encoding": "gzip"})


def drop(times, then=answer):
    """Hang up without an answer so many times."""
    left = [times]

    def behave(handler):
        left[0] -= 1
        if left[0] >= 0:
            handler.close_connection = True
        else:
            then(handler)

    return behave


def answer_once_per_connection(handler):
    """Answer rightly, promise to keep the connection, and close it."""
    answer(handler)
    handler.close_connection = True
