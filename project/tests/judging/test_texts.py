"""The limit of all texts of a submission together, which keeps short ones."""

import pytest

from project.judging.problems import Problem
from project.judging.results import CaseResult
from project.judging.texts import CUT, FIELDS, MAX_TEXT_BYTES, capped
from project.judging.verdicts import Verdict
from project.tests.judging.cases import printing


def result(**texts):
    return CaseResult(name="n", verdict=Verdict.WRONG_ANSWER, points=0, max_points=1, hidden=False, **texts)


def text_of(one):
    return "".join(getattr(one, name) or "" for name in FIELDS) + "".join(test["message"] for test in one.tests)


def test_short_texts_stay_as_they_are():
    results = [result(output="x" * 100, error="y"), result(actual=None, expected="é")]
    assert capped(results) == tuple(results)


def test_long_texts_are_cut_with_a_mark_and_short_ones_are_not():
    short, long = result(output="s" * 10), result(output="l" * 1000)
    kept = capped([long, short, long], most=210)
    assert [one.output for one in kept] == ["l" * 100 + CUT, "s" * 10, "l" * 100 + CUT]


def test_errors_have_priority_over_output():
    (kept,) = capped([result(output="o" * 100, error="e" * 60, actual="a" * 60)], most=100)
    assert (kept.error, kept.actual, kept.output) == ("e" * 60, "a" * 40 + CUT, CUT)


def test_messages_of_tests_are_cut_and_their_names_are_kept():
    tests = [{"name": f"test_{number}", "outcome": "failed", "message": "m" * 100} for number in range(5)]
    (kept,) = capped([result(tests=tests)], most=250)
    assert [test["name"] for test in kept.tests] == [test["name"] for test in tests]
    assert [test["message"] for test in kept.tests] == ["m" * 100, "m" * 100, "m" * 50 + CUT, CUT, CUT]


def test_texts_are_cut_between_characters():
    (kept,) = capped([result(output="é" * 100)], most=99)
    assert kept.output == "é" * 49 + CUT


@pytest.mark.parametrize("size", [1, 6_000, 70_000])
def test_the_sum_has_a_limit(size):
    marks = len(CUT) * 50 * len(FIELDS)
    kept = capped([result(**dict.fromkeys(FIELDS, "x" * size)) for _ in range(50)])
    assert sum(len(text_of(one).encode()) for one in kept) <= MAX_TEXT_BYTES + marks


def test_the_judge_limits_the_output_of_an_answer(judge):
    cases = tuple(printing(f"print('x' * 60_000, {number})", "y" * 8000) for number in range(25))
    judged = judge.judge(Problem(cases=cases), "print('z' * 60_000)").cases
    assert sum(len(text_of(one)) for one in judged) <= MAX_TEXT_BYTES + len(CUT) * 25 * len(FIELDS)
    assert all(one.actual for one in judged)
