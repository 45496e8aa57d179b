"""Loads whose database is lost, or has no room left, in the middle: at real servers with databases of their own."""

import json
import os
import socket
import subprocess
import threading
from contextlib import contextmanager, suppress

import psycopg
import pytest

from project.tests.scores.bulk.conftest import ndjson
from project.tests.servers import (
    DEADLINE_SECONDS,
    kill_postgres,
    postmaster,
    private_data_dir,
    run_python,
    running_server,
    wait_for,
)

CHUNK = 1000
FIRST, REST = 5_500, 20_000  # lines that are sent before and after the trouble
DEVELOPMENT = "project.config.DevelopmentConfig"
WAITS = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND strpos(query, 'bulk_lines') > 0"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A server with a database of its own, and the token of a grader."""
    with private_data_dir(tmp_path_factory.mktemp("service")) as data_dir:
        settings = {"APP_SETTINGS": DEVELOPMENT, "WEB_WORKERS": "1", "WORKER_PROCESSES": "0"}
        with running_server(data_dir, BULK_CHUNK_LINES=str(CHUNK), **settings) as server:
            run_python(data_dir, "manage.py", "add_user", "g", "g@example.org", "--role", "grader", **settings)
            token = run_python(data_dir, "manage.py", "token", "g@example.org", **settings).stdout.strip()
            yield server, token


@contextmanager
def connected(server, user="eval"):
    """Connect to the server's database."""
    directory = (server.data_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[4]
    with psycopg.connect(host=directory, user=user, dbname="eval_dev", autocommit=True) as connection:
        yield connection


def query(server, statement, *values):
    with connected(server) as connection:
        return connection.execute(statement, values).fetchall()


def lines(user, first, last):
    return ndjson(*((user, number, True) for number in range(first, last)))


def load_in_two(server, token, user, trouble, path="/scores/bulk"):
    """Send the first lines, then let the trouble happen when some are written, then the rest; return the answer."""
    body = [lines(user, 1, FIRST + 1), lines(user, FIRST + 1, FIRST + REST + 1)]
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_SECONDS) as connection:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n"
            f"Content-Type: application/x-ndjson\r\nContent-Length: {sum(map(len, body))}\r\n\r\n"
        )
        connection.sendall(head.encode() + body[0])
        trouble()
        sender = threading.Thread(target=send, args=(connection, body[1]))
        sender.start()
        text = b"".join(iter(lambda: connection.recv(65_536), b""))
        sender.join()
    head, _, content = text.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(content)


def send(connection, body):
    """Send, as far as it is taken: a server that answers early hangs up."""
    with suppress(OSError):
        connection.sendall(body)


def count(server, user):
    ((found,),) = query(server, "SELECT count(*) FROM scores WHERE user_id = %s", user)
    return found


def check_whole_chunks(server, user, answer):
    """Check that everything through `written_through` is there, and nothing else; with the ledger of it."""
    through = answer[1]["data"]["written_through"]
    assert through % CHUNK == 0
    found = [exercise for (exercise,) in query(server, "SELECT exercise_id FROM scores WHERE user_id = %s", user)]
    assert sorted(found) == list(range(1, through + 1))
    ((entries,),) = query(server, "SELECT count(*) FROM score_changes WHERE user_id = %s", user)
    assert entries == through


def load_with_trouble(server, token, user, trouble, *, atomic=False):
    """Load, and let the trouble happen while a chunk is being written: not the first, unless it is all or nothing."""
    # The load waits for a lock then. Where the database is killed, the lock's owner does not outlive it either.
    with suppress(psycopg.OperationalError), connected(server) as connection, connection.transaction():

        def hold():
            wait_for(lambda: atomic or count(server, user), "a first chunk")
            connection.execute("LOCK TABLE scores IN SHARE MODE")

        def act():
            wait_for(lambda: query(server, WAITS), "the load to write")
            trouble(server)

        actor = threading.Thread(target=act)
        actor.start()
        answer = load_in_two(server, token, user, hold, f"/scores/bulk?atomic={str(atomic).lower()}")
        actor.join()
    return answer


def kill(server):
    kill_postgres(postmaster(server.data_dir))


def terminate(server):
    with connected(server, "postgres") as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'eval-service'"
        )


@pytest.mark.parametrize(("user", "trouble"), [(1, kill), (2, terminate)])
def test_after_a_lost_database_connection_the_response_says_which_chunks_are_written(service, user, trouble):
    server, token = service
    answer = load_with_trouble(server, token, user, trouble)
    assert (answer[0], answer[1]["status"]) == (503, "error")
    assert 0 < answer[1]["data"]["written_through"] < FIRST + REST
    wait_for(lambda: server.get("/ready").status == 200, "PostgreSQL to come back")
    check_whole_chunks(server, user, answer)


def test_a_killed_database_leaves_nothing_of_an_atomic_load(service):
    server, token = service
    answer = load_with_trouble(server, token, 3, kill, atomic=True)
    assert answer[0] == 503
    assert answer[1]["data"]["written_through"] == 0
    wait_for(lambda: server.get("/ready").status == 200, "PostgreSQL to come back")
    assert count(server, 3) == 0


@pytest.fixture
def full_disk(service, tmp_path_factory):
    """Let the table of scores grow on a disk of its own, which soon is full."""
    server, _ = service
    place = tmp_path_factory.mktemp("disk")
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(mounting, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root, where the kernel allows it, can mount a small disk")
    try:
        owner = (server.data_dir / "postgres" / "data").stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        for parent in place.parents:  # the database's user must get there
            parent.chmod(parent.stat().st_mode | 0o001)
        with connected(server, "postgres") as connection:
            connection.execute("DELETE FROM scores")
            connection.execute("VACUUM FULL scores")
            connection.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            connection.execute("ALTER TABLE scores SET TABLESPACE small")
        yield
        with connected(server, "postgres") as connection:
            connection.execute("ALTER TABLE scores SET TABLESPACE pg_default")
            connection.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_on_a_full_disk_the_response_says_which_chunks_are_written(service, full_disk):
    server, token = service
    answer = load_in_two(server, token, 4, lambda: None)
    assert (answer[0], answer[1]["status"]) == (507, "error")
    assert 0 < answer[1]["data"]["written_through"] < FIRST + REST
    check_whole_chunks(server, 4, answer)
    answer = load_in_two(server, token, 5, lambda: None, "/scores/bulk?atomic=true")
    assert (answer[0], answer[1]["data"]["written_through"], count(server, 5)) == (507, 0, 0)
    assert server.get("/ready").status == 200
