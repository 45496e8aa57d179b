"""The commands of `manage.py scores`."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import click
from flask import current_app
from flask.cli import AppGroup

from project.api.scores.bulk.chunks import ChunkReader
from project.api.scores.bulk.errors import NothingUsable
from project.api.scores.bulk.exporting import export
from project.api.scores.bulk.lines import BadLine, Format
from project.api.scores.bulk.loads import (
    blocks_of,
    commit_outcome,
    database_errors,
    require_chunk,
    validated,
    write_chunks,
)
from project.api.scores.bulk.results import LoadResult
from project.api.scores.bulk.writing import Writer, WrittenChunk
from project.api.scores.sources import Source
from project.extensions import db
from project.web.errors import ApiError

STANDARD = "-"  # as a FILE: standard input or output

scores = AppGroup("scores", help="Load and export scores.")

format_option = click.option(
    "--format",
    "name",
    type=click.Choice([one.value for one in Format]),
    help="The format of FILE.  [default: by its extension, else ndjson]",
)


@scores.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@format_option
@click.option("--atomic", is_flag=True, help="All or nothing: if a line is bad, nothing is written.")
def import_scores(file: str, name: str | None, *, atomic: bool) -> None:
    """Load the scores in FILE, or from standard input with a dash.

    The formats are those of POST /scores/bulk: docs/bulk.md. Bad lines are listed, and good ones are written.
    """
    config = current_app.config
    reader = ChunkReader(_format(file, name), config["BULK_MAX_LINE_BYTES"], config["BULK_CHUNK_LINES"])
    result = LoadResult()
    reason = ""
    try:
        with ExitStack() as stack:
            blocks = stack.enter_context(_input(file))
            lines = stack.enter_context(validated(blocks, reader, result)) if atomic else blocks
            _load(lines, reader, result, atomic=atomic)
    except (NothingUsable, BadLine) as error:
        reason = f"{error.message} {_sentences(error)}"
    except ApiError as error:
        through = "nothing" if atomic else f"everything through line {result.written_through}, and nothing after it,"
        reason = f"{error.message} So far {through} is written."
    for wrong in result.errors:
        click.echo(f"Line {wrong['line']}, {wrong['field']}: {wrong['reason']}", err=True)
    if reason:
        raise click.ClickException(reason)
    click.echo(result.message)
    sys.exit(1 if result.failed else 0)


def _load(blocks: Iterable[bytes], reader: ChunkReader, result: LoadResult, *, atomic: bool) -> None:
    """Write the good lines, with a transaction for each chunk, or one for all."""
    chunks = require_chunk(reader.chunks(blocks, result), result)
    with db.engine.connect() as connection:
        written: WrittenChunk | None = None
        for written in write_chunks(connection, chunks, Writer(Source.IMPORTED, None)):
            if not atomic:
                with commit_outcome(connection, written, result):
                    connection.commit()
            written.add_to(result)
        if atomic and written:
            with commit_outcome(connection, written, result):
                connection.commit()


@scores.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@format_option
def export_scores(file: str, name: str | None) -> None:
    """Write all scores to FILE, or to standard output with a dash, as of one moment."""
    try:
        with ExitStack() as stack:
            output = stack.enter_context(_output(file))
            stack.enter_context(database_errors())
            connection = stack.enter_context(db.engine.connect())
            export(connection, {}, _format(file, name), output, most_bytes=sys.maxsize)
    except ApiError as error:
        raise click.ClickException(f"{error.message} Nothing was written.") from None


def _format(file: str, name: str | None) -> Format:
    if name:
        return Format(name)
    return Format.CSV if file.lower().endswith(".csv") else Format.NDJSON


def _sentences(error: ApiError) -> str:
    return "; ".join(f"{field}: {' '.join(reasons)}" for field, reasons in (error.errors or {}).items())


@contextmanager
def _input(name: str) -> Iterator[Iterator[bytes]]:
    """Yield a file's content in blocks, with a progress bar on a terminal."""
    with ExitStack() as stack:
        file = sys.stdin.buffer if name == STANDARD else stack.enter_context(Path(name).open("rb"))
        size = None if name == STANDARD else os.fstat(file.fileno()).st_size
        with click.progressbar(length=size or 0, file=sys.stderr, hidden=not (size and sys.stderr.isatty())) as bar:
            yield _counted(blocks_of(file), bar)


def _counted(blocks: Iterable[bytes], bar: Any) -> Iterator[bytes]:
    for block in blocks:
        yield block
        bar.update(len(block))


@contextmanager
def _output(name: str) -> Iterator[IO[bytes]]:
    """Yield a file to write, which gets its name once it is complete."""
    if name == STANDARD:
        yield sys.stdout.buffer
        return
    with tempfile.NamedTemporaryFile(dir=Path(name).resolve().parent, delete=False) as file:
        try:
            yield file
        except BaseException:
            Path(file.name).unlink()
            raise
        Path(file.name).replace(name)
