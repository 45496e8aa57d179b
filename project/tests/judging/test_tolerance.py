"""Comparison of numbers with a tolerance, and which words are numbers."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from project.judging.checkers import text_matches, value_matches
from project.judging.loose_tolerances import loose_tolerance
from project.judging.problems import Case, Checker, Kind
from project.judging.tolerance import Tolerance, number

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = FLOATS | st.integers(-(10**30), 10**30)
AMOUNTS = st.floats(0, 1e9)
NESTED = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


def text(expected, **more):
    return Case(name="c", kind=Kind.STDOUT, expected=expected, checker=Checker.TOLERANCE, **more)


def value(expected, **more):
    return Case(name="c", kind=Kind.CALL, expected=expected, checker=Checker.TOLERANCE, **more)


def matches(case, actual):
    return value_matches(case, actual) if case.kind is Kind.CALL else text_matches(case, str(actual).encode())


@pytest.mark.parametrize("make", [text, value])
@pytest.mark.parametrize("given", [{"tolerance": 5.0}, {"absolute_tolerance": 5.0}, {"relative_tolerance": 0.05}])
def test_the_tolerance_is_relative_to_the_expected_number_only(make, given):
    case = make(100 if make is value else "100", **given)
    assert all(matches(case, near) for near in (95, 100, 105, 97.25, "1e2" if make is text else 1e2))
    assert not any(matches(case, far) for far in (-1e300, 1e300, -100, 94.9, 105.1, 0))


@given(NUMBERS, NUMBERS, AMOUNTS, AMOUNTS)
def test_a_number_is_close_if_the_expected_one_says_so(actual, expected, absolute, relative):
    allowed = max(Fraction(absolute), Fraction(relative) * abs(Fraction(expected)))
    distance = abs(Fraction(actual) - Fraction(expected))
    assume(abs(distance - allowed) > allowed / 10**9)  # at the limit, rounding decides
    assert Tolerance(absolute, relative).allows(actual, expected) is (distance <= allowed)


@given(NESTED, AMOUNTS)
def test_with_an_absolute_tolerance_values_match_in_both_directions(expected, absolute):
    shifted = changed(expected, lambda found: found + absolute / 2)
    assert value_matches(value(expected, absolute_tolerance=absolute), shifted)
    assert value_matches(value(shifted, absolute_tolerance=absolute), expected)


@given(NESTED, st.floats(1e-3, 1e6))
def test_a_nested_number_that_is_too_far_is_found(expected, absolute):
    far = changed(expected, lambda found: found * 3 + (3 * absolute if found >= 0 else -3 * absolute))
    has_numbers = far != expected
    assert value_matches(value(expected, absolute_tolerance=absolute), far) is not has_numbers


def changed(found, change):
    if isinstance(found, list):
        return [changed(item, change) for item in found]
    if isinstance(found, dict):
        return {key: changed(item, change) for key, item in found.items()}
    if isinstance(found, bool) or not isinstance(found, int | float) or abs(found) > 1e15:
        return found
    return change(Fraction(found)).__float__() if isinstance(found, float) else change(found)


@pytest.mark.parametrize(
    ("actual", "expected", "right"),
    [
        ("1e3", "1000", True),
        ("1E+3", "1000.0", True),
        (".5", "0.5", True),
        ("5.", "5", True),
        ("+5", "5", True),
        ("nan", "NaN", True),
        ("-nan", "nan", True),
        ("inf", "Infinity", True),
        ("INF", "+inf", True),
        ("-Infinity", "-inf", True),
        ("inf", "-inf", False),
        ("inf", "1e308", False),
        ("1e999", "inf", False),
        ("nan", "0", False),
        ("nano", "nan", False),
        ("1_000", "1000", False),
        ("1,000", "1000", False),
        ("0x10", "16", False),
        ("\u0661", "1", False),
        ("1e3x", "1000", False),
        ("12345678901234567890123", "12345678901234567890124", False),
    ],
)
def test_usual_spellings_of_numbers_are_numbers(actual, expected, right):
    assert text_matches(text(expected, absolute_tolerance=0.0), actual.encode()) is right


@given(NUMBERS)
def test_every_number_of_json_and_python_is_a_number(found):
    assert number(repr(found)) == found


@given(st.text())
def test_every_word_is_a_number_or_none(word):
    found = number(word)
    assert found is None or math.isnan(found) or isinstance(found, int | float)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (text("100", relative_tolerance=1.0), "relative tolerance is 1 or more"),
        (text("100", absolute_tolerance=100.0), "0 in place of every number"),
        (text("x = 1 y = 2", absolute_tolerance=2.0), "0 in place of every number"),
        (value([3, {"a": -4}], absolute_tolerance=4.0), "0 in place of every number"),
        (value(0.0000001), "0 in place of every number"),
        (value(0.4, tolerance=0.5), "0 in place of every number"),
        (value([0, 0.0], absolute_tolerance=1.0), "1 is accepted in place of 0"),
    ],
)
def test_a_tolerance_that_accepts_nearly_anything_is_reported(case, words):
    assert words in loose_tolerance(case)


@pytest.mark.parametrize(
    "case",
    [
        text("100", tolerance=5.0),
        text("100 0.0000001", tolerance=1e-6),
        text("nan inf", absolute_tolerance=5.0),
        text("no number", absolute_tolerance=5.0),
        value("0.1", absolute_tolerance=5.0),
        value([True, None], absolute_tolerance=5.0),
        value([100, 2], absolute_tolerance=5.0),
        value([0, 0]),
        value(3, relative_tolerance=0.5),
        Case(name="c", kind=Kind.CALL, expected=1, tolerance=1e9),
    ],
)
def test_a_useful_tolerance_is_not_reported(case):
    assert loose_tolerance(case) is None
