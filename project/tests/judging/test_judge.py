"""The judge: which cases share a sandbox, time limits of submissions, and failures of the sandbox."""

import os
import resource
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.limits import Limits
from project.sandbox.pool import Sandboxes
from project.tests.judging.cases import calling, printing, reading, verdicts
from project.tests.sandbox.processes import all_descriptors_closed

COUNTER = "count = 0\ndef f():\n    global count\n    count += 1\n    return count"


def test_each_case_has_a_sandbox_of_its_own(judge):
    assert verdicts(judge, COUNTER, *[printing("print(f())", "1")] * 3) == ["accepted"] * 3


def test_cases_share_a_sandbox_if_the_exercise_says_so(judge):
    cases = [printing("print(f())", "1"), calling("f", expected=2), printing("print(f())", "3")]
    assert verdicts(judge, COUNTER, *cases, shared_sandbox=True) == ["accepted"] * 3


def test_cases_that_read_input_never_share(judge):
    cases = [printing("print(f())", "1"), reading("", ""), calling("f", expected=1), calling("f", expected=2)]
    assert verdicts(judge, COUNTER, *cases, shared_sandbox=True) == ["accepted"] * 4


def test_the_first_failure_in_a_shared_sandbox_ends_the_other_cases(judge):
    answer = "def f(x):\n    if x == 2: raise KeyError('mine')\n    print('said', x)\n    return x"
    cases = [printing(f"print(f({x}))", f"said {x}\n{x}") for x in (1, 2, 3)]
    judgement = judge.judge(Problem(cases=tuple(cases), shared_sandbox=True), answer)
    assert [case.verdict.value for case in judgement.cases] == ["accepted", "runtime_error", "not_run"]
    assert judgement.cases[0].error == ""
    assert "mine" in judgement.cases[1].error
    assert judgement.verdict == "runtime_error"


def test_a_body_that_fails_fails_the_first_of_the_cases_that_share(judge):
    cases = [printing("print(1)", "1"), printing("print(2)", "2")]
    assert verdicts(judge, "1 / 0", *cases, shared_sandbox=True) == ["runtime_error", "not_run"]


def test_output_belongs_to_the_case_that_printed_it(judge):
    answer = "import os, threading\ndef f():\n    os.write(1, b'5\\n')\n    os._exit(0)"
    cases = [printing("f()", "5"), printing("print(5)", "5")]
    assert verdicts(judge, answer, *cases, shared_sandbox=True) == ["runtime_error", "not_run"]


TESTER = """
import time, unittest
from answer import add
class AddTest(unittest.TestCase):
    def test_after_much_work(self):
        end = time.process_time() + 0.6
        while time.process_time() < end: pass
        self.assertEqual(add(20, 22), 42)
"""


def test_the_cpu_time_of_a_test_module_does_not_count_for_the_answer(judge):
    case = Case(name="tests", kind=Kind.UNITTEST, module="answer", code=TESTER)
    limits = Limits(cpu_ms=2000, wall_ms=400)
    assert verdicts(judge, "def add(a, b): return a + b", case, limits=limits) == ["accepted"]
    assert verdicts(judge, "import time\ndef add(a, b): time.sleep(60)", case, limits=limits) == ["time_limit"]


def test_a_test_module_is_limited_by_the_time_of_the_submission(judge):
    impatient = Judge(judge._sandboxes, seconds=0.5)  # noqa: SLF001
    case = Case(name="tests", kind=Kind.UNITTEST, module="answer", code=TESTER.replace("0.6", "60"))
    assert verdicts(impatient, "def add(a, b): return a + b", case) == ["time_limit"]


def test_the_time_of_a_submission_is_limited(judge):
    impatient = Judge(judge._sandboxes, seconds=0.2)  # noqa: SLF001
    problem = Problem(cases=tuple([printing("print(1)", "1")] * 5), limits=Limits(cpu_ms=1000, wall_ms=300))
    found = [case.verdict.value for case in impatient.judge(problem, "import time\ntime.sleep(9)").cases]
    assert found[0] == "time_limit"
    assert found[-1] == "not_run"
    assert set(found) == {"time_limit", "not_run"}


def test_a_judgement_has_level_limits_and_points(judge):
    problem = Problem(cases=(printing("print(1)", "1", points=3), printing("print(1)", "2", points=4)))
    judgement = judge.judge(problem, "")
    assert (judgement.points, judgement.max_points, judgement.accepted) == (3, 7, False)
    assert judgement.level in (1, 2, 3)
    assert judgement.limits == Limits()


class BrokenSandboxes(Sandboxes):
    """Sandboxes that seem to work, and provide no process."""

    def __init__(self, error):
        super().__init__()
        self.error, self.requests = error, 0

    def start(self):
        """Raise nothing."""

    @contextmanager
    def learner_process(self, _limits):
        self.requests += 1
        raise self.error
        yield


def open_descriptors():
    return sorted(int(entry.name) for entry in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("case", [printing("x"), reading("x"), calling("x")], ids=lambda case: case.kind)
@pytest.mark.parametrize(("error", "requests"), [(SandboxError("x"), 2), (SandboxUnavailable("x"), 1)])
def test_a_failure_of_the_sandbox_is_retried_once_and_never_wrong_answer(case, error, requests):
    sandboxes = BrokenSandboxes(error)
    with all_descriptors_closed():
        judgement = Judge(sandboxes).judge(Problem(cases=(case, case)), "")
    assert judgement.verdict == "sandbox_error"
    assert [result.verdict.value for result in judgement.cases] == ["sandbox_error", "not_run"]
    assert sandboxes.requests == requests


def test_a_judge_without_descriptors_reports_a_sandbox_error(judge):
    problem = Problem(cases=(reading("x", "x"),), limits=Limits(cpu_ms=1999))
    assert judge.judge(problem, "print(input())").accepted
    before, (soft, hard) = open_descriptors(), resource.getrlimit(resource.RLIMIT_NOFILE)
    found = []
    with no_gaps_between_descriptors() as next_descriptor:
        try:
            for spare in range(32):
                resource.setrlimit(resource.RLIMIT_NOFILE, (next_descriptor + spare, hard))
                found.append(judge.judge(problem, "print(input())").verdict.value)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert set(found) == {"sandbox_error", "accepted"}
    assert found == sorted(found, reverse=True)  # with enough descriptors it is accepted, whatever failed before
    assert judge.judge(problem, "print(input())").accepted
    assert len(open_descriptors()) <= len(before) + 2


@contextmanager
def no_gaps_between_descriptors():
    """Open descriptors until all numbers up to the highest are in use: RLIMIT_NOFILE limits the numbers."""
    highest = max(open_descriptors())
    with ExitStack() as stack:
        while (number := os.dup(0)) <= highest:
            stack.callback(os.close, number)
        os.close(number)
        yield number
