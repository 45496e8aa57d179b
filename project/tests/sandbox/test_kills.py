"""Processes that are killed or stopped in the middle: by the kernel, by an operator, or by anybody else."""

import json
import os
import signal
import subprocess
import threading

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox import process as processes
from project.sandbox import warm_pool
from project.sandbox.limits import Limits
from project.tests.sandbox.judges import command, task
from project.tests.sandbox.processes import children, is_gone, threads, until
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

# Waits for a signal. Its second thread shows from outside that the answer runs, and that the signal is blocked.
WAITS = """
import signal, threading
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
waiting = threading.Thread(target=signal.sigwait, args=([signal.SIGUSR1],))
waiting.start()
waiting.join()
def add(a, b):
    return a + b
"""
CASE = Case(name="sum", kind=Kind.STDOUT, code="print(add(2, 3))", expected="5")
# More than a slow machine needs until the signal is sent.
PATIENT = Problem(cases=(CASE,), limits=Limits(wall_ms=60_000))
# Less than that: an answer whose zygote hangs is waited for as long.
IMPATIENT = Problem(cases=(CASE,), limits=Limits(wall_ms=5_000))


class Judging:
    """An answer that is being judged in a thread, and waits to be released."""

    def __init__(self, sandboxes, problem=PATIENT):
        self._sandboxes = sandboxes
        self._judgements = []
        judge = Judge(sandboxes)
        self._thread = threading.Thread(target=lambda: self._judgements.append(judge.judge(problem, WAITS)))
        self._thread.start()

    @property
    def zygote(self):
        return self._sandboxes.learners.zygote.pid

    def learner(self):
        """Wait until the answer runs, and return the id of its process."""
        return until(lambda: [pid for pid in children(self.zygote) if threads(pid) > 1])[0]

    def release(self):
        os.kill(self.learner(), signal.SIGUSR1)

    def release_at_another_zygote(self, zygote):
        """Release the answer once it is judged again, after the failure of this zygote."""
        until(lambda: self.zygote != zygote)
        self.release()

    def verdict(self):
        self._thread.join()
        return self._judgements[0].cases[0].verdict


@pytest.fixture(params=[3, 2, 1])
def sandboxes(request):
    return shared_sandboxes(request.param, warm=0)


@pytest.fixture
def until_next_zygote(monkeypatch):
    """Set a time limit that is in force until another zygote is started."""

    def patch(name, seconds):
        real, make = getattr(processes, name), warm_pool.Zygote

        def restore(level):
            monkeypatch.setattr(processes, name, real)
            return make(level)

        monkeypatch.setattr(processes, name, seconds)
        monkeypatch.setattr(warm_pool, "Zygote", restore)

    return patch


def test_an_answer_whose_zygote_is_killed_is_judged_again(sandboxes):
    judging = Judging(sandboxes)
    judging.learner()
    killed = judging.zygote
    os.kill(killed, signal.SIGKILL)
    judging.release_at_another_zygote(killed)
    assert judging.verdict() == "accepted"


def test_a_zygote_that_was_killed_while_idle_is_replaced(sandboxes):
    for _ in range(3):
        judging = Judging(sandboxes)
        judging.release()
        assert judging.verdict() == "accepted"
        killed = judging.zygote
        os.kill(killed, signal.SIGKILL)
        until(lambda pid=killed: is_gone(pid))


def test_learners_processes_die_with_their_zygote(sandboxes):
    judging = Judging(sandboxes)
    learner, killed = judging.learner(), judging.zygote
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: is_gone(learner))
    judging.release_at_another_zygote(killed)
    judging.verdict()


def test_a_zygote_that_hangs_before_a_run_is_replaced(sandboxes, until_next_zygote):
    stopped = sandboxes.learners.zygote.pid
    os.kill(stopped, signal.SIGSTOP)
    until_next_zygote("SETUP_SECONDS", 0.1)
    judging = Judging(sandboxes)
    judging.release_at_another_zygote(stopped)
    assert judging.verdict() == "accepted"
    sandboxes.close()
    assert is_gone(stopped)


def test_a_zygote_that_hangs_during_a_run_is_replaced(sandboxes, until_next_zygote):
    judging = Judging(sandboxes, IMPATIENT)
    judging.learner()
    stopped = judging.zygote
    os.kill(stopped, signal.SIGSTOP)
    until_next_zygote("REAP_SECONDS", 0.1)
    judging.release_at_another_zygote(stopped)
    assert judging.verdict() == "accepted"


def test_an_answer_that_is_killed_from_outside_counts_as_out_of_memory(sandboxes):
    """As the kernel kills a process when the host has no memory left."""
    judging = Judging(sandboxes)
    os.kill(judging.learner(), signal.SIGKILL)
    assert judging.verdict() == "memory_limit"


@pytest.mark.parametrize("level", [3, 2, 1])
def test_all_processes_of_a_killed_judge_end(level):
    shared_sandboxes(level, warm=0)  # skips where there is no such level
    with subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as judge:
        judge.stdin.write(task([WAITS], minimum=level, maximum=level, hold=True))
        judge.stdin.flush()
        pids = json.loads(judge.stdout.readline())
        judge.kill()
    assert until(lambda: is_gone(pids["learner"]))
    assert until(lambda: is_gone(pids["zygote"]))
