"""The answers that are judged, and their expected verdicts."""

from dataclasses import dataclass, replace

from project.judging.problems import Case, Kind, Problem, legacy_case
from project.judging.verdicts import Verdict

ANSWER = "def add(left, right):\n    return left + right\n"
WRONG_ANSWER = "def add(left, right):\n    return left - right\n"
TEST_CODE, EXPECTED = "print(add(2, 3))", "5"

ADDING = Problem(cases=(legacy_case(TEST_CODE, EXPECTED),))
CALLING = Case(name="adds", kind=Kind.CALL, function="add", arguments=[20, 22], expected=42)
READING = Case(name="adds lines", kind=Kind.STDIN, input="2\n3\n", expected="5")
TESTING = Case(
    name="tests",
    kind=Kind.UNITTEST,
    code="""
import unittest
from answer import add

class AddTest(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(add(2, 3), 5)

    def test_lists(self):
        self.assertEqual(add([1], [2]), [1, 2])
""",
)
TEN_CASES = Problem(cases=tuple(replace(CALLING, name=f"case {number}") for number in range(10)))


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer to a problem, and its expected verdict."""

    name: str
    problem: Problem
    answer: str
    verdict: Verdict


ATTEMPTS = (
    Attempt("accepted", ADDING, ANSWER, Verdict.ACCEPTED),
    Attempt("wrong answer", ADDING, WRONG_ANSWER, Verdict.WRONG_ANSWER),
    Attempt("runtime error", ADDING, "def add(left, right):\n    return [][left]\n", Verdict.RUNTIME_ERROR),
    Attempt("syntax error", ADDING, "def add(left, right:\n", Verdict.SYNTAX_ERROR),
    Attempt("a call", Problem(cases=(CALLING,)), ANSWER, Verdict.ACCEPTED),
    Attempt("a program with input", Problem(cases=(READING,)), "print(int(input()) + int(input()))", Verdict.ACCEPTED),
    Attempt(
        "modules imported",
        ADDING,
        f"import collections, dataclasses, datetime, functools, itertools, json, math, random, re, typing\n{ANSWER}",
        Verdict.ACCEPTED,
    ),
    Attempt(
        "JavaScript",
        Problem(cases=(CALLING,), language="javascript"),
        "function add(left, right) { return left + right }",
        Verdict.ACCEPTED,
    ),
    Attempt("10 cases, a sandbox each", TEN_CASES, ANSWER, Verdict.ACCEPTED),
    Attempt("10 cases, one sandbox", replace(TEN_CASES, shared_sandbox=True), ANSWER, Verdict.ACCEPTED),
    Attempt("unittest, two sandboxes", Problem(cases=(TESTING,)), ANSWER, Verdict.ACCEPTED),
)
