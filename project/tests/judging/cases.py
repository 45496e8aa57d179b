"""Short functions for making cases and problems."""

from textwrap import dedent

from project.judging.problems import Case, Kind, Problem


def printing(code, expected="", **more):
    return Case(**{"name": code, "kind": Kind.STDOUT, "code": code, "expected": expected, **more})


def reading(text, expected="", **more):
    return Case(**{"name": text, "kind": Kind.STDIN, "input": text, "expected": expected, **more})


def calling(function, *arguments, expected=None, **more):
    more = {"name": function, "kind": Kind.CALL, "function": function, "arguments": arguments, **more}
    return Case(expected=expected, **more)


def verdicts(judge, answer, *cases, **problem):
    return [result.verdict.value for result in judge.judge(Problem(cases=cases, **problem), answer).cases]


def single(judge, answer, case, **problem):
    """Return the result of the one case of a problem."""
    return judge.judge(Problem(cases=(case,), **problem), answer).cases[0]


PYTEST_HEAD = "import os, sys, random, warnings, pytest, unittest\nimport answer\nfrom answer import *\n"


def pytest_outcomes(judge, answer, tests, **more):
    """Return the outcome of each test of a module, which has the names of `PYTEST_HEAD` and of the answer."""
    case = Case(name="tests", kind=Kind.UNITTEST, code=PYTEST_HEAD + dedent(tests), **more)
    result = single(judge, dedent(answer), case)
    assert (result.verdict == "accepted") == all(test["outcome"] in ("passed", "skipped") for test in result.tests)
    return {test["name"]: test["outcome"] for test in result.tests}
