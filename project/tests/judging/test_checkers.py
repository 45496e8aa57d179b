"""The checkers of outputs and values."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.judging.checkers import text_matches, value_matches
from project.judging.problems import Case, Checker, Kind

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
WORDS = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def text(expected, checker, **more):
    return Case(name="c", kind=Kind.STDOUT, expected=expected, checker=checker, **more)


def value(expected, checker=Checker.TRIMMED, **more):
    return Case(name="c", kind=Kind.CALL, expected=expected, checker=checker, **more)


@given(TEXT, st.sampled_from([checker for checker in Checker if checker is not Checker.REGEX]))
def test_an_exact_copy_matches_for_every_checker(expected, checker):
    assert text_matches(text(expected, checker), expected.encode())


@given(TEXT, TEXT)
def test_exact_is_byte_for_byte(expected, actual):
    assert text_matches(text(expected, Checker.EXACT), actual.encode()) is (expected == actual)


@given(st.binary(), TEXT, st.sampled_from(Checker))
def test_any_bytes_can_be_compared(actual, expected, checker):
    assert text_matches(text(expected, checker), actual) in (True, False)


@given(st.lists(TEXT.filter(lambda line: line.rstrip() == line and not set(line) & set("\r\n"))))
def test_trimmed_ignores_spaces_at_line_ends_and_empty_lines_at_the_end(lines):
    expected = "\n".join(lines)
    assert text_matches(text(expected, Checker.TRIMMED), (" \t\r\n".join(lines) + "  \n\n \n").encode())


@pytest.mark.parametrize("actual", [" 5", "\n5", "5 5", "50", "", "5\n5", "5.0"])
def test_trimmed_ignores_nothing_else(actual):
    assert not text_matches(text("5", Checker.TRIMMED), actual.encode())


@given(WORDS, st.lists(st.sampled_from([" ", "\n", "\t", "\r\n", "  "]), min_size=1))
def test_tokens_ignores_the_spacing(words, spaces):
    spaced = "".join(word + spaces[place % len(spaces)] for place, word in enumerate(words))
    assert text_matches(text(" ".join(words), Checker.TOKENS), spaced.encode())


@given(WORDS, WORDS)
def test_other_tokens_do_not_match(words, others):
    assert text_matches(text(" ".join(words), Checker.TOKENS), " ".join(others).encode()) is (words == others)


@given(st.lists(TEXT.map(lambda line: "".join(line.split())).filter(bool)), st.randoms())
def test_unordered_lines_may_be_in_any_order_but_not_repeated(lines, random):
    shuffled = random.sample(lines, len(lines))
    assert text_matches(text("\n".join(lines), Checker.UNORDERED), "\n".join(shuffled).encode())
    if lines:
        assert not text_matches(text("\n".join(lines), Checker.UNORDERED), "\n".join([*lines, lines[0]]).encode())


@pytest.mark.parametrize(
    ("actual", "expected", "matches"),
    [
        ("1.0000001", "1", True),
        ("1.01", "1", False),
        ("x = 3.1415926", "x = 3.14159265", True),
        ("y = 3.1415926", "x = 3.14159265", False),
        ("1e999999", "1", False),
        ("nan", "1", False),
        ("1", "nan", False),
        ("inf", "-inf", False),
        ("1 2", "1", False),
        ("", "1", False),
        ("9" * 5000, "1", False),
        ("1_0", "10", False),
    ],
)
def test_tolerance_is_for_numbers(actual, expected, matches):
    assert text_matches(text(expected, Checker.TOLERANCE), actual.encode()) is matches


def test_no_value_is_close_to_all_others():
    assert not text_matches(text("5", Checker.TOLERANCE, tolerance=1e-6), b"inf")
    assert not value_matches(value(5, Checker.TOLERANCE), float("inf"))
    assert not value_matches(value(5, Checker.TOLERANCE), float("nan"))


@given(VALUES, st.sampled_from([checker for checker in Checker if checker is not Checker.REGEX]))
def test_a_value_equals_its_copy(expected, checker):
    assert value_matches(value(expected, checker), json.loads(json.dumps(expected)))


@given(VALUES, VALUES, st.sampled_from(Checker))
def test_any_values_can_be_compared(expected, actual, checker):
    assert value_matches(value(expected, checker), actual) in (True, False)


@given(st.lists(VALUES, max_size=6), st.randoms())
def test_items_of_an_unordered_list_may_be_in_any_order(items, random):
    assert value_matches(value(items, Checker.UNORDERED), random.sample(items, len(items)))


@pytest.mark.parametrize(
    ("actual", "expected", "matches"),
    [
        (5.0, 5, True),
        (True, 1, False),
        (0, False, False),
        (None, False, False),
        ("5", 5, False),
        ([1, 2], [2, 1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([], {}, False),
        ("\ud800", "\ud800", True),
        (10**400, 1.0, False),
        ([[1.0]], [[1]], True),
    ],
)
def test_values_are_compared_as_json(actual, expected, matches):
    assert value_matches(value(expected), actual) is matches
    assert value_matches(value(expected, Checker.TOLERANCE), actual) is matches


def test_true_in_an_unordered_list_does_not_equal_one():
    assert not value_matches(value([1, 2], Checker.UNORDERED), [True, 2])
    assert value_matches(value([1, 2], Checker.UNORDERED), [2.0, 1.0])
