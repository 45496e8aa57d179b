"""Loading and exporting scores over HTTP. docs/bulk.md is for those who call it."""

import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from typing import IO

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, request

from project.api.operation import operation
from project.api.scores.bulk import errors
from project.api.scores.bulk.chunks import ChunkReader
from project.api.scores.bulk.downloads import Download
from project.api.scores.bulk.exporting import export
from project.api.scores.bulk.lines import EXPORT_MEDIA_TYPES, MEDIA_TYPES, BadLine, Format
from project.api.scores.bulk.loads import commit_outcome, database_errors, require_chunk, validated, write_chunks
from project.api.scores.bulk.results import LoadResult
from project.api.scores.bulk.schemas import BulkAnswer, BulkQuery, ExportQuery
from project.api.scores.bulk.transfers import transfer_limit
from project.api.scores.bulk.uploads import Upload
from project.api.scores.bulk.writing import Writer, WrittenChunk
from project.api.scores.record_statement import SOURCE_OF
from project.extensions import db
from project.web.auth import allow, caller, check
from project.web.errors import ApiError, NotPermitted, UnsupportedMediaType
from project.web.idempotency.handling import RejectKey
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import respond, success

bulk_blueprint = Blueprint("scores_bulk", __name__)

TRANSFER_ERRORS = (errors.BodyTooLong, errors.BodyCut, errors.TooManyTransfers, errors.StorageFull)


@bulk_blueprint.post("/scores/bulk")
@allow(Action.USE_ACCOUNT)
@operation(
    "Record many scores",
    {200: BulkAnswer},
    query=BulkQuery,
    streams=tuple(MEDIA_TYPES),
    idempotency=RejectKey(),  # many transactions; and a load that is sent again changes nothing
    errors=(NotPermitted, errors.NothingUsable, errors.LengthRequired, *TRANSFER_ERRORS),
    limit=Limit.WRITE,
)
def load_scores(query: BulkQuery) -> Response:
    """Record scores from NDJSON or CSV of any length, a chunk of lines in each transaction; graders and admins only.

    Bad lines are told by their numbers, and good ones kept. When the load ends before its end, `data` still says up to
    which line everything is written. With `atomic`, all is one transaction, and a bad line leaves nothing written.
    """
    check(Action.TRANSFER_SCORES)
    reader = _chunk_reader()
    if query.atomic and not reader.is_complete:
        raise errors.LengthRequired
    writer = Writer(SOURCE_OF[caller().role], caller().id)
    db.session.rollback()  # returns the connection that authenticated the caller
    result = LoadResult()
    try:
        with transfer_limit().start() as transfer:
            upload = Upload(request.content_length, transfer)
            (_load_all if query.atomic else _load)(upload.blocks(), reader, writer, result)
    except BadLine as error:  # the header
        raise errors.NothingUsable(errors=error.errors) from None
    except ApiError as error:
        if query.atomic:
            result.discard_written()
        return _ended(error, result)
    return success(asdict(result), result.message)


def _load(blocks: Iterable[bytes], reader: ChunkReader, writer: Writer, result: LoadResult) -> None:
    """Write the good lines, with a transaction for each chunk."""
    chunks = require_chunk(reader.chunks(blocks, result), result)
    with db.engine.connect() as connection:
        for written in write_chunks(connection, chunks, writer):
            with commit_outcome(connection, written, result):
                connection.commit()
            written.add_to(result)


def _load_all(blocks: Iterable[bytes], reader: ChunkReader, writer: Writer, result: LoadResult) -> None:
    """Write all lines in one transaction, unless one is bad."""
    with database_errors(), validated(blocks, reader, result) as again, db.engine.connect() as connection:
        written: WrittenChunk | None = None
        for written in write_chunks(connection, require_chunk(reader.chunks(again, result), result), writer):
            written.add_to(result)
        if written:
            with commit_outcome(connection, written, result):
                connection.commit()


def _ended(error: ApiError, result: LoadResult) -> Response:
    """Return the response to a load that stopped early, or wrote nothing."""
    extra = {"errors": error.errors} if error.errors else {}
    response = respond(error.status, error.http_status, message=error.message, data=asdict(result), **extra)
    response.headers.update(error.headers)
    return response


def _chunk_reader() -> ChunkReader:
    """Return the reader for the body. Raises `UnsupportedMediaType`."""
    format_ = MEDIA_TYPES.get(request.mimetype)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if format_ is None or charset not in {"utf-8", "utf8"} or request.content_encoding:
        kinds = " or ".join(EXPORT_MEDIA_TYPES.values())
        raise UnsupportedMediaType(errors={"body": [f"Must be plain UTF-8, with Content-Type: {kinds}."]})
    config = current_app.config
    # Without either header, HTTP/1 has no body.
    is_complete = request.content_length is not None or (
        "Transfer-Encoding" not in request.headers and request.environ["SERVER_PROTOCOL"].startswith("HTTP/1")
    )
    return ChunkReader(format_, config["BULK_MAX_LINE_BYTES"], config["BULK_CHUNK_LINES"], is_complete)


@bulk_blueprint.get("/scores/export")
@allow(Action.USE_ACCOUNT)
@operation(
    "Export scores",
    {200: ", ".join(EXPORT_MEDIA_TYPES.values())},
    query=ExportQuery,
    errors=(NotPermitted, errors.ExportTooLarge, errors.TooManyTransfers, errors.StorageFull),
)
def export_scores(query: ExportQuery) -> Response:
    """Return all scores that pass the filters, by id, as of one moment: NDJSON or CSV; graders and admins only.

    An answer that is shorter than its Content-Length was broken off.
    """
    check(Action.TRANSFER_SCORES)
    format_ = Format(query.format)
    headers = {"Content-Disposition": f'attachment; filename="scores.{format_}"'}
    if request.method == "HEAD":
        return Response(headers=headers, mimetype=EXPORT_MEDIA_TYPES[format_])
    db.session.rollback()
    transfer = transfer_limit().start()
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        try:
            _write_export(query, format_, file)
            length = file.tell()
            file.seek(0)
        except BaseException:
            file.close()
            raise
    except BaseException:
        transfer.end()
        raise
    headers["Content-Length"] = str(length)
    download = Download(file, length, transfer)
    return Response(download, headers=headers, mimetype=EXPORT_MEDIA_TYPES[format_], direct_passthrough=True)


def _write_export(query: ExportQuery, format_: Format, file: IO[bytes]) -> None:
    config = current_app.config
    milliseconds = config["TRANSFER_SECONDS"] * 1000
    with database_errors(), db.engine.connect() as connection, database_errors(connection):
        connection.execute(sa.text(f"SET LOCAL statement_timeout = {milliseconds:d}"))
        export(
            connection,
            query.model_dump(exclude_none=True),
            format_,
            file,
            most_bytes=config["TRANSFER_MAX_BYTES"],
        )
