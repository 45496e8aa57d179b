"""Results in SQL as tables of text, for learners."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from project.judging.result_sets import ResultSet, Row, row_key
from project.judging.tolerance import number
from project.sandbox.inside.forms import BLOB, FLOAT

MAX_ROWS = 200
MAX_CELL = 60  # characters
MAX_COLUMNS = 50
NO_RESULT = "(no result)"

_Table = list[list[str]]  # of cells


def tables(wanted: ResultSet, actual: ResultSet | None, *, ordered: bool, column_names: bool) -> tuple[str, str | None]:
    """Return the expected and the actual result as texts.

    Their columns have the same widths, so that equal rows are equal lines. Where the order does not matter, the actual
    rows that were expected come first, in the order of those. Where names do not matter, both have the actual names.
    """
    names = wanted.columns
    if actual is None or actual.columns is None:
        return _text(wanted, names, _cells(names, wanted.rows)), None if actual is None else NO_RESULT
    if not column_names and wanted.width in (None, actual.width):
        names = actual.columns
    rows = actual.rows if ordered else list(_like(wanted.rows, actual.rows))
    expected, found = _cells(names, wanted.rows), _cells(actual.columns, rows)
    widths = _widths(expected + found)
    return _text(wanted, names, expected, widths), _text(actual, actual.columns, found, widths)


def _like(order: Sequence[Row], rows: Sequence[Row]) -> Iterator[Row]:
    """Yield rows, first those that are in `order` too."""
    places = defaultdict(list)
    for row in reversed(rows):
        places[row_key(row)].append(row)
    for row in order:
        if found := places[row_key(row)]:
            yield found.pop()
    left = {id(row) for found in places.values() for row in found}
    yield from (row for row in rows if id(row) in left)


def _cells(names: Sequence[str] | None, rows: Sequence[Row]) -> _Table:
    header = [[_shortened(name) for name in names[:MAX_COLUMNS]]] if names else []
    return header + [[_cell(value) for value in row[:MAX_COLUMNS]] for row in rows[:MAX_ROWS]]


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, dict):
        return str(value[FLOAT]) if FLOAT in value else _shortened(f"X'{value[BLOB].upper()}'")
    if isinstance(value, str):
        return _shortened(f"'{value}'" if _looks_different(value) else value)
    return repr(value)


def _looks_different(text: str) -> bool:
    """Whether a text could be mistaken for another value, or its spaces not be seen."""
    return text in ("", "NULL") or text != text.strip() or number(text) is not None


def _shortened(text: str) -> str:
    line = text.replace("\n", "\\n")
    return line if len(line) <= MAX_CELL else f"{line[: MAX_CELL - 1]}…"


def _widths(table: _Table) -> list[int]:
    width = max((len(row) for row in table), default=0)
    return [max((len(row[column]) for row in table if column < len(row)), default=0) for column in range(width)]


def _text(result: ResultSet, names: Sequence[str] | None, table: _Table, widths: list[int] | None = None) -> str:
    widths = _widths(table) if widths is None else widths
    lines = [" | ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)).rstrip() for row in table]
    if names:
        lines.insert(1, "-+-".join("-" * width for _, width in zip(table[0], widths, strict=False)))
    left_out = ["..."] if len(result.rows) > MAX_ROWS else []
    return "\n".join([*lines, *left_out, _count(result)])


def _count(result: ResultSet) -> str:
    if result.is_cut:
        return f"(more than {len(result.rows)} rows)"
    return "(1 row)" if len(result.rows) == 1 else f"({len(result.rows)} rows)"
