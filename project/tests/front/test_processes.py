"""The processes of a server: watched over, given up when they cannot run, and ended without a request lost."""

import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from project.front.processes import MAX_STARTS, RESTART_SECONDS, CannotRun, Parent, Starts, Workers, supervise
from project.tests.servers import DEADLINE_SECONDS, lives, private_data_dir, running_server, wait_for

IN_FLIGHT = 200


def test_a_process_that_ends_now_and_then_is_started_again():
    starts = Starts()
    for second in range(0, 5 * MAX_STARTS, 5):
        assert starts.is_due(second)
        assert not starts.are_too_many(second)
        starts.add(second)
    assert not starts.is_due(5 * MAX_STARTS - 5 + RESTART_SECONDS / 2)


def test_a_process_that_ends_again_and_again_is_given_up():
    starts = Starts()
    for second in range(MAX_STARTS):
        assert not starts.are_too_many(second)
        starts.add(second)
    assert starts.are_too_many(MAX_STARTS)
    assert not starts.are_too_many(10 * MAX_STARTS)


@pytest.fixture
def parent():
    with closing(Parent()) as made:
        yield made


@pytest.mark.parametrize("is_vital", [True, False])
def test_only_without_vital_processes_the_server_ends(is_vital, monkeypatch, parent):
    monkeypatch.setattr("project.front.processes.RESTART_SECONDS", 0)
    monkeypatch.setattr("project.front.processes.MAX_STARTS", 1)
    workers = Workers("nothing", 1, sys.exit, is_vital=is_vital)

    workers.keep_running(parent)
    (process,) = workers.running()
    process.join()
    if is_vital:
        with pytest.raises(CannotRun):
            workers.keep_running(parent)
    else:
        workers.keep_running(parent)
        assert workers.running() != [process]
        workers.running()[0].join()


@pytest.fixture
def server(tmp_path):
    with private_data_dir(tmp_path) as data_dir:
        settings = {"WEB_WORKERS": "1", "WORKER_PROCESSES": "0", "WEB_THREADS": "4"}
        with running_server(data_dir, **settings) as running:
            yield running


def test_no_process_survives_a_server_that_was_killed(server):
    (worker,) = server.workers()
    server.process.kill()
    server.process.wait()
    wait_for(lambda: not lives(worker), "the end of its processes")


def test_processes_are_not_forked_beside_other_threads():
    with ThreadPoolExecutor() as threads:
        threads.submit(int).result()
        with pytest.raises(RuntimeError, match="other threads"):
            supervise([])


def test_no_request_that_was_accepted_is_dropped_when_the_server_stops(server):
    head = b"PATCH /scores HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), DEADLINE_SECONDS))
            for _ in range(IN_FLIGHT)
        ]
        for connection in connections:
            connection.sendall(head)
        assert server.get("/health").status == 200  # those before it have been accepted
        (worker,) = [pid for pid in server.workers() if lives(pid)]
        server.process.send_signal(signal.SIGTERM)
        stopping = threading.Thread(target=server.process.wait, args=(DEADLINE_SECONDS,))
        stopping.start()
        wait_for(lambda: refuses(server.port), "the end of accepting")
        for connection in connections:
            connection.sendall(b"}")
        answers = [read_all(connection) for connection in connections]
        stopping.join()
    assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 403 Forbidden"}
    assert all(b"Provide a valid auth token." in answer for answer in answers)
    assert server.process.returncode == 0, server.log
    assert not lives(worker)
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
