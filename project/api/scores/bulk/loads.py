"""The steps of a bulk load that a request and a command have in common. They commit its transactions themselves."""

import errno
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import IO

import psycopg
import sqlalchemy as sa
import structlog
from psycopg.errors import DiskFull

from project.api.scores.bulk.chunks import Chunk, ChunkReader
from project.api.scores.bulk.errors import NothingUsable, StorageFull
from project.api.scores.bulk.results import LoadResult
from project.api.scores.bulk.writing import Writer, WrittenChunk, was_committed, write
from project.web.errors import ServiceUnavailable

FILE_BYTES = 65_536

log = structlog.get_logger()


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a file."""
    return iter(lambda: file.read(FILE_BYTES), b"")


@contextmanager
def validated(blocks: Iterable[bytes], reader: ChunkReader, result: LoadResult) -> Iterator[Iterator[bytes]]:
    """Receive and validate all lines, then yield them from a file: so no lock is held while they arrive.

    Raises:
        NothingUsable: a line is bad.
        BadLine: the header of a CSV is invalid.

    """
    with tempfile.TemporaryFile() as file:
        validation = LoadResult()
        for _ in reader.chunks(_copied(blocks, file), validation):
            pass
        if validation.failed:
            result.replace_by(validation)
            raise NothingUsable(errors={"body": [f"Has {validation.failed} bad lines."]})
        file.seek(0)
        yield blocks_of(file)


def _copied(blocks: Iterable[bytes], file: IO[bytes]) -> Iterator[bytes]:
    for block in blocks:
        file.write(block)
        yield block


def write_chunks(connection: sa.Connection, chunks: Iterable[Chunk], writer: Writer) -> Iterator[WrittenChunk]:
    """Write chunk after chunk, and yield each. The caller commits after each, or once after the last."""
    for chunk in chunks:
        first = not connection.in_transaction()
        with database_errors(connection):
            written = write(connection, chunk, writer, first=first)
        yield written


@contextmanager
def commit_outcome(connection: sa.Connection, written: WrittenChunk, result: LoadResult) -> Iterator[None]:
    """Find out, if the commit in the block fails, whether it took effect: the connection may be lost after it did.

    Raises:
        ServiceUnavailable: it did not, or that cannot be known.

    """
    try:
        yield
    except sa.exc.DBAPIError:
        committed = was_committed(connection.engine, written.transaction)
        if not committed:
            result.unknown_through = written.chunk.through if committed is None else None
            raise ServiceUnavailable from None
        connection.rollback()  # SQLAlchemy's state is that of an open transaction; after this, it connects again


@contextmanager
def database_errors(connection: sa.Connection | None = None) -> Iterator[None]:
    """Raise `ServiceUnavailable` or `StorageFull` for the exceptions of a lost database or a full disk."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, psycopg.Error) as error:
        cause = getattr(error, "orig", error)
        if connection is not None and not connection.closed and not connection.invalidated:
            connection.invalidate()  # SQLAlchemy does not see psycopg's own errors
        log.warning("transfer_failed", error=str(cause).strip())
        raise (StorageFull() if isinstance(cause, DiskFull) else ServiceUnavailable()) from None
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        log.warning("transfer_failed", error=str(error))
        raise StorageFull from None


def require_chunk(chunks: Iterator[Chunk], result: LoadResult) -> Iterator[Chunk]:
    """Yield the chunks. Raises `NothingUsable` if there is none."""
    first = next(chunks, None)
    if first is None:
        reason = f"Has {result.failed} bad lines, and no good one." if result.failed else "Has no line."
        raise NothingUsable(errors={"body": [reason]})
    return chain([first], chunks)
