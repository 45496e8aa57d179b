"""Detects tolerances that accept nearly any number, so that the case is useless."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from project.judging.checkers import text_matches, value_matches
from project.judging.problems import Case, Checker, Kind
from project.judging.result_sets import rows_match
from project.judging.tolerance import Number, number

Change = Callable[[Number], Number]

# Guesses that an answer could return instead of every expected number, without any computation.
GUESSES: tuple[tuple[str, Change], ...] = (
    ("0 in place of every number is accepted", lambda _: 0),
    ("every number is accepted with the opposite sign", lambda wanted: -wanted),
)


def loose_tolerance(case: Case) -> str | None:  # noqa: PLR0911 - one for each problem
    """Return a sentence if the tolerance of a case makes it useless."""
    if case.checker is not Checker.TOLERANCE or case.kind is Kind.UNITTEST:
        return None
    if case.calls:
        steps = [replace(case, calls=(), expected=step["expected"]) for step in case.calls if "expected" in step]
        return next(filter(None, map(loose_tolerance, steps)), None)
    expected = _expected(case)
    wanted = [found for found in _numbers(expected) if math.isfinite(found)]
    if not wanted:
        return None
    if case.allowed.relative >= 1:
        return "the relative tolerance is 1 or more: 0 in place of every number is accepted."
    if not any(wanted):
        return "the tolerance is so large that 1 is accepted in place of 0." if case.allowed.absolute >= 1 else None
    for guess, change in GUESSES:
        if _matches(case, _changed(expected, change)):
            return f"the tolerance is so large that {guess}."
    return None


def _expected(case: Case) -> Any:
    """Return what a case expects as a JSON value."""
    if case.kind is Kind.SQL:
        return case.expected["rows"]
    return case.expected if case.kind is Kind.CALL else _words(str(case.expected))


def _words(text: str) -> list[str | Number]:
    """Return the words of a text, those that are numbers as numbers."""
    return [word if (found := number(word)) is None else found for word in text.split()]


def _matches(case: Case, actual: Any) -> bool:
    if case.kind is Kind.SQL:
        return rows_match(case, actual, case.expected["rows"], ordered=True)
    if case.kind is Kind.CALL:
        return value_matches(case, actual)
    return text_matches(case, " ".join(map(str, actual)).encode())


def _numbers(value: Any) -> Iterator[Number]:
    """Return the numbers in a JSON value."""
    if isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def _changed(value: Any, change: Change) -> Any:
    """Return a JSON value with every number in it changed."""
    if isinstance(value, list):
        return [_changed(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _changed(item, change) for key, item in value.items()}
    return change(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
