"""Checkers: whether an output, or the value of a call, is the expected one."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from project.judging import patterns
from project.judging.problems import Case, Checker
from project.judging.tolerance import NONE, words_match
from project.judging.values import canonical, changed, equal, plain, read

NOT_GIVEN: Any = object()


def text_matches(case: Case, actual: bytes) -> bool:
    """Whether the output is the expected one. Bytes that are not UTF-8 only match an exact copy."""
    expected = str(case.expected)
    if case.checker is Checker.EXACT:
        return actual == expected.encode()
    text = actual.decode("utf-8", "surrogateescape")
    if case.checker is Checker.TOLERANCE:
        return words_match(text.split(), expected.split(), case.allowed)
    if case.checker is Checker.REGEX:
        return patterns.matches(expected, trimmed(text))
    normal = NORMAL[case.checker]
    return bool(normal(text) == normal(expected))


def value_matches(case: Case, actual: Any, expected: Any = NOT_GIVEN) -> bool:
    """Whether a value, as JSON, equals the expected one: that of the case, or `expected`."""
    mine, wanted = read(actual), read(case.expected if expected is NOT_GIVEN else expected)
    if case.checker is Checker.REGEX and isinstance(wanted, str):
        return isinstance(mine, str) and patterns.matches(wanted, mine)
    if case.checker is Checker.CASE_INSENSITIVE:
        return equal(changed(mine, _folded), changed(wanted, _folded))
    if case.checker is Checker.UNORDERED and isinstance(wanted, list) and isinstance(plain(mine), list):
        return Counter(map(canonical, plain(mine))) == Counter(map(canonical, wanted))
    return equal(mine, wanted, case.allowed if case.checker is Checker.TOLERANCE else NONE)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def message_matches(case: Case, expected: str, actual: str) -> bool:
    """Whether the message of an exception is the expected one, according to the case's checker."""
    checker = Checker.TRIMMED if case.checker is Checker.TOLERANCE else case.checker
    return text_matches(replace(case, checker=checker, expected=expected), actual.encode(errors="surrogatepass"))


def trimmed(text: str) -> str:
    """Return a text without spaces at the ends of lines and empty lines at the end."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n")


NORMAL: Mapping[Checker, Callable[[str], Any]] = {
    Checker.TRIMMED: trimmed,
    Checker.TOKENS: str.split,
    Checker.CASE_INSENSITIVE: lambda text: trimmed(text).casefold(),
    Checker.UNORDERED: lambda text: sorted(trimmed(text).split("\n")),
}
