"""A users-service on loopback that answers well, or in one of the many ways in which a real one can go wrong.

    with StubUsersService() as service:
        service.users["a-token"] = user(7)
        service.behaviour = drop(1, then=answer)

`service.requests` are the requests that it got; `service.abandoned` is set when a client hung up on an answer.
"""

import contextlib
import gzip
import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

# Nobody waits that long: `close` releases what waits. It ends the threads of a test that was killed.
LONGEST_SECONDS = 30
# Often enough that no read of a byte times out, and so many that the whole takes seconds.
DRIBBLE_SECONDS, DRIBBLE_BYTES = 0.1, 30


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
        self.abandoned = threading.Event()
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
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def get_request(self):
        connection, address = super().get_request()
        self._connections.append(connection)
        return connection, address

    def handle_error(self, *arguments):
        if not isinstance(sys.exc_info()[1], OSError):  # a client that hangs up is what some tests are about
            super().handle_error(*arguments)


class Handler(BaseHTTPRequestHandler):
    server: StubUsersService
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.server.requests.append(Request(self.path, {name.lower(): text for name, text in self.headers.items()}))
        try:
            self.server.behaviour(self)
        except OSError:
            self.close_connection = True
            self.server.abandoned.set()

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


# Each of these refuses the token.
REFUSALS = {
    "401": always(401, b'{"status": "error", "message": "Invalid token."}'),
    "401 without JSON": always(401, b"no", **{"content-type": "text/plain"}),
    "403": always(403, b'{"status": "error", "message": "Provide a valid auth token."}'),
    "400": always(400, b'{"status": "fail", "message": "Signature expired."}'),
}

# And each of these is no answer to the question.
TROUBLE = {
    "HTML": always(200, b"<h1>Welcome</h1>", **{"content-type": "text/html"}),
    "list": always(200, b"[1, 2]"),
    "string": always(200, b'"success"'),
    "empty": always(200),
    "empty object": always(200, b"{}"),
    "no JSON": always(200, b'{"status": "success", '),
    "no UTF-8": always(200, b'{"status": "\xff"}'),
    "deep": always(200, b"[" * 60_000),
    "huge": always(200, b" " * 2_000_000),
    "no user": always(200, b'{"status": "success"}'),
    "user is a list": always(200, b'{"status": "success", "data": []}'),
    "no status": always(200, b'{"data": {"id": 7, "active": true}}'),
    "no content": always(204),
    "right body, wrong status": misstate(400),
    "404": always(404, b'{"status": "fail", "message": "Not found."}'),
    "429": always(429, b'{"status": "error", "message": "Too many requests."}'),
    "500": always(500, b'{"status": "error", "message": "Internal Server Error."}'),
    "502": always(502, b"<h1>Bad Gateway</h1>", **{"content-type": "text/html"}),
    "503": always(503, b'{"status": "error"}', **{"retry-after": "1000"}),
    "truncated": truncate,
    "huge when unpacked": compress,
    "packed, but not": always(200, b"{}", **{"content-encoding": "gzip"}),
    "no HTTP": say(b"220 mail.example.org ESMTP\r\n"),
    "no headers": say(b"HTTP/1.1 200 OK\r\n"),
    "two lengths": say(b"HTTP/1.1 200 OK\r\ncontent-length: 2, 3\r\n\r\n{}"),
    "endless header": say(b"HTTP/1.1 200 OK\r\nx: " + b"x" * 100_000),
    "slow": wait,
    "slow body": dribble_body,
    "dropped": drop(1000),
}
