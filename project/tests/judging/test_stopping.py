"""When answers are stopped: after several time limits, and when they are idle."""

import pytest

from project.judging.problems import Problem
from project.sandbox.limits import IDLE_MS, Limits
from project.tests.judging.cases import calling, verdicts

SHORT = Limits(cpu_ms=100, wall_ms=300)
LOOPS = "def f(x):\n    while x: pass\n    return x"


def looping(*inputs):
    return [calling("f", x, expected=x) for x in inputs]


def test_no_case_is_run_after_the_second_time_limit(judge):
    found = verdicts(judge, LOOPS, *looping(0, 1, 0, 1, 0, 1), limits=SHORT)
    assert found == ["accepted", "time_limit", "accepted", "time_limit", "not_run", "not_run"]


@pytest.mark.parametrize(("number", "run"), [(1, 1), (3, 3), (50, 4)])
def test_an_exercise_may_set_another_number(judge, number, run):
    found = verdicts(judge, LOOPS, *looping(1, 1, 1, 1), limits=SHORT, stop_after_time_limits=number)
    assert found == ["time_limit"] * run + ["not_run"] * (4 - run)


def test_the_verdict_is_that_of_the_first_time_limit(judge):
    judgement = judge.judge(Problem(cases=tuple(looping(1, 1, 0)), limits=SHORT), LOOPS)
    assert judgement.verdict == "time_limit"


@pytest.mark.parametrize(
    ("given", "idle_ms"),
    [({}, IDLE_MS), ({"cpu_ms": 500}, 500), ({"cpu_ms": 10_000}, IDLE_MS), ({"wall_ms": 5000}, 5000)],
)
def test_the_time_of_an_idle_answer_follows_from_its_limits(given, idle_ms):
    assert Limits.from_json(given).idle_ms == idle_ms


SLEEPS = "import time\ndef f(x):\n    time.sleep(x)\n    return x"


def test_an_answer_that_sleeps_has_less_time(judge):
    # As if only CPU time were limited. The wall time is less than that of a submission, which would replace it.
    limits = Limits(cpu_ms=10_000, wall_ms=30_000)
    (found,) = judge.judge(Problem(cases=tuple(looping(1000)), limits=limits), SLEEPS).cases
    assert found.verdict == "time_limit"
    assert IDLE_MS <= found.wall_ms < limits.wall_ms


def test_an_idle_answer_has_the_wall_time_that_its_exercise_sets(judge):
    limits = Limits(cpu_ms=100, wall_ms=60_000)
    assert verdicts(judge, SLEEPS, *looping(0.5), limits=limits) == ["accepted"]


def test_an_answer_that_computes_in_between_is_not_idle(judge):
    answer = """
import time
def f(x):
    while time.process_time() < x:
        time.sleep(0.001)
        end = time.process_time() + 0.005
        while time.process_time() < end: pass
    return x
"""
    limits = Limits(cpu_ms=1000, wall_ms=3000)
    assert verdicts(judge, answer, *looping(0.9), limits=limits) == ["accepted"]
