"""The verdict `memory_limit` of test modules, as of the other kinds of cases."""

import pytest

from project.judging.problems import Case, Kind
from project.tests.judging.cases import calling, single

HUGE = "return [0] * 10**10"
MANY = "data = []\n    while True: data.append(bytes(10**6))"
SMALL = "data = []\n    while True: data.append(object())"
MAPPED = "import mmap\n    return mmap.mmap(-1, 10**10, mmap.MAP_PRIVATE)"
KEPT = "global data\n    data = []\n    while True: data.append(bytes(10**5))"

IN_A_TEST = """
import unittest
from answer import f
class Test(unittest.TestCase):
    def test_value(self): self.assertEqual(f(), 5)
    def test_nothing(self): pass
"""
IN_A_FUNCTION = "from answer import f\ndef test_value(): assert f() == 5"
IN_A_SUBTEST = IN_A_TEST.replace("self.assert", "\n        with self.subTest(n=1): self.assert")
WHILE_LOADING = IN_A_TEST.replace("import f", "import f\nVALUE = f()").replace("(f()", "(VALUE")


def module_of(code):
    return Case(name="tests", kind=Kind.UNITTEST, code=code)


@pytest.mark.parametrize("body", [HUGE, MANY, SMALL, MAPPED, KEPT], ids=["huge", "many", "small", "mapped", "kept"])
def test_an_answer_that_runs_out_of_memory_is_over_the_limit_in_every_kind_of_case(judge, body):
    answer = f"def f():\n    {body}"
    assert single(judge, answer, calling("f", expected=5)).verdict == "memory_limit"
    assert single(judge, answer, module_of(IN_A_TEST)).verdict == "memory_limit"


@pytest.mark.parametrize("code", [IN_A_FUNCTION, IN_A_SUBTEST, WHILE_LOADING], ids=["function", "subtest", "loading"])
def test_a_memory_error_is_reported_wherever_a_test_calls_the_answer(judge, code):
    result = single(judge, f"def f():\n    {HUGE}", module_of(code))
    assert result.verdict == "memory_limit"
    (full,) = [test for test in result.tests if test["outcome"] != "passed"]
    assert full["outcome"] == "memory_limit"
    assert "MemoryError" in full["message"]


def test_the_other_tests_keep_their_outcomes(judge):
    result = single(judge, f"def f():\n    {HUGE}", module_of(IN_A_TEST))
    assert {test["name"]: test["outcome"] for test in result.tests} == {
        "Test.test_value": "memory_limit",
        "Test.test_nothing": "passed",
    }


def test_an_answer_that_handles_a_memory_error_is_not_over_the_limit(judge):
    answer = "def f():\n    try: return [0] * 10**10\n    except MemoryError: return 5"
    assert single(judge, answer, module_of(IN_A_TEST)).verdict == "accepted"


def test_a_test_may_expect_that_memory_runs_out(judge):
    code = IN_A_TEST.replace("self.assertEqual(f(), 5)", "self.assertRaises(MemoryError, f)")
    assert single(judge, f"def f():\n    {HUGE}", module_of(code)).verdict == "accepted"


def test_a_test_module_that_exhausts_its_own_memory_is_not_a_memory_limit_of_the_answer(judge):
    code = IN_A_TEST.replace("self.assertEqual(f(), 5)", "[0] * 10**10")
    assert single(judge, "def f(): return 5", module_of(code)).verdict == "runtime_error"
