"""Processes that are killed or stopped in the middle: by the kernel, by an operator, by anybody."""

import json
import os
import signal
import subprocess
import threading

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox import process as processes
from project.tests.sandbox.judges import command, task
from project.tests.sandbox.processes import children, is_gone, threads, until

# Its second thread tells those who look from outside that the answer runs.
SLOW = """
import threading, time
def add(a, b):
    return a + b
threading.Thread(target=time.sleep, args=(SECONDS,)).start()
time.sleep(SECONDS)
"""
PROBLEM = Problem(cases=(Case(name="sum", kind=Kind.STDOUT, code="print(add(2, 3))", expected="5"),))


class Judging:
    """An answer that is being judged in a thread of its own."""

    def __init__(self, sandboxes, seconds=0.4):
        self._zygote = sandboxes.learners.zygote
        self._judgements = []
        judge, answer = Judge(sandboxes), SLOW.replace("SECONDS", str(seconds))
        self._thread = threading.Thread(target=lambda: self._judgements.append(judge.judge(PROBLEM, answer)))
        self._thread.start()

    @property
    def zygote(self):
        return self._zygote.pid

    def learner(self):
        """Wait until the answer runs, and return the id of its process."""
        return until(lambda: [pid for pid in children(self.zygote) if threads(pid) > 1])[0]

    def verdict(self):
        self._thread.join()
        return self._judgements[0].cases[0].verdict


@pytest.fixture(params=[3, 2, 1])
def sandboxes(request, make_sandboxes):
    return make_sandboxes(minimum=request.param, maximum=request.param, warm=0)


def test_a_zygote_that_is_killed_costs_nobody_his_verdict(sandboxes):
    for _ in range(8):  # what the judge sees first, the end of the socket or that of the process, is a matter of luck
        judging = Judging(sandboxes)
        judging.learner()
        os.kill(judging.zygote, signal.SIGKILL)
        assert judging.verdict() == "accepted"


def test_a_zygote_that_was_killed_between_runs_is_replaced(sandboxes):
    for _ in range(3):
        assert Judging(sandboxes).verdict() == "accepted"
        os.kill(sandboxes.learners.zygote.pid, signal.SIGKILL)


def test_learners_die_with_their_zygote(sandboxes):
    judging = Judging(sandboxes)
    learner = judging.learner()
    os.kill(judging.zygote, signal.SIGKILL)
    assert until(lambda: is_gone(learner))
    judging.verdict()


def test_a_zygote_that_hangs_is_left_for_another(sandboxes, monkeypatch):
    monkeypatch.setattr(processes, "SETUP_SECONDS", 1.0)
    assert Judging(sandboxes).verdict() == "accepted"
    stopped = sandboxes.learners.zygote.pid
    os.kill(stopped, signal.SIGSTOP)
    assert Judging(sandboxes).verdict() == "accepted"
    sandboxes.close()
    assert is_gone(stopped)


def test_a_zygote_that_hangs_in_mid_run_is_left_for_another(sandboxes, monkeypatch):
    monkeypatch.setattr(processes, "REAP_SECONDS", 1.0)
    judging = Judging(sandboxes)
    judging.learner()
    os.kill(judging.zygote, signal.SIGSTOP)
    assert judging.verdict() in ("accepted", "time_limit")


def test_a_learner_who_is_killed_from_outside_is_not_accepted(sandboxes):
    judging = Judging(sandboxes)
    os.kill(judging.learner(), signal.SIGKILL)
    assert judging.verdict() != "accepted"


@pytest.mark.parametrize("level", [3, 2, 1])
def test_nothing_is_left_of_a_judge_that_is_killed(level, make_sandboxes):
    make_sandboxes(minimum=level, maximum=level)  # skips where there is no such level
    with subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as judge:
        judge.stdin.write(task([SLOW.replace("SECONDS", "600")], minimum=level, maximum=level, hold=True))
        judge.stdin.flush()
        said = json.loads(judge.stdout.readline())
        judge.kill()
    assert until(lambda: is_gone(said["learner"]))
    assert until(lambda: is_gone(said["zygote"]))
