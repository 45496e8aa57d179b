"""Bare asserts of test code: their messages, and that their results are unchanged."""

import sys

import pytest

from project.sandbox.inside.bare_asserts import BEFORE, MESSAGE, compile_explained, message


def run(code, **names):
    """Run test code, and return the message of its failed assertion; None if it passes."""
    try:
        exec(compile_explained(code, "test.py"), {MESSAGE: message, **names})  # noqa: S102
    except AssertionError as error:
        return str(error)
    return None


def median(numbers, low=False):
    return sorted(numbers)[len(numbers) // 2]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("assert median([1, 2, 4]) == 3", "median([1, 2, 4]) returned 2; expected 3."),
        ("assert 3 == median([1, 2, 4])", "median([1, 2, 4]) returned 2; expected 3."),
        ("x = [5]\nassert median(x, low=True) == x", "median([5], low=True) returned 5; expected [5]."),
        ("assert median([1]) != 1", "median([1]) returned 1; expected anything else."),
        ("assert median([1]) is None", "median([1]) returned 1; expected None."),
        ("assert median([1]) in [2, 3]", "median([1]) returned 1, which is not in [2, 3]."),
        ("assert median([1]) not in [1]", "median([1]) returned 1, which is in [1]."),
        ("assert median([1]) > 1", "median([1]) returned 1, which is not > 1."),
        ("assert 1 > median([1])", "1 > 1 does not hold."),
        ("assert median([0])", "median([0]) returned 0; expected a true value."),
        ("assert not median([1])", "median([1]) returned 1; expected a false value."),
        ("assert [1, 2].index(2) == 0", "index(2) returned 1; expected 0."),
        ("assert (lambda: 3)() == 4", "the function() returned 3; expected 4."),
        ("x = 3\nassert x == 4", "3 == 4 does not hold."),
        ("assert median(*[[1]]) == 2", "1 == 2 does not hold."),
        ("assert median([1]) == 2, 'mine'", "mine"),
        ("assert median(['x' * 999]) == 1", None),
    ],
)
def test_the_message_of_a_failed_assertion_has_the_call_and_its_result(code, words):
    said = run(code, median=median)
    assert said == words if words else len(said) < 700


@pytest.mark.parametrize(
    "code",
    [
        "assert median([1]) == 1",
        "assert not []",
        "assert 1 < 2 < 3",
        "assert median([1]) and True",
        "for x in range(3):\n    assert x in {0, 1, 2}",
        "class A:\n    x = 1\n    assert x == 1",
        "def f():\n    assert (yield 1) == 2\ng = f(); next(g)\ntry: g.send(2)\nexcept StopIteration: pass",
        "def f(x):\n    def g(): assert x == 1\n    g()\nf(1)",
        "assert [x for x in (1, 2) if x == 2] == [2]",
    ],
)
def test_an_assertion_that_holds_passes(code):
    assert run(code, median=median) is None


def test_parts_are_evaluated_once_and_in_order():
    seen = []

    def note(value):
        seen.append(value)
        return value

    assert (
        run(
            "assert note(1)(note(2)) == note(3)",
            note=lambda value: note(value) if value != 1 else (seen.append(1) or note),
        )
        is not None
    )
    assert seen == [1, 2, 2, 3]


def test_an_assertion_of_an_unknown_shape_fails_without_a_message():
    assert run("assert 1 < 2 < 2") == ""
    assert run("assert 0") == ""


def test_an_object_whose_repr_fails_does_not_change_the_exception():
    class Odd:
        def __repr__(self):
            raise SystemExit

    assert run("assert f() == 1", f=Odd) == ""


def test_a_module_without_bare_asserts_is_compiled_unchanged():
    code = compile_explained("self.assertEqual(1, 2)", "test.py")
    assert code.co_consts == compile("self.assertEqual(1, 2)", "test.py", "exec").co_consts
    with pytest.raises(SyntaxError):
        compile_explained("assert (", "test.py")


def test_an_assertion_keeps_no_references_to_its_operands():
    code = "before = count(x)\nassert id(x) != 1\nafter = count(x)\nassert after == before"
    assert run(code, x=object(), count=sys.getrefcount) is None


def test_a_function_is_called_before_each_announced_assertion():
    calls = []
    code = (
        "for n in (1, 2):\n    assert n\n    assert len(calls) == 2 * n, 'mine'\n    if n: assert n\n    del calls[-1]"
    )
    names = {MESSAGE: message, BEFORE: lambda: calls.append(1), "calls": calls}
    exec(compile_explained(code, "test.py", announced=True), names)  # noqa: S102
    assert len(calls) == 4


def test_a_long_expression_is_asserted():
    assert run(f"assert {'1 + ' * 900}1 == 901") is None
