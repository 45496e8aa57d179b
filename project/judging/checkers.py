"""When an output is the expected one: for texts, and for JSON values."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from project.judging.problems import Case, Checker
from project.judging.tolerance import NONE, Tolerance, words_match


def text_matches(case: Case, actual: bytes) -> bool:
    """Whether what was printed is what the case expects. Bytes that are no UTF-8 match nothing but an exact copy."""
    expected = str(case.expected)
    if case.checker is Checker.EXACT:
        return actual == expected.encode()
    text = actual.decode("utf-8", "surrogateescape")
    if case.checker is Checker.TOLERANCE:
        return words_match(text.split(), expected.split(), case.allowed)
    normal = NORMAL[case.checker]
    return bool(normal(text) == normal(expected))


def value_matches(case: Case, actual: Any) -> bool:
    """Whether a JSON value is the one that the case expects."""
    if case.checker is Checker.UNORDERED and isinstance(actual, list) and isinstance(case.expected, list):
        return Counter(map(_canonical, actual)) == Counter(map(_canonical, case.expected))
    return _equal(actual, case.expected, case.allowed if case.checker is Checker.TOLERANCE else NONE)


def trimmed(text: str) -> str:
    """Return a text without spaces at the ends of lines, and without empty lines at the end."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n")


NORMAL: Mapping[Checker, Callable[[str], Any]] = {
    Checker.TRIMMED: trimmed,
    Checker.TOKENS: str.split,
    Checker.UNORDERED: lambda text: sorted(trimmed(text).split("\n")),
}


def _equal(mine: Any, wanted: Any, tolerance: Tolerance) -> bool:
    """Compare JSON values: true is not 1, but 5 is 5.0."""
    if isinstance(mine, bool) or isinstance(wanted, bool):
        return mine is wanted
    if isinstance(mine, int | float) and isinstance(wanted, int | float):
        return tolerance.allows(mine, wanted)
    if isinstance(mine, list) and isinstance(wanted, list):
        return len(mine) == len(wanted) and all(
            _equal(left, right, tolerance) for left, right in zip(mine, wanted, strict=True)
        )
    if isinstance(mine, dict) and isinstance(wanted, dict):
        return mine.keys() == wanted.keys() and all(_equal(mine[key], wanted[key], tolerance) for key in wanted)
    return type(mine) is type(wanted) and mine == wanted


def _canonical(value: Any) -> str:
    """Return a text that is the same for equal JSON values."""
    return json.dumps(_unified(value), sort_keys=True)


def _unified(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_unified(item) for item in value]
    if isinstance(value, dict):
        return {key: _unified(item) for key, item in value.items()}
    return value
