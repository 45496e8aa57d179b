"""Calls with forms, expected exceptions, and methods of classes, in JavaScript."""

import pytest

from project.judging.languages import LANGUAGES
from project.tests.judging.cases import calling, single, verdicts

pytestmark = pytest.mark.skipif(not LANGUAGES["javascript"].available, reason="quickjs is not installed")

STACK = """class Stack {
    constructor(...items) { this.items = items }
    push(item) { this.items.push(item) }
    pop() { if (!this.items.length) throw new RangeError("empty"); return this.items.pop() }
}"""


@pytest.mark.parametrize(
    ("answer", "argument", "expected", "verdict"),
    [
        ("const f = x => new Set([...x].map(i => i + 1))", {"$set": [1, 2]}, {"$set": [3, 2]}, "accepted"),
        ("const f = x => [...x]", {"$set": [1, 2]}, {"$set": [1, 2]}, "wrong_answer"),
        ("const f = x => new Map([['a', x.get(1)]])", {"$map": [[1, 2]]}, {"$map": [["a", 2]]}, "accepted"),
        ("function* f(x) { yield* x; yield 3 }", [1, 2], {"$generator": [1, 2, 3]}, "accepted"),
        ("function* f(x) { while (true) yield x }", 1, {"$generator": [1]}, "runtime_error"),
        ("const f = x => [...x]", {"$generator": [1, 2]}, [1, 2], "accepted"),
        ("const f = x => x.$set", {"$dict": [["$set", [1]]]}, [1], "accepted"),
        ("const f = x => ({$set: [x]})", 1, {"$dict": [["$set", [1]]]}, "accepted"),
        ("const f = x => ({$set: [x]})", 1, {"$set": [1]}, "wrong_answer"),
        ("const f = x => ({a: [new Set([x])]})", 1, {"a": [{"$set": [1]}]}, "accepted"),
        ("const f = x => new Date(0)", 1, "1970-01-01T00:00:00.000Z", "accepted"),
    ],
)
def test_forms_stand_for_sets_maps_and_iterators(judge, answer, argument, expected, verdict):
    assert verdicts(judge, answer, calling("f", argument, expected=expected), language="javascript") == [verdict]


@pytest.mark.parametrize(
    ("body", "raises", "verdict"),
    [
        ("throw new RangeError('bad')", {"type": "RangeError", "message": "bad"}, "accepted"),
        ("throw new RangeError('bad')", {"type": "Error"}, "accepted"),
        ("throw new RangeError('bad')", {"type": "TypeError"}, "wrong_answer"),
        ("throw new RangeError('bad')", {"type": "RangeError", "message": "good"}, "wrong_answer"),
        ("class Mine extends Error {}; throw new Mine('x')", {"type": "Mine", "message": "x"}, "accepted"),
        ("null.x", {"type": "TypeError"}, "accepted"),
        ("throw 'bad'", {"type": "string", "message": "bad"}, "accepted"),
        ("throw {get message() { throw 1 }}", {"type": "Object"}, "runtime_error"),
        ("return new RangeError('bad')", {"type": "RangeError"}, "wrong_answer"),
        ("while (true) {}", {"type": "RangeError"}, "time_limit"),
    ],
)
def test_an_exception_is_expected(judge, body, raises, verdict):
    found = verdicts(judge, f"function f() {{ {body} }}", calling("f", raises=raises), language="javascript")
    assert found == [verdict]


def test_methods_of_a_class_are_called(judge):
    calls = [
        {"method": "push", "arguments": [1]},
        {"method": "pop", "expected": 1},
        {"method": "pop", "expected": 7},
        {"method": "pop", "raises": {"type": "RangeError", "message": "empty"}},
    ]
    result = single(judge, STACK, calling("Stack", 7, calls=calls), language="javascript")
    assert result.verdict == "accepted", result
    assert result.expected.splitlines()[::4] == ["const stack = new Stack(7)", "stack.pop()  // RangeError: empty"]
    wrong = STACK.replace("this.items.pop()", "this.items.shift()")
    assert verdicts(judge, wrong, calling("Stack", 7, calls=calls), language="javascript") == ["wrong_answer"]
    assert verdicts(judge, "x = 1", calling("Stack", 7, calls=calls), language="javascript") == ["runtime_error"]
