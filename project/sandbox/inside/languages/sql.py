"""Answers in SQL, run by SQLite in the same process, on a database in memory.

The result is read and returned as JSON: `{"columns": ["name"], "rows": [["Ada"]], "is_cut": false}`. Without a result,
`columns` is null. In rows, `{"$blob": "00FF"}` stands for a BLOB, and `{"$float": "inf"}` for an infinity.
"""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from ..failures import NO_SYNTAX, OUT_OF_MEMORY, RAISED, Failure
from ..forms import BLOB, FLOAT
from ..sizes import MAX_ROWS_BYTES, MAX_VALUE_BYTES
from .sql_permissions import ADVICE, authorize
from .sql_statements import is_about_syntax, located, statements

BYTE_ORDER_MARK = "\ufeff"
NO_RESULT = '{"columns": null, "rows": [], "is_cut": false}'
INFINITY = float("inf")
_DOT_COMMAND = 'near ".": syntax error'
_SENTENCES = {
    _DOT_COMMAND: "Commands that begin with a dot belong to the program sqlite3. They are not SQL.",
    "not authorized": ADVICE,
    "authorization denied": ADVICE,
}


def result(setup: str, answer: str, query: str) -> str:
    """Run an answer on a database that `setup` has made; return the result as JSON.

    It is that of `query`, which runs after the answer, or otherwise that of the answer's last statement that has one.
    """
    try:
        connection = _connect()
        _run(connection, setup, "The setup of this test case failed. ")
        of_answer = _run(connection, answer.removeprefix(BYTE_ORDER_MARK))
        if not query.strip():
            return of_answer
        return _run(connection, query, "The query of this test case failed after your answer had run. ")
    except MemoryError:
        raise Failure(OUT_OF_MEMORY, "") from None


def _connect() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)  # no transaction begins but by BEGIN
    connection.execute("PRAGMA temp_store = MEMORY")  # not in files, which would be too small
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.set_authorizer(authorize)
    return connection


def _run(connection: sqlite3.Connection, script: str, before_errors: str = "") -> str:
    """Run a script; return its last result as JSON."""
    if "\0" in script:
        raise Failure(NO_SYNTAX, f"{before_errors}There is a NUL in the script.\n")
    last = NO_RESULT
    for statement in statements(script):
        try:
            cursor = connection.execute(statement.text)
            if cursor.description is not None:
                last = _as_json(cursor)
        except UnicodeEncodeError:
            raise Failure(NO_SYNTAX, f"{before_errors}The script is no Unicode text.\n") from None
        except (sqlite3.Error, sqlite3.Warning) as error:
            message = str(error)
            place = located(message, script, statement, connection)
            advice = next((sentence for part, sentence in _SENTENCES.items() if message.startswith(part)), "")
            text = "\n".join(filter(None, [f"{before_errors}{place}", advice]))
            is_syntax = not before_errors and is_about_syntax(message)
            raise Failure(NO_SYNTAX if is_syntax else RAISED, f"{text}\n") from None
    return last


def _as_json(cursor: sqlite3.Cursor) -> str:
    """Return a result, of which at most MAX_ROWS_BYTES are read, as JSON."""
    columns = json.dumps([column[0] for column in cursor.description], ensure_ascii=False)
    if len(columns.encode()) > MAX_VALUE_BYTES - MAX_ROWS_BYTES - len(NO_RESULT):
        raise Failure(RAISED, "The names of the columns are too long.\n")
    rows: list[str] = []
    is_cut = False
    room = MAX_ROWS_BYTES
    for row in _short_rows(cursor):
        text = "" if row is None else json.dumps([_cell(value) for value in row], ensure_ascii=False)
        room -= len(text.encode()) + len(", ")
        if row is None or room < 0:
            is_cut = True
            break
        rows.append(text)
    cursor.close()
    return f'{{"columns": {columns}, "rows": [{", ".join(rows)}], "is_cut": {json.dumps(is_cut)}}}'


def _short_rows(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...] | None]:
    """Yield the rows; None for one that is too long to be written as JSON."""
    for row in cursor:
        size = sum(len(value) for value in row if isinstance(value, str | bytes))
        yield row if size <= MAX_ROWS_BYTES else None


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        return {BLOB: value.hex().upper()}
    if isinstance(value, float) and abs(value) == INFINITY:
        return {FLOAT: repr(value)}
    return value
