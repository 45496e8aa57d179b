"""The processes of a server are restarted, except in a crash loop, and stop without losing a request."""

import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from project.front.processes import MAX_STARTS, RESTART_SECONDS, CrashLoop, Parent, Processes, RecentStarts, supervise
from project.tests.servers import DEADLINE_SECONDS, lives, private_data_dir, running_server, wait_for

IN_FLIGHT = 200


def test_a_process_that_stops_rarely_is_restarted():
    starts = RecentStarts()
    for second in range(0, 5 * MAX_STARTS, 5):
        assert starts.is_due(second)
        assert not starts.are_too_many(second)
        starts.add(second)
    assert not starts.is_due(5 * MAX_STARTS - 5 + RESTART_SECONDS / 2)


def test_too_many_starts_in_a_short_time_are_a_crash_loop():
    starts = RecentStarts()
    for second in range(MAX_STARTS):
        assert not starts.are_too_many(second)
        starts.add(second)
    assert starts.are_too_many(MAX_STARTS)
    assert not starts.are_too_many(10 * MAX_STARTS)


@pytest.fixture
def parent():
    with closing(Parent()) as parent:
        yield parent


@pytest.mark.parametrize("is_vital", [True, False])
def test_a_crash_loop_stops_the_server_if_the_process_is_vital(is_vital, monkeypatch, parent):
    monkeypatch.setattr("project.front.processes.RESTART_SECONDS", 0)
    monkeypatch.setattr("project.front.processes.MAX_STARTS", 1)
    group = Processes("nothing", 1, sys.exit, is_vital=is_vital)

    group.keep_running(parent)
    (process,) = group.running()
    process.join()
    if is_vital:
        with pytest.raises(CrashLoop):
            group.keep_running(parent)
    else:
        group.keep_running(parent)
        assert group.running() != [process]
        group.running()[0].join()


@pytest.fixture
def server(tmp_path):
    with private_data_dir(tmp_path) as data_dir:
        settings = {"WEB_WORKERS": "1", "WORKER_PROCESSES": "0", "WEB_THREADS": "4"}
        with running_server(data_dir, **settings) as running:
            yield running


def test_the_processes_of_a_killed_server_stop(server):
    (pid,) = server.web_processes()
    server.process.kill()
    server.process.wait()
    wait_for(lambda: not lives(pid), "the end of its processes")


def test_processes_are_not_forked_while_other_threads_run():
    with ThreadPoolExecutor() as threads:
        threads.submit(int).result()
        with pytest.raises(RuntimeError, match="other threads"):
            supervise([])


def test_accepted_requests_are_completed_when_the_server_stops(server):
    head = b"PATCH /scores HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), DEADLINE_SECONDS))
            for _ in range(IN_FLIGHT)
        ]
        for connection in connections:
            connection.sendall(head)
        assert server.get("/health").status == 200  # the connections before this one have been accepted
        (pid,) = [pid for pid in server.web_processes() if lives(pid)]
        server.process.send_signal(signal.SIGTERM)
        stopping = threading.Thread(target=server.process.wait, args=(DEADLINE_SECONDS,))
        stopping.start()
        wait_for(lambda: refuses(server.port), "the port to be closed")
        for connection in connections:
            connection.sendall(b"}")
        responses = [read_all(connection) for connection in connections]
        stopping.join()
    assert {response.split(b"\r\n")[0] for response in responses} == {b"HTTP/1.1 403 Forbidden"}
    assert all(b"Provide a valid auth token." in response for response in responses)
    assert server.process.returncode == 0, server.log
    assert not lives(pid)
    assert "process_killed" not in server.log
    assert server.log.count("status=403") == IN_FLIGHT  # each has its line in the log


def refuses(port):
    try:
        socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False


def read_all(connection):
    text = b""
    while piece := connection.recv(65_536):
        text += piece
    return text
