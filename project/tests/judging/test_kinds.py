"""Each kind of case."""

import pytest

from project.judging.problems import Checker
from project.tests.judging.cases import calling, printing, reading, single, verdicts

ADD = "def add(a, b=0): return a + b"


def test_stdout_judges_only_the_output_of_the_test_code(judge):
    result = single(judge, f"print('hello')\n{ADD}", printing("print(add(2, 3))", "5"))
    assert (result.verdict, result.output, result.actual) == ("accepted", "hello\n", "5\n")


def test_stdin_judges_a_program_that_reads_and_prints(judge):
    program = "import sys\nprint(sum(map(int, sys.stdin.read().split())))"
    assert verdicts(judge, program, reading("1 2\n3", "6"), reading("", "0"), reading("1", "2")) == [
        "accepted",
        "accepted",
        "wrong_answer",
    ]


def test_stdin_may_be_read_in_every_way(judge):
    program = (
        "import os, sys\nfirst = input()\nsecond = sys.stdin.readline()\nthird = next(sys.stdin)\n"
        "print(first, second.strip(), third.strip(), sys.stdin.read().strip())"
    )
    assert verdicts(judge, program, reading("a\nb\nc\nd\ne", "a b c d\ne")) == ["accepted"]
    assert verdicts(judge, "import os\nprint(os.read(0, 9))", reading("añ", "b'a\\xc3\\xb1'")) == ["accepted"]


@pytest.mark.parametrize("end", ["", "import sys; sys.exit()", "raise SystemExit(0)", "exit = quit = 0"])
def test_a_program_may_exit_with_status_0(judge, end):
    assert verdicts(judge, f"print(1)\n{end}", reading("", "1")) == ["accepted"]


@pytest.mark.parametrize("end", ["import sys; sys.exit(1)", "raise SystemExit('no')", "import os; os._exit(0)"])
def test_a_program_that_exits_with_another_status_has_failed(judge, end):
    assert verdicts(judge, f"print(1, flush=True)\n{end}", reading("", "1")) == ["runtime_error"]


def test_a_program_waits_for_its_threads(judge):
    program = "import threading, time\ndef say(): time.sleep(.05); print(1)\nthreading.Thread(target=say).start()"
    assert verdicts(judge, program, reading("", "1")) == ["accepted"]


def test_a_program_is_main_and_an_end_of_input_is_an_error(judge):
    assert verdicts(judge, "if __name__ == '__main__': print(1)", reading("", "1")) == ["accepted"]
    assert verdicts(judge, "input()", reading("", "1")) == ["runtime_error"]


def test_call_compares_the_returned_value(judge):
    cases = [
        calling("add", 2, 3, expected=5),
        calling("add", [1], [2], expected=[1, 2]),
        calling("add", 1, keywords={"b": 2}, expected=3),
        calling("add", 1, expected=2),
        calling("add", "x", 1, expected="x1"),
        calling("sub", 1, expected=1),
    ]
    assert verdicts(judge, ADD, *cases) == [
        *["accepted"] * 3,
        "wrong_answer",
        "runtime_error",
        "runtime_error",
    ]


def test_output_during_a_call_is_shown_and_not_judged(judge):
    result = single(judge, "def f():\n    print('debug')\n    return 1", calling("f", expected=1))
    assert (result.verdict, result.output, result.actual) == ("accepted", "debug\n", "1")


def test_arguments_of_any_json_are_passed_unchanged(judge):
    value = {"a": [1, 2.5, None, True, "é\0\u2028", {"": []}], "__proto__": 10**20}
    assert verdicts(judge, "def same(x): return x", calling("same", value, expected=value)) == ["accepted"]


@pytest.mark.parametrize(
    "returned",
    [
        "float('nan')",
        "float('inf')",
        "{1, 2}",
        "object()",
        "b'x'",
        "10**5000",
        "'x' * 10**7",
        "lambda: 1",
        "type('E', (dict,), {'items': lambda self: 1 / 0})(a=1)",
        "type('S', (str,), {'__str__': lambda self: 1 / 0, 'encode': lambda self: b''})('x' * 100_000)",
    ],
)
def test_a_value_that_is_not_json_or_too_large_is_an_error(judge, returned):
    found = verdicts(judge, f"def f(): return {returned}", calling("f", expected=1))
    assert found[0] in ("runtime_error", "wrong_answer")


@pytest.mark.parametrize("checker", Checker)
@pytest.mark.parametrize("depth", [300, 600, 900, 100_000])
def test_a_value_of_any_depth_gets_a_verdict(judge, checker, depth):
    answer = f"def f():\n    x = []\n    for _ in range({depth}): x = [x]\n    return [x]"
    found = verdicts(judge, answer, calling("f", expected=[1], checker=checker))
    assert found[0] in ("runtime_error", "wrong_answer", "memory_limit")


def test_surrogates_in_a_value_are_compared_and_shown(judge):
    result = single(judge, "def f(): return '\\ud800\\0'", calling("f", expected="x"))
    assert result.verdict == "wrong_answer"
    result.actual.encode()
    assert "\0" not in result.actual


def test_the_last_of_equal_keys_counts(judge):
    answer = """import json
json.dumps = lambda *_, **__: '{"a": 1, "a": 2}'
def f(): return 0"""
    assert verdicts(judge, answer, calling("f", expected={"a": 1}))[0] != "accepted"
