"""The size of the smallest output that a case accepts. If it exceeds the output limit, the case is impossible."""

import json
from typing import Any

from project.judging.checkers import trimmed
from project.judging.problems import Case, Checker, Kind
from project.judging.tolerance import number

MOST_FOLDED = 3  # characters into which case folding may turn one


def smallest_output(case: Case) -> int:
    """Return the minimum size in bytes of an accepted output: as text, or for a call as JSON."""
    if case.kind is Kind.UNITTEST or case.checker is Checker.REGEX:
        return 0
    may_differ = case.checker is Checker.TOLERANCE
    if case.kind is Kind.SQL:
        return _size_as_json(case.expected["rows"], may_differ=may_differ)
    if case.kind is Kind.CALL:
        values = [step.get("expected") for step in case.calls] or [case.expected]
        return max(_size_as_json(value, may_differ=may_differ) for value in values)
    text = str(case.expected)
    if case.checker in (Checker.TRIMMED, Checker.UNORDERED):
        text = trimmed(text)
    elif case.checker is Checker.TOKENS:
        text = " ".join(text.split())
    elif may_differ:
        text = " ".join(word if number(word) is None else "0" for word in text.split())
    elif case.checker is Checker.CASE_INSENSITIVE:
        return len(trimmed(text)) // MOST_FOLDED
    return len(text.encode(errors="surrogatepass"))


def _size_as_json(value: Any, *, may_differ: bool) -> int:
    shortest = _with_short_numbers(value, may_differ=may_differ)
    return len(json.dumps(shortest, ensure_ascii=False).encode(errors="surrogatepass"))


def _with_short_numbers(value: Any, *, may_differ: bool) -> Any:
    """Return a JSON value with the shortest spelling of each number: 5 for 5.0."""
    if isinstance(value, list):
        return [_with_short_numbers(item, may_differ=may_differ) for item in value]
    if isinstance(value, dict):
        return {key: _with_short_numbers(item, may_differ=may_differ) for key, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if may_differ:
        return 0
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 10**15 else value
