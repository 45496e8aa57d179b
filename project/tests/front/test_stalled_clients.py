"""Clients that stall, or send very slowly, do not block others, even with few threads: docs/adr/0017.

`script/bench front` does the same with more clients, and measures times.
"""

import json
import socket
import threading
from contextlib import ExitStack, suppress

import pytest

from project.tests.servers import DEADLINE_SECONDS, call, private_data_dir, running_server, wait_for

THREADS = 2
STALLED = 40
SETTINGS = {
    "WEB_WORKERS": "1",
    "WEB_THREADS": str(THREADS),
    "WORKER_PROCESSES": "0",
    "BODY_SECONDS": "3",
    "RATELIMIT_ENABLED": "false",
}
BODY = json.dumps({"exercise_id": 4242, "correct": True}).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with (
        private_data_dir(tmp_path_factory.mktemp("stalled")) as data_dir,
        running_server(data_dir, **SETTINGS) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def token(server):
    body = {"username": "ada", "email": "ada@example.org", "password": "correct horse"}
    return server.post("/auth/register", body).json()["auth_token"]


def check_other_requests(server, token):
    """Send one request to each kind of route: hot and Flask's, without and with a body."""
    statuses = [
        server.get("/scores/1").status,
        call(f"{server.url}/scores", "PATCH", json.loads(BODY), token).status,
        server.get("/health").status,
        server.post("/scores", {"exercise_id": 4242, "correct": True}, token=token).status,
    ]
    assert statuses[0] in {200, 404}
    assert statuses[1] in {200, 201}
    assert statuses[2:] == [200, 400]


def send(server, text):
    connection = socket.create_connection(("127.0.0.1", server.port), DEADLINE_SECONDS)
    connection.sendall(text)
    return connection


def head(*headers, path="/scores", method="PATCH"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def read_to_the_end(connection):
    """Return everything that is received until the server closes the connection."""
    text = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            text += piece
    return text


KINDS = {
    "hot route": head("Content-Type: application/json", f"Content-Length: {len(BODY)}"),
    "Flask's route": head("Content-Type: application/json", f"Content-Length: {len(BODY)}", method="POST"),
    "long body": head("Content-Type: application/json", "Content-Length: 1000000", method="POST"),
    "chunks": head("Content-Type: application/json", "Transfer-Encoding: chunked", method="POST"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_stalled_bodies_get_a_408_and_block_no_thread(kind, server, token):
    start = b"10\r\n" + BODY[:5] if kind == "chunks" else BODY[:5]
    with ExitStack() as stack:
        stalled = [stack.enter_context(send(server, KINDS[kind] + start)) for _ in range(STALLED)]
        check_other_requests(server, token)
        responses = [read_to_the_end(connection) for connection in stalled]
    for response in responses:
        top, _, body = response.partition(b"\r\n\r\n")
        assert top.startswith(b"HTTP/1.1 408 ")
        assert json.loads(body)["message"] == "The request body was not received in time."


def test_slow_bodies_get_a_408_and_block_no_thread(server, token):
    over = threading.Event()
    with ExitStack() as stack:
        slow = [stack.enter_context(send(server, KINDS["hot route"])) for _ in range(STALLED)]

        def send_slowly():
            while not over.wait(0.5):
                for connection in slow:
                    with suppress(OSError):
                        connection.sendall(b" ")

        thread = threading.Thread(target=send_slowly)
        thread.start()
        try:
            check_other_requests(server, token)
            responses = [read_to_the_end(connection) for connection in slow]
        finally:
            over.set()
            thread.join()
    # A byte that is sent to a closed connection resets it, and may so discard the response.
    assert {response[:12] for response in responses} <= {b"HTTP/1.1 408", b""}
    assert responses.count(b"") < STALLED / 2


def test_bodies_that_are_cut_off_are_rejected(server, token):
    for kind in ("hot route", "long body"):
        with send(server, KINDS[kind] + BODY[:5]) as connection:
            connection.shutdown(socket.SHUT_WR)
            assert b" 200 " not in read_to_the_end(connection)
    check_other_requests(server, token)


def test_event_streams_block_no_thread(server, token):
    with ExitStack() as stack:
        tokens = [token]
        for number in range(STALLED // 2):
            body = {"username": f"u{number}", "email": f"u{number}@example.org", "password": "correct horse"}
            tokens.append(server.post("/auth/register", body).json()["auth_token"])
        requests = [head(f"Authorization: Bearer {one}", path="/events", method="GET") for one in tokens]
        streams = [stack.enter_context(send(server, text)) for text in requests]
        assert all(stream.recv(12) == b"HTTP/1.1 200" for stream in streams)
        check_other_requests(server, token)
    wait_for(lambda: no_streams(server), "the end of the streams")


def no_streams(server):
    lines = server.get("/metrics").data.decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("event_streams")) == 0
