"""Cases that run an answer in SQL on a database, and compare its result."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from project.api.exercises.case_fields import CaseText, ToleratingCase, is_none
from project.api.exercises.case_files import STORABLE
from project.api.exercises.exact import ExactPayload
from project.api.schemas import NO_NUL, Text
from project.sandbox.inside.forms import BLOB, FLOAT

MAX_COLUMNS = 100
MAX_INTEGER = 2**63 - 1
INFINITIES = ("inf", "-inf")
HEXADECIMAL = r"^(?:[0-9A-Fa-f]{2})*$"


def _check_cell(value: Any) -> Any:
    """Return a value of a row. Refuse what SQLite does not have, and what cannot be stored."""
    if isinstance(value, str):
        STORABLE.validate_python(value)
    elif isinstance(value, bool):
        raise ValueError("Must be 1 or 0: SQLite has no booleans")  # noqa: TRY004 - pydantic wants a ValueError
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("Must be a JSON value")
    elif not isinstance(value, int | float | None) and not _is_form(value):
        raise ValueError(f'Must be null, a number, a text, or a BLOB in hexadecimal, such as {{"{BLOB}": "00FF"}}')
    return value


def _is_form(value: Any) -> bool:
    """Whether a value is a BLOB or an infinity."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    content = value.get(BLOB)
    is_blob = isinstance(content, str) and re.fullmatch(HEXADECIMAL, content) is not None
    return is_blob or value.get(FLOAT) in INFINITIES


def _object(name: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", **content}},
        "required": [name],
        "additionalProperties": False,
    }


_SCHEMA = {
    "anyOf": [
        {"type": "null"},
        {"type": "number"},
        {"type": "string", "pattern": NO_NUL},
        _object(BLOB, {"pattern": HEXADECIMAL}),
        _object(FLOAT, {"enum": list(INFINITIES)}),
    ]
}
Cell = Annotated[Any, PlainValidator(_check_cell), WithJsonSchema(_SCHEMA)]


class ExpectedRows(ExactPayload):
    """A result: the names of its columns, and its rows."""

    what: ClassVar[str] = "of a result"

    columns: list[Text] | None = Field(
        None,
        min_length=1,
        max_length=MAX_COLUMNS,
        exclude_if=is_none,
        description="The names of the columns.",
        examples=[["name"]],
    )
    rows: list[Annotated[list[Cell], Field(min_length=1, max_length=MAX_COLUMNS)]] = Field(
        description='Of texts, numbers and null. A BLOB is {"$blob": "00FF"}.', examples=[[["Ada"], ["Grace"]]]
    )


class SqlCase(ToleratingCase):
    """A database for the answer, which is a script in SQL, and the result that is expected of it."""

    kind: Literal["sql"]
    setup: CaseText = Field(
        "",
        description="The script that makes the database. The answer runs after it.",
        examples=["CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('Ada'), ('Grace');"],
    )
    query: CaseText = Field(
        "",
        description="Runs after the answer, and its result is compared. Without it, the answer's last result is.",
    )
    expected: ExpectedRows
    ordered: bool = Field(True, description="Whether the order of the rows matters.")  # noqa: FBT003
    column_names: bool = Field(
        False,  # noqa: FBT003 - a default, named by its place
        description="Whether the names of the columns matter, apart from upper and lower case.",
    )
    checker: Literal["exact", "trimmed", "tolerance", "case_insensitive"] = "trimmed"


def result_errors(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield errors of the expected result of a case that its schema cannot express, with the names of their fields."""
    if case["kind"] != "sql":
        return
    columns, rows = case["expected"].get("columns"), case["expected"]["rows"]
    if case["column_names"] and not columns:
        yield "expected.columns", "Must be given, since column_names is true."
    if len({len(row) for row in rows} | ({len(columns)} if columns else set())) > 1:
        yield "expected.rows", "Must have as many values in each row as there are columns."
    for number, row in enumerate(rows):
        if any(isinstance(cell, int) and not -MAX_INTEGER - 1 <= cell <= MAX_INTEGER for cell in row):
            yield f"expected.rows.{number}", "Must have integers of at most 64 bits."
