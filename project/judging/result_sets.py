"""Results in SQL: whether one is the expected one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from project.judging.problems import Case, Checker
from project.judging.tolerance import Tolerance
from project.sandbox.inside.forms import BLOB, FLOAT

Row = Sequence[Any]  # of cells: null, numbers, texts, and objects for a BLOB and an infinity
NULL, NUMBER, TEXT, BYTES = "null", "number", "text", "blob"
# Rows that are compared with a tolerance, in any order, are paired. More comparisons are made only where very many rows
# are nearly equal.
MAX_COMPARISONS = 200_000

_Key = tuple[tuple[str, Any], ...]  # of a row: the type and the value of each cell


@dataclass(frozen=True, slots=True)
class ResultSet:
    """A result: the names of its columns, and its rows. Columns are None if there is no result, or no names."""

    columns: Sequence[str] | None
    rows: Sequence[Row]
    is_cut: bool = False  # there are more rows

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ResultSet":
        """Return a result as a case or the sandbox has it. Raises TypeError, ValueError or KeyError if it is none."""
        columns, rows = value.get("columns"), [list(row) for row in value["rows"]]
        for row in rows:
            row_key(row)
        names = [str(name) for name in columns] if columns else None
        return cls(names, rows, bool(value.get("is_cut")))

    @property
    def width(self) -> int | None:
        """The number of columns; None if it is not known."""
        if self.columns is not None:
            return len(self.columns)
        return len(self.rows[0]) if self.rows else None


def has_names(result: ResultSet, names: Sequence[str] | None) -> bool:
    """Whether the columns of a result have these names, in which case does not matter, as in SQL."""
    return [name.casefold() for name in result.columns or ()] == [name.casefold() for name in names or ()]


def rows_match(case: Case, mine: Sequence[Row], wanted: Sequence[Row], *, ordered: bool) -> bool:
    """Whether rows are the expected ones, according to the case's checker. Duplicates count."""
    if len(mine) != len(wanted):
        return False
    ignores_case = case.checker is Checker.CASE_INSENSITIVE
    left, right = ([row_key(row, fold=ignores_case) for row in rows] for rows in (mine, wanted))
    if case.checker is not Checker.TOLERANCE:
        return left == right if ordered else Counter(left) == Counter(right)
    if not ordered:
        left, right = sorted(left, key=_order), sorted(right, key=_order)
    if all(_close(one, other, case.allowed) for one, other in zip(left, right, strict=True)):
        return True
    return not ordered and _can_be_paired(left, right, case.allowed)


def row_key(row: Row, *, fold: bool = False) -> _Key:
    """Return the type and the value of each cell: 5 equals 5.0, but not '5'. `fold`: ignore the case of texts."""
    return tuple(_cell_key(cell, fold=fold) for cell in row)


def _cell_key(cell: Any, *, fold: bool) -> tuple[str, Any]:
    if cell is None:
        return NULL, 0
    if isinstance(cell, int | float):
        return NUMBER, cell
    if isinstance(cell, str):
        return TEXT, cell.casefold() if fold else cell
    if FLOAT in cell:
        return NUMBER, float(cell[FLOAT])
    return BYTES, bytes.fromhex(cell[BLOB])


def _close(mine: _Key, wanted: _Key, tolerance: Tolerance) -> bool:
    return len(mine) == len(wanted) and all(
        one == other or (one[0] == other[0] == NUMBER and tolerance.allows(one[1], other[1]))
        for one, other in zip(mine, wanted, strict=True)
    )


def _order(row: _Key) -> tuple[Any, ...]:
    """Return the sort key of a row: numbers come last, so that rows with other texts are not mixed."""
    return (
        tuple(kind for kind, _ in row),
        tuple(value for kind, value in row if kind != NUMBER),
        tuple(value for kind, value in row if kind == NUMBER),
    )


def _can_be_paired(mine: list[_Key], wanted: list[_Key], tolerance: Tolerance) -> bool:
    """Whether each row has one that is close to it, and that no other row has: the first one that is left."""
    left = list(mine)
    comparisons = 0
    for row in wanted:
        for place, candidate in enumerate(left):
            comparisons += 1
            if _close(candidate, row, tolerance):
                del left[place]
                break
        else:
            return False
        if comparisons > MAX_COMPARISONS:
            return False
    return True
