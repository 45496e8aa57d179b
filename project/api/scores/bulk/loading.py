"""Writing scores by the chunk: COPY into a temporary table, and one upsert from there. docs/adr/0011."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.errors import DeadlockDetected

from project.api.scores.bulk.lines import BadLine, Format, Parse, check, csv_parser, ndjson
from project.api.scores.queries import NO_LONGER_GRADED

MOST_ERRORS = 1000  # are told; all are counted
ATTEMPTS = 3  # to write a chunk that meets a deadlock

# Gone with the transaction, so that it works behind PgBouncer too.
STAGE = sa.text(
    "CREATE TEMPORARY TABLE bulk_lines (user_id bigint, exercise_id bigint, correct boolean) ON COMMIT DROP"
)
EMPTY = sa.text("TRUNCATE bulk_lines")
COPY = "COPY bulk_lines FROM STDIN"
# Whether a score (s) becomes another one: what somebody trusted said already is left alone, points and all.
CHANGES = "s.correct <> excluded.correct OR s.source = 'self_reported'"
# In the order of their keys: two who write many scores never wait for each other in a ring.
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
    """On whose account scores are written."""

    source: str
    recorded_by: int | None


@dataclass
class Summary:
    """What has become of the lines so far."""

    lines: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    failed: int = 0
    written_through: int = 0
    unknown_through: int | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, number: int, error: BadLine) -> None:
        """Count a bad line."""
        self.failed += 1
        reasons = ((name, reason) for name, reasons in (error.errors or {}).items() for reason in reasons)
        room = MOST_ERRORS if self.failed <= MOST_ERRORS else 0
        self.errors += [{"line": number, "field": name, "reason": reason} for name, reason in reasons][:room]

    def add(self, written: "Written") -> None:
        """Count a chunk that is written."""
        self.inserted += written.inserted
        self.updated += written.updated
        self.unchanged += len(written.chunk.rows) - written.inserted - written.updated
        self.duplicates += written.chunk.duplicates
        self.written_through = written.chunk.through

    def nothing_written(self) -> None:
        """Forget what was counted as written: the transaction of it all was not committed."""
        self.inserted = self.updated = self.unchanged = self.duplicates = self.written_through = 0

    def become(self, other: "Summary") -> None:
        """Say what another summary says."""
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name))

    @property
    def sentence(self) -> str:
        """Say how it went."""
        return (
            f"{self.lines} lines: {self.inserted} inserted, {self.updated} updated, {self.unchanged} unchanged, "
            f"{self.duplicates} duplicates, {self.failed} failed."
        )


@dataclass
class Chunk:
    """Scores to write in one transaction, by user and exercise: of lines about the same, the last is kept."""

    rows: dict[tuple[int, int], bool]
    duplicates: int
    through: int  # the number of the last line


def chunks(
    lines: Iterable[list[bytes]], format_: Format, summary: Summary, *, size: int, longest: int
) -> Iterator[Chunk]:
    """Yield the chunks that the lines make, and count the lines and bad ones in `summary`.

    Raises:
        BadLine: a CSV header that is none.

    """
    parse: Parse | None = ndjson if format_ is Format.NDJSON else None
    rows: dict[tuple[int, int], bool] = {}
    number = good = 0
    for some in lines:
        for line in some:
            number += 1
            if not line or line.isspace():
                continue
            if parse is None:
                check(line, longest)
                parse = csv_parser(line)
                continue
            summary.lines += 1
            try:
                if len(line) > longest or type(line) is not bytes:
                    check(line, longest)
                user_id, exercise_id, correct = parse(line)
            except BadLine as error:
                summary.refuse(number, error)
                continue
            rows[user_id, exercise_id] = correct
            good += 1
            if good == size:
                yield Chunk(rows, good - len(rows), number)
                rows, good = {}, 0
    if rows:
        yield Chunk(rows, good - len(rows), number)
    else:
        summary.written_through = number if summary.written_through else 0


@dataclass(frozen=True)
class Written:
    """What writing a chunk did, once its transaction commits."""

    chunk: Chunk
    inserted: int
    updated: int
    transaction: str  # its number


def write(connection: sa.Connection, chunk: Chunk, writer: Writer, *, first: bool) -> Written:
    """Write a chunk in the transaction of the connection, which it begins if it is the `first` there."""
    for attempt in range(ATTEMPTS):
        try:
            return _write(connection, chunk, writer, first=first)
        except sa.exc.OperationalError as error:
            # Other chunks of the same transaction would be lost with it.
            if not first or attempt == ATTEMPTS - 1 or not isinstance(error.orig, DeadlockDetected):
                raise
            connection.rollback()
    raise AssertionError("not reached")


def _write(connection: sa.Connection, chunk: Chunk, writer: Writer, *, first: bool) -> Written:
    connection.execute(STAGE if first else EMPTY)
    text = "".join(
        [f"{user}\t{exercise}\t{'t' if correct else 'f'}\n" for (user, exercise), correct in chunk.rows.items()]
    )
    with driver(connection).cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(text)
    row = connection.execute(UPSERT, {"source": writer.source, "recorded_by": writer.recorded_by}).one()
    return Written(chunk, row.inserted, row.updated, row.transaction)


def driver(connection: sa.Connection) -> psycopg.Connection:
    """Return psycopg's connection, which alone can COPY."""
    found: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return found


def was_committed(engine: sa.Engine, transaction: str) -> bool | None:
    """Whether a transaction whose commit was not answered has happened; None when nobody can tell."""
    try:
        with engine.connect() as connection:
            status = connection.execute(STATUS, {"transaction": transaction}).scalar()
    except sa.exc.DBAPIError:
        return None
    return {"committed": True, "aborted": False}.get(status or "")
