"""A web process accepts more than a thousand idle connections, responds on others, and closes idle ones in time."""

import resource
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from project.config import ROOT
from project.front.connection_limits import MAX_CONNECTIONS, connections_per_process
from project.tests.servers import DEADLINE_SECONDS, lives, private_data_dir, running_server

pytestmark = pytest.mark.long

# More than granian's default of 1024 for all processes together.
CONNECTIONS = 1100
SILENT = b""
SLOW_HEADER = b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "
COMPLETE = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
KINDS = {"silent": SILENT, "slow header": SLOW_HEADER, "idle keep-alive": COMPLETE}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with private_data_dir(tmp_path_factory.mktemp("connections")) as data_dir:
        settings = {"WEB_WORKERS": "1", "WEB_THREADS": "4", "WORKER_PROCESSES": "0"}
        with running_server(data_dir, **settings) as running:
            # For the connections of this process; the server raises its own limit.
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4 * CONNECTIONS)), hard))
            yield running
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def accepted(server):
    """Return the number of sockets of the web process."""
    (pid,) = [pid for pid in server.web_processes() if lives(pid)]
    links = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except FileNotFoundError:  # closed in between
            continue
    return sum(link.startswith("socket:") for link in links)


def connect(server, text):
    connection = socket.create_connection(("127.0.0.1", server.port), DEADLINE_SECONDS)
    connection.sendall(text)
    if text == COMPLETE:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
    return connection


def wait_until_closed(connection):
    """Wait until the server closes the connection; it may send an error before."""
    with suppress(ConnectionResetError):
        while connection.recv(65_536):
            pass


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_requests_are_processed_while_a_thousand_connections_are_idle(server, text):
    with ExitStack() as connections:
        for _ in range(CONNECTIONS):
            connections.enter_context(connect(server, text))
        for _ in range(2 * CONNECTIONS):
            if accepted(server) >= CONNECTIONS:
                break
            # On a slow machine the first ones are closed before the last ones connect.
            connections.enter_context(connect(server, text))
        assert accepted(server) >= CONNECTIONS
        assert [server.get("/health").status for _ in range(30)] == [200] * 30


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_a_connection_without_a_request_is_closed(server, text):
    with connect(server, text) as connection:
        wait_until_closed(connection)


SETTINGS = {"WEB_THREADS": 8, "GRADING_SLOTS": 2}

# Prints how many connections a process may accept under these limits of descriptors, and the soft limit afterwards. It
# imports the module alone: an import of the service takes ten times as long.
UNDER_LIMITS = """
import resource, sys
sys.path.insert(0, "project/front")
from connection_limits import connections_per_process
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(connections_per_process({"WEB_THREADS": 8, "GRADING_SLOTS": 2}), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "connections"),
    [(1024, 20_000, MAX_CONNECTIONS), (1024, 4096, 4096 - 192), (1024, 1024, 1024 - 192), (64, 64, 1)],
)
def test_the_number_of_connections_follows_the_hard_limit_of_descriptors(soft, hard, connections):
    if hard > resource.getrlimit(resource.RLIMIT_NOFILE)[1]:
        pytest.skip("the hard limit of this machine is lower")
    command = [sys.executable, "-c", UNDER_LIMITS, str(soft), str(hard)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    connections_allowed, limit = map(int, result.stdout.split())
    assert connections_allowed == connections
    assert limit >= min(hard, connections)


def test_a_higher_limit_is_not_lowered():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert connections_per_process(SETTINGS) <= MAX_CONNECTIONS
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
