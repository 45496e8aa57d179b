"""Calls with forms, expected exceptions, and methods of classes, in Python."""

import pytest

from project.judging import call_cases
from project.judging.problems import Case, Checker, Kind
from project.judging.verdicts import Verdict
from project.sandbox.command import Reply
from project.tests.judging.cases import calling as case_of
from project.tests.judging.cases import single, verdicts

POINT = "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n    y: int = 0\n"
STACK = """class Stack:
    def __init__(self, *items): self.items = list(items)
    def push(self, item): self.items.append(item)
    def pop(self): return self.items.pop()
"""
CALLS = [
    {"method": "push", "arguments": [{"$set": [1]}]},
    {"method": "pop", "expected": {"$set": [1]}},
    {"method": "pop", "expected": 7},
    {"method": "pop", "raises": {"type": "LookupError", "message": "pop from empty list"}},
    {"method": "push", "arguments": [5], "expected": None},
]


def stack(calls=CALLS, **more):
    return case_of("Stack", 7, calls=calls, **more)


@pytest.mark.parametrize(
    ("answer", "argument", "expected"),
    [
        ("def f(x): return x", {"$set": [1, 2]}, {"$set": [2, 1]}),
        ("def f(x): return x", {"$tuple": [1, {"$frozenset": ["a"]}]}, {"$tuple": [1, {"$frozenset": ["a"]}]}),
        ("def f(x): return type(x) is tuple", {"$tuple": []}, True),
        ("def f(x): return isinstance(x, set)", {"$set": []}, True),
        ("def f(x): return next(x) + next(x)", {"$generator": [1, 2]}, 3),
        ("def f(x): return (i * i for i in x)", [1, 2], {"$generator": [1, 4]}),
        ("def f(x): return map(str, x)", [1, 2], {"$generator": ["1", "2"]}),
        ("def f(x): return {1: x}", "a", {"$dict": [[1, "a"]]}),
        ("def f(x): return {1: x, None: 2, True: 3}", "a", {"1": 3, "null": 2}),
        ("def f(x): return x['$set']", {"$dict": [["$set", [1]]]}, [1]),
        ("def f(x): return {'$set': [x]}", 1, {"$dict": [["$set", [1]]]}),
        ("def f(x): return x['$gt']", {"$gt": 5}, 5),
        (f"{POINT}def f(p): return Point(p.x + 1, p.y)", None, None),
        ("def f(x): return x * 2", {"$float": "inf"}, {"$float": "inf"}),
        ("def f(x): return tuple([(x, x)] * 5000)", 1, [[1, 1]] * 5000),
    ],
)
def test_forms_are_used_for_arguments_and_returned_values(judge, answer, argument, expected):
    if "Point" in answer:
        argument, expected = (
            {"$dataclass": {"name": "Point", "fields": fields}} for fields in ({"x": 1}, {"x": 2, "y": 0})
        )
    assert verdicts(judge, answer, case_of("f", argument, expected=expected)) == ["accepted"]


@pytest.mark.parametrize(
    ("answer", "expected", "verdict"),
    [
        ("def f(): return [1]", {"$tuple": [1]}, "wrong_answer"),
        ("def f(): return [1]", {"$set": [1]}, "wrong_answer"),
        ("def f(): return {1}", [1], "wrong_answer"),
        ("def f(): return {'$set': [1]}", {"$set": [1]}, "wrong_answer"),
        ("def f(): return iter([1])", [1], "wrong_answer"),
        ("def f():\n    while True: yield 1", {"$generator": [1]}, "runtime_error"),
        ("def f(): yield 1 / 0", {"$generator": [1]}, "runtime_error"),
        ("def f(): return object()", 1, "runtime_error"),
        ("def f(): return {1: {object()}}", 1, "runtime_error"),
    ],
)
def test_similar_values_of_other_types_are_not_accepted(judge, answer, expected, verdict):
    assert verdicts(judge, answer, case_of("f", expected=expected)) == [verdict]


@pytest.mark.parametrize(
    ("answer", "raises", "verdict"),
    [
        ("raise ValueError('too small')", {"type": "ValueError"}, "accepted"),
        ("raise ValueError('too small')", {"type": "ValueError", "message": "too small"}, "accepted"),
        ("raise ValueError('too small')", {"type": "ValueError", "message": "too large"}, "wrong_answer"),
        ("raise KeyError('k')", {"type": "LookupError", "message": "'k'"}, "accepted"),
        ("raise LookupError", {"type": "KeyError"}, "wrong_answer"),
        ("raise type('Mine', (ValueError,), {})()", {"type": "Mine"}, "accepted"),
        ("return ValueError('too small')", {"type": "ValueError"}, "runtime_error"),
        ("return {'types': ['ValueError'], 'message': ''}", {"type": "ValueError"}, "wrong_answer"),
        ("f()", {"type": "RecursionError"}, "accepted"),
        ("raise SystemExit", {"type": "SystemExit"}, "runtime_error"),
        ("import os; os._exit(0)", {"type": "ValueError"}, "runtime_error"),
        ("import os; os._exit(1)", {"type": "ValueError"}, "runtime_error"),
        ("return any(iter(int, 1))", {"type": "ValueError"}, "time_limit"),
        (
            "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})",
            {"type": "E", "message": "x"},
            "wrong_answer",
        ),
        ("raise Exception('\\ud800' * 10**6)", {"type": "Exception"}, "accepted"),
    ],
)
def test_an_exception_is_expected_by_its_type_and_message(judge, answer, raises, verdict):
    found = single(judge, f"def f(): {answer}", case_of("f", raises=raises))
    assert found.verdict == verdict, found
    if verdict == "accepted":
        assert found.error == ""


def test_a_missing_function_does_not_count_as_an_exception(judge):
    assert verdicts(judge, "x = 1", case_of("f", raises={"type": "AttributeError"})) == ["runtime_error"]


def test_the_message_is_compared_by_the_checker(judge):
    answer = "def f(): raise ValueError('Item 12 is too small')"
    raises = {"type": "ValueError", "message": r"Item \d+ is .*"}
    assert verdicts(judge, answer, case_of("f", raises=raises, checker=Checker.REGEX)) == ["accepted"]
    assert verdicts(judge, answer, case_of("f", raises=raises)) == ["wrong_answer"]


def test_a_shared_sandbox_continues_after_an_expected_exception(judge):
    answer = "count = 0\ndef f(x):\n    global count\n    count += 1\n    return count if x else 1 / 0"
    cases = [
        case_of("f", 1, expected=1, name="a"),
        case_of("f", 0, raises={"type": "ZeroDivisionError"}, name="b"),
        case_of("f", 1, expected=3, name="c"),
        case_of("f", 0, expected=1, name="d"),
        case_of("f", 1, expected=4, name="e"),
    ]
    found = verdicts(judge, answer, *cases, shared_sandbox=True)
    assert found == ["accepted", "accepted", "accepted", "runtime_error", "not_run"]


def test_methods_of_a_class_are_called_one_after_the_other(judge):
    result = single(judge, STACK, stack())
    assert (result.verdict, result.points, result.error) == ("accepted", 1, "")
    assert result.call.splitlines()[:2] == ["stack = Stack(7)", "stack.push({1})"]
    assert result.expected.splitlines()[2:] == [
        "stack.pop()  # {1}",
        "stack.pop()  # 7",
        "stack.pop()  # LookupError: pop from empty list",
        "stack.push(5)  # None",
    ]
    assert result.actual.splitlines()[4] == "stack.pop()  # IndexError: pop from empty list"


@pytest.mark.parametrize(
    ("answer", "calls", "verdict"),
    [
        (STACK.replace("pop()\n", "pop(0)\n"), CALLS, "wrong_answer"),
        (STACK, [*CALLS, {"method": "pop", "expected": 6}], "wrong_answer"),
        (STACK, [*CALLS[:3], {"method": "pop"}], "runtime_error"),
        (STACK, [*CALLS[:3], {"method": "pop", "raises": {"type": "KeyError"}}], "wrong_answer"),
        (STACK, [{"method": "peek", "expected": 7}], "runtime_error"),
        (STACK, [{"method": "pop", "raises": {"type": "IndexError"}}], "wrong_answer"),
        ("class Stack: pass", CALLS, "runtime_error"),
        ("x = 1", CALLS, "runtime_error"),
        ("1 / 0", CALLS, "runtime_error"),
        ("class Stack(", CALLS, "syntax_error"),
        (STACK.replace("return self.items.pop()", "import os; os._exit(0)"), CALLS, "runtime_error"),
        (STACK.replace("return self.items.pop()", "return any(iter(int, 1))"), CALLS, "time_limit"),
    ],
)
def test_every_method_must_return_the_expected_value(judge, answer, calls, verdict):
    result = single(judge, answer, stack(calls))
    assert (result.verdict, result.points) == (verdict, 0), result


def test_a_class_shares_its_sandbox_with_no_other_case(judge):
    answer = f"{STACK}\ncount = 0\ndef f():\n    global count\n    count += 1\n    return count"
    cases = [case_of("f", name="a", expected=1), stack(name="b"), case_of("f", name="c", expected=1)]
    assert verdicts(judge, answer, *cases, shared_sandbox=True) == ["accepted"] * 3


def test_a_process_that_reports_an_exception_and_exits_with_0_is_not_accepted():
    case = Case(name="c", kind=Kind.CALL, function="f", expected=1)
    raised = Reply('{"types": ["E"], "message": ""}', is_exception=True)
    for ending in Verdict:
        assert call_cases.verdict(case, ending, [raised]) is not Verdict.ACCEPTED
        assert call_cases.verdict(case, ending, []) is not Verdict.ACCEPTED
        for nonsense in ("", "[]", "null", '{"types": 5}', "{"):
            wrong = call_cases.verdict(
                Case(name="c", kind=Kind.CALL, function="f", raises={"type": "E"}),
                ending,
                [Reply(nonsense, is_exception=True)],
            )
            assert wrong is not Verdict.ACCEPTED


def test_a_call_is_shown_as_python_source(judge):
    result = single(
        judge, "def f(*a, **k): pass", case_of("f", None, {"$tuple": [1]}, keywords={"k": True}, expected="a")
    )
    assert (result.call, result.expected, result.actual) == ("f(None, (1,), k=True)", "'a'", "None")
