"""Points for single tests of a test module."""

import pytest

from project.judging.points_of_tests import points
from project.judging.problems import Case, Kind
from project.judging.verdicts import Verdict
from project.tests.judging.cases import single

MODULE = """
import unittest, pytest
from answer import f
class Tests(unittest.TestCase):
    def test_one(self): self.assertEqual(f(1), 1)
    def test_two(self): self.assertEqual(f(2), 2)
@pytest.mark.parametrize("x", [3, 4])
def test_more(x): assert f(x) == x
"""
BY_NAME = {"Tests.test_one": 1, "Tests.test_two": 2, "test_more": 4}


def module(test_points, worth=7):
    return Case(name="c", kind=Kind.UNITTEST, code=MODULE, points=worth, test_points=test_points)


@pytest.mark.parametrize(
    ("body", "by_name", "even"),
    [
        ("return x", 7, 7),
        ("return x if x != 1 else 0", 6, 5),
        ("return x if x < 4 else 0", 3, 5),
        ("return x if x < 2 else 0", 1, 1),
        ("return 0", 0, 0),
        ("return x if x < 3 else 1 / 0", 3, 3),
    ],
)
def test_passed_tests_give_their_points(judge, body, by_name, even):
    answer = f"def f(x): {body}"
    results = [single(judge, answer, module(given)) for given in (BY_NAME, "even", None)]
    whole = 7 if body == "return x" else 0
    assert [result.points for result in results] == [by_name, even, whole], results
    assert all(result.max_points == 7 for result in results)
    assert len({result.verdict for result in results}) == 1


@pytest.mark.parametrize("answer", ["def f(x", "1 / 0", "import os; os._exit(0)", "while True: pass"])
def test_an_answer_whose_body_fails_has_no_points(judge, answer):
    assert single(judge, answer, module("even")).points == 0


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.ACCEPTED])
def test_tests_give_no_more_points_than_the_case_has(verdict):
    tests = [{"name": "a", "outcome": "passed"}, {"name": "b", "outcome": "failed"}]
    assert points(module({"a": 50}, worth=5), verdict, tests) in (0, 5)
    assert points(module("even", worth=5), verdict, tests) in (0, 2)
    assert points(module("even", worth=5), verdict, []) == 0
