"""Messages for learners when an answer fails: a sentence for each reason, suggestions of Python, and hints."""

import re
from dataclasses import replace

import pytest

from project.judging.failure_messages import failure_message_of_tester
from project.judging.hints import PRINTS, RETURNS_NOTHING
from project.judging.problems import Case, Kind, Problem
from project.judging.results import for_learner
from project.sandbox.limits import Limits
from project.sandbox.outcome import Outcome, TerminationReason
from project.tests.judging.cases import calling, printing, reading, single

RUNNERS_OWN = re.compile(r"\b(ConnectionClosed|IndexError|OSError|MemoryError|ProtocolViolation)\b")
CASES = {
    "call": calling("f", 3, expected=4),
    "stdout": printing("print(f(3))", "4\n"),
    "unittest": Case(
        name="tests",
        kind=Kind.UNITTEST,
        module="answers",
        code="from answers import f\ndef test(): assert f(3) == 4\n",
    ),
}


def judged(judge, answer, code, **more):
    case = Case(name="tests", kind=Kind.UNITTEST, module="stats", code=code)
    return single(judge, answer, case, **more)


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("__import__('os')._exit(0)", "exit status 0"),
        ("__import__('os')._exit(1)", "exit status 1"),
        ("__import__('os')._exit(7)", "exit status 7"),
        ("__import__('ctypes').string_at(0)", "segmentation fault"),
        ("while True: pass", "CPU time"),
        ("__import__('time').sleep(60)", "waiting"),
        ("__import__('os').closerange(0, 100)", "grader needs"),
        ("print('x' * 100_000)", "printed more than 64 KiB"),
    ],
)
def test_a_failed_program_has_a_message_with_the_reason(judge, kind, body, words):
    limits = Limits(cpu_ms=300, wall_ms=900)
    result = single(judge, f"def f(x):\n    {body}", CASES[kind], limits=limits)
    assert result.verdict != "accepted"
    assert words in result.error
    assert not RUNNERS_OWN.search(result.error)


@pytest.mark.parametrize("kind", ["call", "stdout"])
def test_the_message_for_the_memory_limit_has_the_limit(judge, kind):
    assert (
        single(judge, "def f(x): [0] * 10**9", CASES[kind]).error
        == "The program needed more than its 256 MiB of memory.\n"
    )


@pytest.mark.parametrize("ending", ["exit(1)", "__import__('sys').exit('bye')", "raise SystemExit", "exit()"])
def test_an_answer_that_calls_exit_has_a_message_about_it(judge, ending):
    for case in (CASES["call"], CASES["stdout"]):
        assert "calling exit" in single(judge, f"def f(x): {ending}", case).error
        assert "calling exit" in single(judge, ending, case).error
    assert "calling exit" in single(judge, ending, CASES["unittest"]).error
    program = single(judge, ending.replace("exit()", "exit(3)").replace("SystemExit", "SystemExit(2)"), reading(""))
    assert "calling exit, with a status other than 0." in program.error


def test_too_many_threads_have_a_message(judge):
    start = "threading.Thread(target=time.sleep, args=[9]).start()"
    answer = f"import threading, time\ndef f(x):\n    for _ in range(99): {start}"
    assert "thread" in single(judge, answer, CASES["call"], limits=Limits(threads=8)).error


def test_the_message_of_a_hidden_case_is_hidden(judge):
    result = single(judge, "def f(x): exit(x)", calling("f", 3, expected=4, hidden=True))
    assert result.error
    assert for_learner(result.as_json())["error"] == ""
    wrong = single(judge, "def f(x): print(x)", calling("f", 3, expected=4, hidden=True))
    assert wrong.hint
    assert for_learner(wrong.as_json())["hint"] == ""


@pytest.mark.parametrize("kind", CASES)
def test_python_suggests_the_name_that_was_meant(judge, kind):
    for body, meant in (("total = x; return totl", "total"), ("return str(x).uper()", "upper")):
        result = single(judge, f"def f(x): {body}", CASES[kind])
        said = result.error + "".join(test["message"] for test in result.tests)
        assert f"Did you mean: '{meant}'?" in said


def test_a_traceback_names_the_standard_library_without_its_place(judge):
    error = single(judge, "import json\ndef f(x): return json.loads('{')", CASES["call"]).error
    assert 'File "json/decoder.py"' in error
    assert 'File "/' not in error
    assert "Expecting property name" in error


@pytest.mark.parametrize(
    "code",
    [
        "from stats import mean\ndef test(): assert mean([1]) == 1\n",
        "import stats\ndef test(): assert stats.mean([1]) == 1\n",
        "import unittest\nfrom stats import mean\nclass T(unittest.TestCase):\n    def test(self): mean([1])\n",
    ],
)
def test_the_message_for_a_missing_function_lists_the_defined_ones(judge, code):
    result = judged(judge, "import math\ndef average(numbers): return 1\nclass Sum: pass\n", code)
    assert [test["message"] for test in result.tests] == [
        "Your answer defines no function `mean`; it defines `Sum` and `average`."
    ]
    assert result.verdict == "runtime_error"


def test_a_call_of_a_missing_function_lists_the_defined_ones(judge):
    assert "no function `f`; it defines `g`." in single(judge, "def g(x): return 4", CASES["call"]).error
    assert "no function `f`; it defines none." in single(judge, "x = 4", CASES["call"]).error
    assert "`f` is no function" in single(judge, "f = 4", CASES["call"]).error
    javascript = single(judge, "function g(x) { return 4 }", CASES["call"], language="javascript")
    assert "no function `f`; it defines `g`." in javascript.error


def test_a_test_may_check_whether_a_name_is_defined(judge):
    code = "import stats\ndef test(): assert not hasattr(stats, 'mean')\n"
    assert judged(judge, "def average(): pass", code).verdict == "accepted"


def test_a_name_of_the_answer_is_not_hidden_by_one_of_the_bridge(judge):
    code = (
        "from stats import *\nimport stats\ndef test(): assert stats.defined() == stats._defined() == missing() == 5\n"
    )
    answer = "def defined(): return 5\n_defined = missing = defined"
    assert judged(judge, answer, code).verdict == "accepted"


@pytest.mark.parametrize(
    ("body", "words"), [("while True: pass", "CPU time"), ("__import__('os')._exit(1)", "status 1")]
)
def test_the_test_during_which_an_answer_ended_differs_from_those_not_run(judge, body, words):
    code = """
import unittest
from stats import f
class Tests(unittest.TestCase):
    def test_1(self): self.assertEqual(f(1), 1)
    def test_2(self): self.assertEqual(f(2), 2)
    def test_3(self): self.assertEqual(f(3), 3)
"""
    answer = f"def f(x):\n    if x == 2: {body.replace('while True: pass', 'any(iter(int, 1))')}\n    return x"
    result = judged(judge, answer, code, limits=Limits(cpu_ms=300))
    assert [test["outcome"] for test in result.tests] == ["passed", "error", "not_run"]
    assert words in result.tests[1]["message"]
    assert result.tests[2]["message"] == ""


@pytest.mark.parametrize("answer", ["def f(x): print(x + 1)", "def f(x): x + 1"])
@pytest.mark.parametrize("kind", ["call", "unittest"])
def test_a_missing_return_gets_a_hint(judge, kind, answer):
    result = single(judge, answer, CASES[kind])
    assert result.hint == (PRINTS if "print" in answer else RETURNS_NOTHING)


def test_a_missing_return_gets_a_hint_in_unittest_and_javascript(judge):
    code = """
import unittest
from stats import f
class Tests(unittest.TestCase):
    def test(self): self.assertEqual(f(1), 2)
"""
    assert judged(judge, "def f(x): x + 1", code).hint == RETURNS_NOTHING
    javascript = single(judge, "function f(x) { x + 1 }", CASES["call"], language="javascript")
    assert javascript.error == "f returned undefined.\n"
    assert javascript.hint == RETURNS_NOTHING


def test_a_function_that_prints_what_the_test_prints_gets_a_hint(judge):
    assert "None, which it returned" in single(judge, "def f(x): print(x + 1)", CASES["stdout"]).hint


def test_other_failures_get_no_hint(judge):
    assert single(judge, "def f(x): return x", CASES["call"]).hint == ""
    assert single(judge, "def f(x): return None", calling("f", 3, expected=None)).hint == ""
    assert single(judge, "def f(x): return x", CASES["stdout"]).hint == ""
    assert single(judge, "def f(x): return 1 / 0", printing("f(1)", "")).hint == ""
    null = single(judge, "function f(x) { return null }", CASES["call"], language="javascript")
    assert null.hint == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("export function f(x) { return 4 }", "define the function at the top level"),
        ("import a from 'b'; function f(x) { return 4 }", "define the function at the top level"),
        ("function f(x) { return 4 }\nmodule.exports = { f }", "define the function at the top level"),
        ("exports.f = x => 4", "define the function at the top level"),
        ("const fs = require('fs'); function f(x) { return 4 }", "define the function at the top level"),
        ("function f(x) { setTimeout(() => 4, 1) }", "There are no timers. There are console"),
        ("function f(x) { return document.title }", "This is no browser."),
        ("function f(x) { return process.argv }", "There is neither Node nor a network."),
    ],
)
def test_javascript_errors_mention_alternatives(judge, answer, words):
    assert words in single(judge, answer, CASES["call"], language="javascript").error


def test_javascript_without_a_value_has_a_message_with_the_type(judge):
    error = single(judge, "function f(x) { return f }", CASES["call"], language="javascript").error
    assert error == "f returned a function, which is no JSON value.\n"
    arrow = single(judge, "const f = x => x + 1", CASES["call"], language="javascript")
    assert arrow.verdict == "accepted"


def test_every_result_that_is_not_accepted_has_a_message(judge):
    for kind, case in CASES.items():
        for body in ("return 5", "raise KeyError", "raise SystemExit(0)", "assert False", "return object()"):
            result = judge.judge(Problem(cases=(case,)), f"def f(x): {body}").cases[0]
            assert result.verdict != "accepted"
            assert result.error or result.actual or any(test["message"] for test in result.tests), (kind, body)


def test_tests_that_are_stopped_have_a_message():
    stopped = Outcome(reason=TerminationReason.TIME_LIMIT, limits=Limits(), exit_status=-9, stdout=b"", stderr=b"")
    assert (
        failure_message_of_tester(stopped)
        == "The tests were stopped (time limit) while they worked with what your answer returned.\n"
    )
    assert failure_message_of_tester(replace(stopped, reason=TerminationReason.COMPLETED)) == ""
