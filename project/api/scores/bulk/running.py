"""A bulk load from its first line to its last, whoever asked for it: a request or a command."""

import errno
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO

import psycopg
import sqlalchemy as sa
import structlog
from psycopg.errors import DiskFull

from project.api.scores.bulk.errors import NothingUsable, StorageFull
from project.api.scores.bulk.lines import Format, split
from project.api.scores.bulk.loading import Chunk, Summary, Writer, Written, chunks, was_committed, write
from project.web.errors import ServiceUnavailable

FILE_BYTES = 65_536

log = structlog.get_logger()


@dataclass(frozen=True)
class Reading:
    """How lines are read: their format, how long they may be, how many make a chunk, and whether the end is sure."""

    format: Format
    longest: int
    size: int
    whole: bool = True

    def chunks(self, blocks: Iterable[bytes], summary: Summary) -> Iterator[Chunk]:
        """Yield the chunks of a text. Raises `BadLine` for a wrong CSV header."""
        # JSON that is cut off is none; with CSV one cannot know.
        whole = self.whole or self.format is Format.NDJSON
        lines = split(blocks, self.longest, whole=whole)
        return chunks(lines, self.format, summary, size=self.size, longest=self.longest)


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what a file has."""
    return iter(lambda: file.read(FILE_BYTES), b"")


@contextmanager
def checked(blocks: Iterable[bytes], reading: Reading, summary: Summary) -> Iterator[Iterator[bytes]]:
    """Check all lines first, and give them again: so nothing is locked while they come.

    Raises:
        NothingUsable: a line is bad.
        BadLine: the CSV header is.

    """
    with tempfile.TemporaryFile() as file:
        found = Summary()
        for _ in reading.chunks(_copied(blocks, file), found):
            pass
        if found.failed:
            summary.become(found)
            raise NothingUsable(errors={"body": [f"Has {found.failed} bad lines."]})
        file.seek(0)
        yield blocks_of(file)


def _copied(blocks: Iterable[bytes], file: IO[bytes]) -> Iterator[bytes]:
    for block in blocks:
        file.write(block)
        yield block


def written(connection: sa.Connection, found: Iterable[Chunk], writer: Writer) -> Iterator[Written]:
    """Write chunk after chunk; whoever asks commits after each, if each is to be a transaction of its own."""
    for chunk in found:
        first = not connection.in_transaction()
        with database_trouble(connection):
            done = write(connection, chunk, writer, first=first)
        yield done


def find_out(connection: sa.Connection, done: Written, summary: Summary) -> None:
    """Ask whether a chunk was committed by a commit that failed. Raises `ServiceUnavailable` unless it was."""
    committed = was_committed(connection.engine, done.transaction)
    if not committed:
        summary.unknown_through = done.chunk.through if committed is None else None
        raise ServiceUnavailable from None
    connection.rollback()  # of what SQLAlchemy takes for open still; then it connects anew


@contextmanager
def database_trouble(connection: sa.Connection | None = None) -> Iterator[None]:
    """Turn what a lost database or a full disk raises into the answers for it."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, psycopg.Error) as error:
        cause = getattr(error, "orig", error)
        if connection is not None and not connection.closed and not connection.invalidated:
            connection.invalidate()  # psycopg's own errors do not tell SQLAlchemy that the connection is broken
        log.warning("transfer_failed", error=str(cause).strip())
        raise (StorageFull() if isinstance(cause, DiskFull) else ServiceUnavailable()) from None
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        log.warning("transfer_failed", error=str(error))
        raise StorageFull from None


def need_something(found: Iterator[Chunk], summary: Summary) -> Iterator[Chunk]:
    """Yield the chunks. Raises `NothingUsable` when there is none."""
    first = next(found, None)
    if first is None:
        reason = f"Has {summary.failed} bad lines, and no good one." if summary.failed else "Has no line."
        raise NothingUsable(errors={"body": [reason]})
    return chain([first], found)
