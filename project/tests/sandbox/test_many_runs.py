"""Resources after hundreds of sandboxed processes; with EVAL_LONG_TESTS=1, 10,000."""

import os

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox import warm_pool
from project.tests.sandbox.many_runs import IS_LONG, check_growth, judge_many, measure
from project.tests.sandbox.processes import children, is_gone, until

pytestmark = pytest.mark.long

WARM_UP = 100
RUNS = 10_000 if IS_LONG else 500
PROBLEM = Problem(cases=(Case(name="sum", kind=Kind.STDOUT, code="print(add(2, 3))", expected="5"),))
ANSWERS = {
    "def add(a, b): return a + b": "accepted",
    "def add(a, b): return 0": "wrong_answer",
    "open('/tmp/x', 'wb').write(bytes(2 << 20)); 1 / 0": "runtime_error",
    "def add(a, b: pass": "syntax_error",
    "import os; os._exit(0)": "runtime_error",
    "import os; os.write(3, b'x')": "protocol_violation",
    "print('x' * 100_000)": "output_limit",
}


@pytest.mark.timeout(600)
def test_many_runs_leak_no_memory_descriptors_mounts_or_processes(make_sandboxes):
    sandboxes = make_sandboxes(warm=4)
    judge = Judge(sandboxes)
    assert judge_many(judge, PROBLEM, ANSWERS, WARM_UP) == []
    before = measure(sandboxes.learners)
    assert judge_many(judge, PROBLEM, ANSWERS, RUNS) == []
    check_growth(before, measure(sandboxes.learners))


def test_zygotes_are_renewed_and_the_earlier_ones_end(make_sandboxes, monkeypatch):
    monkeypatch.setattr(warm_pool, "PROCESSES_PER_ZYGOTE", 30)
    sandboxes = make_sandboxes(warm=2)
    first, before = sandboxes.learners.zygote.pid, len(children(os.getpid()))
    assert judge_many(Judge(sandboxes), PROBLEM, ANSWERS, 140) == []
    assert until(lambda: sandboxes.learners.zygote.pid != first)
    assert until(lambda: is_gone(first))
    assert until(lambda: len(children(os.getpid())) <= before)
