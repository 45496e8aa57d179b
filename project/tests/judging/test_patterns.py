"""The checkers `regex` and `case_insensitive`."""

import pytest

from project.judging.checkers import text_matches, value_matches
from project.judging.patterns import NoPattern, compiled
from project.judging.problems import Case, Checker, Kind


def text(expected, checker=Checker.REGEX):
    return Case(name="c", kind=Kind.STDOUT, expected=expected, checker=checker)


@pytest.mark.parametrize(
    ("pattern", "actual", "matches"),
    [
        (r"\d+ apples", "12 apples  \n\n", True),
        (r"\d+ apples", "12 apples and more", False),
        (r"\d+ apples", "x 12 apples", False),
        (r"a\nb", "a \r\nb", True),
        (r"a.b", "a\nb", False),
        (r"(?s)a.b", "a\nb", True),
        (r"(?i)hello", "HeLLo", True),
        (r"\pL+", "\u00e9t\u00e9", True),
        (r"", "\n", True),
        (r"(a", "(a", False),
    ],
)
def test_a_pattern_has_to_match_the_whole_output(pattern, actual, matches):
    assert text_matches(text(pattern), actual.encode()) is matches


def test_bytes_that_are_not_text_match_no_letter():
    assert not text_matches(text("[a-z]+"), b"\xff\xfe")


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(a|a)*b", r"(\w+\s?)*!", r"(.*)*x"])
def test_no_pattern_takes_exponential_time(pattern):
    """Python's own `re` takes exponential time for all of these."""
    assert not text_matches(text(pattern), b"a" * 1_000_000)


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?=a)b", "(", "a{5000}", "\ud800"])
def test_invalid_patterns_and_those_with_backtracking_are_rejected(pattern):
    with pytest.raises(NoPattern):
        compiled(pattern)


def test_a_returned_text_is_matched():
    case = Case(name="c", kind=Kind.CALL, expected="[ab]+", checker=Checker.REGEX)
    assert value_matches(case, "abba")
    assert not value_matches(case, "abc")
    assert not value_matches(case, ["abba"])


@pytest.mark.parametrize(
    ("actual", "matches"), [("HELLO \n", True), ("hello", True), ("hallo", False), (" hello", False)]
)
def test_a_pattern_may_ignore_case(actual, matches):
    assert text_matches(text("Hello", Checker.CASE_INSENSITIVE), actual.encode()) is matches
