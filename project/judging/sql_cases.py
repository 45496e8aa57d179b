"""Cases that run an answer in SQL: the command, whether the result is the expected one, and how both are shown."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from project.judging.output import visible
from project.judging.problems import Case
from project.judging.result_sets import ResultSet, has_names, row_key, rows_match
from project.judging.result_tables import tables
from project.judging.verdicts import Verdict
from project.sandbox.command import Command, Reply
from project.sandbox.nesting import is_nested_too_deeply


class ShownResult(NamedTuple):
    """What learners see: the expected and the actual result, and the first difference that has a likely cause."""

    expected: str
    actual: str | None
    hint: str


def command(case: Case, answer: str) -> Command:
    """Return the command that runs the answer."""
    return Command("sql", {"setup": case.setup, "answer": answer, "query": case.query})


def verdict(case: Case, process_verdict: Verdict, replies: Sequence[Reply]) -> Verdict:
    """Return the verdict of a case. `process_verdict`: how the process ended."""
    if process_verdict is not Verdict.ACCEPTED:
        return process_verdict
    actual = _parsed(replies)
    if actual is None:  # the runner does not write such replies
        return Verdict.RUNTIME_ERROR
    return Verdict.ACCEPTED if _matches(case, actual) else Verdict.WRONG_ANSWER


def shown_result(case: Case, replies: Sequence[Reply]) -> ShownResult:
    """Return what a learner sees of the result."""
    actual, wanted = _parsed(replies), ResultSet.from_json(case.expected)
    texts = tables(wanted, actual, ordered=case.ordered, column_names=case.column_names)
    difference = "" if actual is None or _matches(case, actual) else _difference(case, actual, wanted)
    return ShownResult(visible(texts[0]), None if texts[1] is None else visible(texts[1]), difference)


def _parsed(replies: Sequence[Reply]) -> ResultSet | None:
    """Return the result; None if there is none that can be read."""
    text = (replies[0].value if replies else None) or ""
    if is_nested_too_deeply(text.encode(errors="replace")):
        return None
    try:
        value = json.loads(text)
        return ResultSet.from_json(value) if isinstance(value, dict) else None
    except (ValueError, TypeError, KeyError):
        return None


def _matches(case: Case, actual: ResultSet) -> bool:
    wanted = ResultSet.from_json(case.expected)
    if actual.is_cut or actual.columns is None or wanted.width not in (None, actual.width):
        return False
    if case.column_names and not has_names(actual, wanted.columns):
        return False
    return rows_match(case, actual.rows, wanted.rows, ordered=case.ordered)


def _difference(case: Case, actual: ResultSet, wanted: ResultSet) -> str:
    """Return a sentence about a result that is not the expected one; "" if there is nothing to say but that."""
    if actual.columns is None:
        return "No statement of your answer has a result. Is a SELECT missing?"
    if wanted.width not in (None, actual.width):
        columns = "1 column" if actual.width == 1 else f"{actual.width} columns"
        return f"The result has {columns} instead of {wanted.width}."
    if actual.is_cut:
        return "The result is so large that only its beginning was read. Is the condition of a join missing?"
    return _difference_of_similar(case, actual, wanted)


def _difference_of_similar(case: Case, actual: ResultSet, wanted: ResultSet) -> str:
    if rows_match(case, actual.rows, wanted.rows, ordered=case.ordered):
        return "The rows are right, but columns have other names. Use AS to name a column."
    if rows_match(case, actual.rows, wanted.rows, ordered=False):
        return "The rows are right, but in another order. Check ORDER BY."
    if {row_key(row) for row in actual.rows} == {row_key(row) for row in wanted.rows}:
        return "The rows are right, but some are there too often, or not often enough. Check DISTINCT and joins."
    return ""
