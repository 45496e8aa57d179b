"""`pytest.approx` of the pytest shim, for numbers, and for lists and dicts of them."""

import pytest

from project.tests.sandbox.bridge_pair import judge

ANSWER = """
    class Near:
        def __sub__(self, other): return 0
        __rsub__ = __rmul__ = __mul__ = __sub__
        def __abs__(self): return 0
    class Number(float):
        def __sub__(self, other): return 0
    from fractions import Fraction
    inf, nan = float("inf"), float("nan")
"""
# As lines of a test; `a` is the answer's module.
WRONG = [
    "assert 1.0 == approx(a.inf)",
    "assert a.inf == approx(0.3)",
    "assert approx(a.inf) == 0.3",
    "assert [1, 2] == approx([1, a.inf])",
    "assert -a.inf == approx(a.inf)",
    "assert a.nan == approx(0.3)",
    "assert approx(a.nan) == 0.3",
    "assert approx(a.nan) == a.nan",
    "assert approx(a.Near()) == 0.3",
    "assert approx([a.Near()]) == [0.3]",
    "assert approx({'k': a.Near()}) == {'k': 0.3}",
    "assert a.Near() == approx(0.3)",
    "assert approx(a.Number(5)) == 0.3",
    "assert approx([a.Number(5)]) == [0.3]",
    "assert 1_000_000.5 == approx(1_000_000, abs=0.01)",
    "assert [1_000_000.5] == approx([1_000_000], abs=0.01)",
    "assert 1.1 == approx(1, rel=0.01)",
    "assert 10 ** 400 == approx(3)",
]
RIGHT = [
    "assert a.inf == approx(a.inf)",
    "assert 1.0000005 == approx(1)",
    "assert 1.005 == approx(1, rel=0.01)",
    "assert 1.005 == approx(1, abs=0.01)",
    "assert 105 == approx(100, rel=0.1, abs=0.01)",
    "assert 100.005 == approx(100, rel=1e-9, abs=0.01)",
    "assert a.Number(0.3) == approx(0.3) and approx(a.Number(0.3)) == 0.3",
    "assert approx([0.1 + 0.2, a.Number(1)]) == [0.3, 1]",
    "assert {'k': 0.1 + 0.2} == approx({'k': 0.3})",
    "assert a.Fraction(1, 3) == approx(0.3333333)",
    "assert 1 + 1.0000001j == approx(1 + 1j)",
    "assert 10 ** 400 == approx(10 ** 400)",
    "assert 'text' == approx('text')",
]


def outcomes(lines):
    tests = "".join(f"def test_{number:02}():\n    {line}\n" for number, line in enumerate(lines))
    found = judge(ANSWER, f"from pytest import approx\nimport answer_module as a\n{tests}").outcomes
    return {line: found[f"test_{number:02}"] for number, line in enumerate(lines)}


@pytest.mark.parametrize(("lines", "expected"), [(WRONG, {"failed", "error"}), (RIGHT, {"passed"})])
def test_approx_compares_plain_finite_numbers(lines, expected):
    found = outcomes(lines)
    assert {line: outcome for line, outcome in found.items() if outcome not in expected} == {}
