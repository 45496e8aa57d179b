"""The states of a sandboxed process, with a zygote and a learner's process that the test plays."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

from project.sandbox import process as processes
from project.sandbox.command import Command
from project.sandbox.errors import SandboxError
from project.sandbox.limits import Limits
from project.sandbox.outcome import TerminationReason
from project.sandbox.process import SandboxedProcess
from project.tests.sandbox.processes import all_descriptors_closed, until

LEVEL = 3
COMMANDS = [Command("load", {}), Command("call", {}), Command("run", {})]
EXITED = {"exit": 0, "cpu_ms": 1.0, "memory_bytes": 0}
KILLED = {**EXITED, "exit": -signal.SIGKILL}


class Peers:
    """The zygote and the process, as far as the judge can tell. A real child has the process id."""

    def __init__(self, stack, limits):
        self.process = SandboxedProcess(LEVEL, limits)
        stack.callback(self.process.close)
        status, control, *outputs = [os.dup(descriptor) for descriptor in self.process.descriptors_for_zygote()]
        self.process.close_zygote_ends()
        self.status = stack.enter_context(socket.socket(fileno=status))
        self.control = stack.enter_context(socket.socket(fileno=control))
        self.outputs = [stack.enter_context(os.fdopen(output, "wb")) for output in outputs]
        self.child = stack.enter_context(
            subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        )

    def dispatch(self):
        """Handle what has arrived, as the event loop does."""
        handlers = self.process.handlers()
        poll = select.poll()
        for descriptor in handlers:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(0):
            handlers[descriptor]()

    def report_pid(self):
        pidfd = os.pidfd_open(self.child.pid)
        socket.send_fds(self.status, [json.dumps({"pid": self.child.pid}).encode()], [pidfd])
        os.close(pidfd)
        self.dispatch()

    def lock_down(self):
        self.control.send(b"sandboxed")
        self.dispatch()

    def start(self):
        self.report_pid()
        self.lock_down()

    def receive(self):
        """Return the name and the nonce of the next command; None if there is none."""
        name, received, _, _ = socket.recv_fds(self.control, 64, 4)
        if not name:
            return None
        content = json.loads(os.pread(received[0], 10_000, 0))
        for descriptor in received:
            os.close(descriptor)
        return name.decode(), content["nonce"]

    def reply(self, message):
        self.control.send(message if isinstance(message, bytes) else json.dumps(message).encode())
        self.dispatch()

    def end(self, report):
        """Close the ends of the process, and report how it ended."""
        for end in (self.control, *self.outputs):
            end.close()
        self.status.send(json.dumps(report).encode())
        until(lambda: self.dispatch() or self.process.has_ended)
        return self.process.outcome()


@pytest.fixture
def peers():
    with all_descriptors_closed(), ExitStack() as stack:
        found = Peers(stack, Limits())
        found.process.execute(COMMANDS)
        yield found
        found.child.stdin.close()


def complete(peers):
    """Reply to all commands."""
    assert peers.receive()[0] == "load"
    peers.reply({"phase": "ready"})
    name, nonce = peers.receive()
    assert name == "call"
    peers.reply({"phase": "done", "nonce": nonce, "value": "5"})
    name, nonce = peers.receive()
    assert name == "run"
    peers.reply({"phase": "done", "nonce": nonce})
    assert peers.receive() is None


@pytest.mark.parametrize("steps", [("report_pid", "lock_down"), ("lock_down", "report_pid")])
def test_the_first_command_is_sent_once_the_process_is_known_and_locked_down(peers, steps):
    peers.control.setblocking(False)
    getattr(peers, steps[0])()
    with pytest.raises(BlockingIOError):
        peers.receive()
    getattr(peers, steps[1])()
    assert peers.receive()[0] == "load"


def test_a_process_that_carried_out_all_commands_has_completed(peers):
    peers.start()
    complete(peers)
    outcome = peers.end(EXITED)
    assert outcome.reason is TerminationReason.COMPLETED
    assert [reply.value for reply in outcome.replies] == ["5", None]
    assert len(outcome.outputs) == 2


@pytest.mark.parametrize("report", [EXITED, {**EXITED, "exit": 1}])
def test_a_process_that_exits_before_the_last_command_has_failed(peers, report):
    peers.start()
    peers.receive()
    assert peers.end(report).reason is TerminationReason.RUNTIME_ERROR


def test_no_command_follows_an_exception(peers):
    peers.start()
    peers.receive()
    peers.reply({"phase": "ready"})
    _, nonce = peers.receive()
    peers.reply({"phase": "raised", "nonce": nonce, "value": "{}"})
    assert peers.receive() is None
    assert peers.end({**EXITED, "exit": 1}).reason is TerminationReason.RUNTIME_ERROR


@pytest.mark.parametrize(
    "reply", [{"phase": "done", "nonce": "0" * 32}, {"phase": "done"}, {"phase": "ready"}, b"no JSON", [], {}]
)
def test_a_process_with_an_invalid_reply_is_killed(peers, reply):
    peers.start()
    peers.receive()
    peers.reply({"phase": "ready"})
    peers.reply(reply)
    assert peers.child.wait() == -signal.SIGKILL
    assert peers.end(KILLED).reason is TerminationReason.PROTOCOL_VIOLATION


def test_a_process_with_too_much_output_is_killed(peers):
    peers.start()
    with os.fdopen(os.dup(peers.outputs[0].fileno()), "wb", buffering=0) as output:
        output.write(bytes(Limits().output_bytes))
    until(lambda: peers.dispatch() or select.select([], [peers.outputs[0]], [], 0)[1])
    assert peers.child.poll() is None
    peers.outputs[0].write(b"x")
    peers.outputs[0].flush()
    until(lambda: peers.dispatch() or peers.child.poll() is not None)
    outcome = peers.end(KILLED)
    assert outcome.reason is TerminationReason.OUTPUT_LIMIT
    assert outcome.stdout == bytes(Limits().output_bytes)


@pytest.mark.parametrize("first", ["status", "control"])
def test_the_end_of_the_zygote_is_an_error_of_the_sandbox_whichever_socket_ends_first(peers, first):
    peers.start()

    def close_both():
        for name in (first, {"status": "control", "control": "status"}[first]):
            getattr(peers, name).close()
            peers.dispatch()

    with pytest.raises(SandboxError, match="the zygote has ended"):
        close_both()


def test_a_zygote_that_reports_a_failure_is_an_error_of_the_sandbox(peers):
    peers.status.send(b'{"failed": "clone3: no memory"}')
    with pytest.raises(SandboxError, match="clone3: no memory"):
        peers.dispatch()


def test_a_failed_step_of_the_lockdown_is_an_error_of_the_sandbox(peers):
    peers.report_pid()
    with pytest.raises(SandboxError, match="failed landlock"):
        peers.reply(b"failed landlock: OSError")


def test_a_process_that_exits_before_the_lockdown_is_an_error_of_the_sandbox(peers):
    peers.report_pid()
    peers.control.close()
    with pytest.raises(SandboxError, match="before it was locked down"):
        peers.dispatch()


def test_a_process_that_is_not_set_up_in_time_is_an_error_of_the_sandbox(peers, monkeypatch):
    monkeypatch.setattr(processes, "SETUP_SECONDS", 0.0)
    peers.process.execute([])
    with pytest.raises(SandboxError, match="in time"):
        peers.process.check_time()


def test_a_killed_process_that_is_not_reaped_in_time_is_an_error_of_the_sandbox(peers, monkeypatch):
    monkeypatch.setattr(processes, "REAP_SECONDS", 0.0)
    peers.start()
    peers.process.kill(TerminationReason.TIME_LIMIT)
    with pytest.raises(SandboxError, match="in time"):
        peers.process.check_time()


def test_a_process_that_is_idle_for_too_long_is_killed():
    with ExitStack() as stack:
        peers = Peers(stack, Limits(wall_ms=1))
        peers.process.execute(COMMANDS)
        peers.start()
        until(lambda: peers.process.check_time() and peers.child.poll() is not None)
        assert peers.end(KILLED).reason is TerminationReason.TIME_LIMIT
        peers.child.stdin.close()
