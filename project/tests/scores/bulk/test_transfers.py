"""Transfers of clients that are slow, that disconnect, or that are many, at a real server."""

import http.client
import json
import socket
import threading
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from project import db
from project.settings.secret_key import secret_key
from project.tests.conftest import migrate_if_needed
from project.tests.scores.bulk.conftest import ndjson
from project.tests.servers import DEADLINE_SECONDS, running_server, wait_for

AT_ONCE = 2
STALL_SECONDS = "1"
LARGE = 60_000  # scores: an export larger than all buffers on its way
MIB = 1024


@pytest.fixture(scope="module")
def server(shared_app, tmp_path_factory):
    """Serve on the database of the tests, from one process with few threads."""
    with shared_app.app_context():
        migrate_if_needed()
    settings = {
        "DATABASE_TEST_URL": shared_app.config["SQLALCHEMY_DATABASE_URI"],
        "SECRET_KEY": secret_key(shared_app.config),
        "WEB_WORKERS": "1",
        "WEB_THREADS": "4",
        "WORKER_PROCESSES": "0",
        "TRANSFERS_AT_ONCE": str(AT_ONCE),
        "TRANSFER_STALL_SECONDS": STALL_SECONDS,
    }
    with running_server(tmp_path_factory.mktemp("server"), "--no-seed", **settings) as running:
        yield running


@contextmanager
def opened(server, method, path, member, *headers, start=b"", buffer=None):
    """Send the head of a request, and the start of its body; yields the socket."""
    with socket.socket() as connection:
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(DEADLINE_SECONDS)
        connection.connect(("127.0.0.1", server.port))
        token = f"Authorization: Bearer {member.token}"
        head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", token, *headers, "", ""])
        connection.sendall(head.encode() + start)
        yield connection


def uploading(server, member, start, length=10**6):
    headers = ("Content-Type: application/x-ndjson", f"Content-Length: {length}")
    return opened(server, "POST", "/scores/bulk", member, *headers, start=start)


def answer(connection):
    """Return status, headers and JSON of the response."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, response.headers, json.loads(response.read())


def port_of(connection):
    """Return the client's port of a connection."""
    return connection.getsockname()[1]


def client_ports(server):
    """Return the clients' ports of the connections that the server's process has."""
    (pid,) = server.web_processes()
    inodes = {entry.readlink().name for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()}
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    mine = [row for row in rows if row[1].endswith(f":{server.port:04X}") and row[3] != "0A"]
    return {int(row[2].rpartition(":")[2], 16) for row in mine if f"socket:[{row[9]}]" in inodes}


def serves_others(server):
    return server.get("/health").status == 200 and server.get("/scores/1").status in {200, 404}


def test_slow_uploads_get_408_and_do_not_block_other_requests(server, grader):
    line = ndjson((1001, 1, True))
    over = threading.Event()
    with ExitStack() as stack:
        slow = [stack.enter_context(uploading(server, grader, line[:9])) for _ in range(6)]
        ports = {port_of(connection) for connection in slow}

        def drip():
            while not over.wait(0.1):
                for connection in slow:
                    with suppress(OSError):  # it was cut off
                        connection.sendall(b" ")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            assert serves_others(server)
            answers = [answer(connection) for connection in slow]
        finally:
            over.set()
            dripping.join()
    statuses = [status for status, _, _ in answers]
    assert statuses.count(408) >= AT_ONCE
    assert set(statuses) == {408, 503}
    assert all(int(headers["Retry-After"]) > 0 for status, headers, _ in answers if status == 503)
    assert all(body["data"]["written_through"] == 0 for status, _, body in answers if status == 408)
    wait_for(lambda: not ports & client_ports(server), "the connections to end")


def test_an_upload_without_data_counts_as_a_transfer_and_blocks_no_other_requests(server, grader):
    headers = ("Content-Type: application/x-ndjson", "Content-Length: 100", "Expect: 100-continue")
    with ExitStack() as stack:
        for _ in range(AT_ONCE):
            connection = stack.enter_context(opened(server, "POST", "/scores/bulk", grader, *headers))
            assert connection.recv(100).startswith(b"HTTP/1.1 100")  # it waits for the body
        assert server.get("/scores/export", token=grader.token).status == 503
        assert serves_others(server)
    wait_for(lambda: exported(server, grader), "room for another")


def test_after_a_disconnect_the_complete_chunks_are_written_and_the_transfer_ends(server, grader, rows):
    with uploading(server, grader, ndjson(*((1001, number, True) for number in range(12_000)))) as connection:
        port = port_of(connection)
        wait_for(lambda: rows("SELECT FROM scores WHERE user_id = 1001"), "the first chunk")
    wait_for(lambda: port not in client_ports(server), "the connection to end")
    assert rows("SELECT count(*) FROM scores WHERE user_id = 1001") == [{"count": 10_000}]


def test_an_atomic_load_that_was_cut_off_writes_nothing(server, grader, rows):
    headers = ("Content-Type: application/x-ndjson", "Content-Length: 100000")
    lines = ndjson(*((1001, number, True) for number in range(100)))
    with opened(server, "POST", "/scores/bulk?atomic=true", grader, *headers, start=lines) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert answer(connection)[0] == 400
    assert rows("SELECT FROM scores WHERE user_id = 1001") == []


def chunked(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def test_the_end_of_a_chunked_body_is_not_trusted(server, grader, rows):
    head = ("Transfer-Encoding: chunked", "Content-Type: text/csv")
    body = chunked(b"correct,user_id,exercise_id\ntrue,1001,1\ntrue,1001,23")
    with opened(server, "POST", "/scores/bulk", grader, *head, start=body) as connection:
        status, _, found = answer(connection)
    assert (status, [error["line"] for error in found["data"]["errors"]]) == (200, [3])
    assert rows("SELECT exercise_id FROM scores WHERE user_id = 1001") == [{"exercise_id": 1}]
    with opened(server, "POST", "/scores/bulk?atomic=true", grader, *head, start=body) as connection:
        assert answer(connection)[0] == 411


@pytest.fixture
def large(app):
    """Add more scores than buffers hold."""
    with app.app_context():
        db.session.execute(
            sa.text(
                "INSERT INTO scores (user_id, exercise_id, correct) SELECT -1, n, true FROM generate_series(1, :n) n"
            ),
            {"n": LARGE},
        )
        db.session.commit()


def test_an_export_whose_client_stops_reading_ends_and_is_cut_off(server, grader, large):
    with ExitStack() as stack:
        get = ("GET", "/scores/export", grader)
        stopped = [stack.enter_context(opened(server, *get, buffer=4096)) for _ in range(AT_ONCE)]
        ports = {port_of(connection) for connection in stopped}
        for connection in stopped:
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert server.get("/scores/export", token=grader.token).json()["status"] == "error"
        assert serves_others(server)
        whole = wait_for(lambda: exported(server, grader), "room for another")
        assert whole.data.count(b"\n") >= LARGE
        assert all(0 < length_read(connection) < len(whole.data) for connection in stopped)
    wait_for(lambda: not ports & client_ports(server), "the connections to end")


def length_read(connection):
    """Return how much comes until the end."""
    count = 0
    with suppress(ConnectionError):
        while piece := connection.recv(65_536):
            count += len(piece)
    return count


def exported(server, member):
    found = server.get("/scores/export", token=member.token)
    return found if found.status == 200 else None


def test_memory_does_not_grow_with_the_size_of_a_load(server, grader):
    (pid,) = server.web_processes()

    def most_kib():
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])

    def send(lines):
        # Long lines about few scores: much to read, and little to write.
        text = b"".join(
            line.rstrip().ljust(500) + b"\n" for line in ndjson(*((1001, n, True) for n in range(500))).splitlines()
        )
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE_SECONDS)
        headers = grader.headers | {"Content-Type": "application/x-ndjson"}
        connection.request("POST", "/scores/bulk", iter([text] * (lines // 500)), headers, encode_chunked=True)
        response = connection.getresponse()
        found = json.loads(response.read())
        connection.close()
        return response.status, found["data"]["lines"], found["data"]["failed"]

    assert send(10_000) == (200, 10_000, 0)
    before = most_kib()
    assert send(200_000) == (200, 200_000, 0)
    assert most_kib() - before < 16 * MIB  # of 100 MB
