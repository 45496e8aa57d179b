"""Writing a chunk of scores: COPY into a temporary table, and one upsert from there. docs/adr/0011."""

from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from psycopg.errors import DeadlockDetected

from project.api.scores.bulk.chunks import Chunk
from project.api.scores.bulk.results import LoadResult
from project.api.scores.queries import NO_LONGER_GRADED

ATTEMPTS = 3  # to write a chunk that meets a deadlock

# Dropped with the transaction, so that it works behind PgBouncer too.
STAGE = sa.text(
    "CREATE TEMPORARY TABLE bulk_lines (user_id bigint, exercise_id bigint, correct boolean) ON COMMIT DROP"
)
EMPTY = sa.text("TRUNCATE bulk_lines")
COPY = "COPY bulk_lines FROM STDIN"
# Whether a score (s) is changed. One that a trusted caller has recorded with the same result keeps its points.
CHANGES = "s.correct <> excluded.correct OR s.source = 'self_reported'"
# In the order of the keys, so that two loads do not deadlock.
UPSERT = sa.text(f"""
    WITH written AS (
        INSERT INTO scores AS s (user_id, exercise_id, correct, source, recorded_by)
        SELECT user_id, exercise_id, correct, :source, :recorded_by FROM bulk_lines
        ORDER BY user_id, exercise_id
        ON CONFLICT (user_id, exercise_id) DO UPDATE SET
            correct = excluded.correct, source = excluded.source,
            recorded_by = excluded.recorded_by, change_id = excluded.change_id, {NO_LONGER_GRADED}
        WHERE {CHANGES}
        RETURNING xmax = 0 AS created
    )
    SELECT count(*) FILTER (WHERE created) AS inserted, count(*) FILTER (WHERE NOT created) AS updated,
        pg_current_xact_id()::text AS transaction
    FROM written
""")  # noqa: S608 - constants
STATUS = sa.text("SELECT pg_xact_status(CAST(:transaction AS xid8))")


@dataclass(frozen=True)
class Writer:
    """The source and the user that scores are recorded with."""

    source: str
    recorded_by: int | None


@dataclass(frozen=True)
class WrittenChunk:
    """A chunk that was written in a transaction that is still to be committed."""

    chunk: Chunk
    inserted: int
    updated: int
    transaction: str  # its number

    def add_to(self, result: LoadResult) -> None:
        """Count it in the result of the load."""
        result.add_written(
            inserted=self.inserted,
            updated=self.updated,
            unchanged=len(self.chunk.scores) - self.inserted - self.updated,
            duplicates=self.chunk.duplicates,
            through=self.chunk.through,
        )


def write(connection: sa.Connection, chunk: Chunk, writer: Writer, *, first: bool) -> WrittenChunk:
    """Write a chunk in the transaction of the connection, which it begins if it is the `first` there."""
    for attempt in range(ATTEMPTS):
        try:
            return _write(connection, chunk, writer, first=first)
        except sa.exc.OperationalError as error:
            # A rollback would discard the other chunks of the transaction, too.
            if not first or attempt == ATTEMPTS - 1 or not isinstance(error.orig, DeadlockDetected):
                raise
            connection.rollback()
    raise AssertionError("not reached")


def _write(connection: sa.Connection, chunk: Chunk, writer: Writer, *, first: bool) -> WrittenChunk:
    connection.execute(STAGE if first else EMPTY)
    text = "".join(
        [f"{user}\t{exercise}\t{'t' if correct else 'f'}\n" for (user, exercise), correct in chunk.scores.items()]
    )
    with driver(connection).cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(text)
    row = connection.execute(UPSERT, {"source": writer.source, "recorded_by": writer.recorded_by}).one()
    return WrittenChunk(chunk, row.inserted, row.updated, row.transaction)


def driver(connection: sa.Connection) -> psycopg.Connection:
    """Return psycopg's connection: SQLAlchemy has no COPY."""
    found: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return found


def was_committed(engine: sa.Engine, transaction: str) -> bool | None:
    """Return whether a transaction was committed whose commit failed; None if that cannot be known."""
    try:
        with engine.connect() as connection:
            status = connection.execute(STATUS, {"transaction": transaction}).scalar()
    except sa.exc.DBAPIError:
        return None
    return {"committed": True, "aborted": False}.get(status or "")
