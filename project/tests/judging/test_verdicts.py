"""The verdict of a submission, from those of its cases; and the termination reason, from several."""

import pytest

from project.judging.problems import Case, Kind
from project.judging.verdicts import Verdict, overall
from project.sandbox.limits import Limits
from project.sandbox.outcome import TerminationReason
from project.tests.judging.cases import printing, single, verdicts


def test_a_submission_has_the_verdict_of_its_first_failed_case():
    assert overall([Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT]) is Verdict.WRONG_ANSWER
    assert overall([Verdict.ACCEPTED, Verdict.ACCEPTED]) is Verdict.ACCEPTED


def test_a_failure_of_the_sandbox_has_priority():
    assert overall([Verdict.WRONG_ANSWER, Verdict.SANDBOX_ERROR, Verdict.NOT_RUN]) is Verdict.SANDBOX_ERROR


def test_every_termination_reason_is_a_verdict_and_the_most_serious_is_first():
    order = [reason.value for reason in TerminationReason if reason is not TerminationReason.COMPLETED]
    assert order[:4] == ["output_limit", "protocol_violation", "time_limit", "memory_limit"]
    assert order[-2:] == ["syntax_error", "runtime_error"]
    assert all(Verdict(name) for name in order)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("while True: print('x' * 10_000)", "output_limit"),
        ("import os\nos.write(3, b'x')\nwhile True: print('x' * 1000)", "output_limit protocol_violation"),
        ("import os\nos.write(3, b'x')\nwhile True: pass", "protocol_violation"),
        ("x = bytearray(200 << 20)\nwhile True: pass", "time_limit"),
        ("x = bytearray(240 << 20)\n1 / 0", "memory_limit"),
        ("x = bytearray(100 << 20)\n1 / 0", "runtime_error"),
        ("def f(:", "syntax_error"),
        ("raise SyntaxError('mine')", "runtime_error"),
        ("eval('1 +')", "runtime_error"),
        ("print(5)\nraise SystemExit", "runtime_error"),
        ("def f(): return 4", "wrong_answer"),
        ("def f(): return 5", "accepted"),
        ("def f(): return 5\nimport sys\nsys.stderr.write('x' * 1000)", "accepted"),
    ],
)
def test_of_several_reasons_the_most_serious_counts(judge, answer, verdict):
    result = single(judge, answer, printing("print(f())", "5"), limits=Limits(cpu_ms=1000, wall_ms=3000))
    assert result.verdict in verdict.split()


def test_nothing_more_is_run_after_a_syntax_error(judge):
    found = verdicts(judge, "def f(:", printing("print(1)", "1"), printing("print(2)", "2"))
    assert found == ["syntax_error", "not_run"]


def test_other_cases_are_judged_after_one_that_failed(judge):
    answer = "def f(x):\n    if x == 1: raise KeyError\n    return x"
    cases = [printing(f"print(f({x}))", str(x)) for x in (1, 2, 3)]
    assert verdicts(judge, answer, *cases) == ["runtime_error", "accepted", "accepted"]


def test_points_are_those_of_the_accepted_cases(judge):
    case = Case(name="x", kind=Kind.STDOUT, code="print(f())", expected="5", points=3)
    assert single(judge, "def f(): return 5", case).points == 3
    assert single(judge, "def f(): return 6", case).points == 0
