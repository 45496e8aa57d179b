"""Exporting scores to a file, by COPY: one statement, so one snapshot, and PostgreSQL encodes the lines."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO

import sqlalchemy as sa

from project.api.scores.bulk.errors import ExportTooLarge
from project.api.scores.bulk.lines import Format
from project.api.scores.bulk.writing import driver
from project.api.scores.queries import FILTERS, JSON, all_scores, time

EXPORTS = {
    # JSON of ours has no backslash, tab or line break in it, so COPY's text format leaves it as it is.
    Format.NDJSON: (JSON, ""),
    # Times and booleans as JSON has them, and as a bulk load takes them.
    Format.CSV: (
        f"""id, user_id, exercise_id, correct::text AS correct, source, points, max_points, attempts,
        {time("created_at")} AS created_at, {time("updated_at")} AS updated_at""",
        "WITH (FORMAT csv, HEADER)",
    ),
}


def export(
    connection: sa.Connection, filters: Mapping[str, object], format_: Format, file: IO[bytes], *, most_bytes: int
) -> None:
    """Write the scores that pass the filters to a file, ordered by id. Raises `ExportTooLarge` or `OSError`."""
    statement = all_scores(*(name for name in FILTERS if name in filters)).compile(connection)
    columns, options = EXPORTS[format_]
    copy = f"COPY (SELECT {columns} FROM ({statement}) AS s ORDER BY s.id) TO STDOUT {options}"  # noqa: S608 - constants
    values = {name: _literal(value) for name, value in filters.items()}
    count = 0
    with driver(connection).cursor() as cursor, cursor.copy(copy, values) as lines:
        for data in lines:
            count += len(data)
            if count > most_bytes:
                raise ExportTooLarge
            file.write(data)
    file.flush()


def _literal(value: object) -> object:
    """Return a value that PostgreSQL reads in the text of a statement, for COPY takes no parameters."""
    if type(value) is int:
        return str(value)  # as a bare number, -9223372036854775808 would be no bigint
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC)  # PostgreSQL reads no offsets beyond 16 hours
        except OverflowError:  # within a day of the first or the last year, when there were no scores
            return value.replace(tzinfo=UTC)
    return value
