"""Loading and exporting scores over HTTP. docs/bulk.md is for those who call it."""

import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from typing import IO

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, request

from project.api.operation import operation
from project.api.scores.bulk import errors, transfers
from project.api.scores.bulk.exporting import export
from project.api.scores.bulk.lines import MEDIA_TYPES, WRITTEN_AS, BadLine, Format
from project.api.scores.bulk.loading import Summary, Writer, Written
from project.api.scores.bulk.running import Reading, checked, database_trouble, find_out, need_something, written
from project.api.scores.bulk.schemas import BulkAnswer, BulkQuery, ExportQuery
from project.api.scores.record_statement import SOURCE_OF
from project.extensions import db
from project.web.auth import allow, caller, check
from project.web.errors import ApiError, NotPermitted, UnsupportedMediaType
from project.web.idempotency.handling import RejectKey
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import respond, success

bulk_blueprint = Blueprint("scores_bulk", __name__)

COMING = (errors.BodyTooLong, errors.BodyCut, errors.TooManyTransfers, errors.StorageFull)


@bulk_blueprint.post("/scores/bulk")
@allow(Action.USE_ACCOUNT)
@operation(
    "Record many scores",
    {200: BulkAnswer},
    query=BulkQuery,
    streams=tuple(MEDIA_TYPES),
    idempotency=RejectKey(),  # many transactions; and a load that is sent again changes nothing
    errors=(NotPermitted, errors.NothingUsable, errors.LengthRequired, *COMING),
    limit=Limit.WRITE,
)
def load_scores(query: BulkQuery) -> Response:
    """Record scores from NDJSON or CSV of any length, a chunk of lines in each transaction; graders and admins only.

    Bad lines are told by their numbers, and good ones kept. When the load ends before its end, `data` still says up to
    which line everything is written. With `atomic`, all is one transaction, and a bad line leaves nothing written.
    """
    check(Action.TRANSFER_SCORES)
    reading = _reading()
    if query.atomic and not reading.whole:
        raise errors.LengthRequired
    writer = Writer(SOURCE_OF[caller().role], caller().id)
    db.session.rollback()  # gives back the connection that asked who is calling
    summary = Summary()
    try:
        with transfers.slots().take() as slot:
            body = transfers.Body(request.content_length, slot)
            (_load_all if query.atomic else _load)(body.blocks(), reading, writer, summary)
    except BadLine as error:  # the header
        raise errors.NothingUsable(errors=error.errors) from None
    except ApiError as error:
        if query.atomic:
            summary.nothing_written()
        return _ended(error, summary)
    return success(asdict(summary), summary.sentence)


def _load(blocks: Iterable[bytes], reading: Reading, writer: Writer, summary: Summary) -> None:
    """Write the good lines, a chunk in each transaction."""
    found = need_something(reading.chunks(blocks, summary), summary)
    with db.engine.connect() as connection:
        for done in written(connection, found, writer):
            _commit(connection, done, summary)
            summary.add(done)


def _load_all(blocks: Iterable[bytes], reading: Reading, writer: Writer, summary: Summary) -> None:
    """Write all lines in one transaction, unless one is bad."""
    with database_trouble(), checked(blocks, reading, summary) as again, db.engine.connect() as connection:
        done: Written | None = None
        for done in written(connection, need_something(reading.chunks(again, summary), summary), writer):
            summary.add(done)
        if done:
            _commit(connection, done, summary)


def _commit(connection: sa.Connection, done: Written, summary: Summary) -> None:
    try:
        connection.commit()
    except sa.exc.DBAPIError:
        find_out(connection, done, summary)


def _ended(error: ApiError, summary: Summary) -> Response:
    """Return the response to a load that ended before its end, or wrote nothing."""
    extra = {"errors": error.errors} if error.errors else {}
    response = respond(error.status, error.http_status, message=error.message, data=asdict(summary), **extra)
    response.headers.update(error.headers)
    return response


def _reading() -> Reading:
    """Return how the body is to be read. Raises `UnsupportedMediaType`."""
    format_ = MEDIA_TYPES.get(request.mimetype)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if format_ is None or charset not in {"utf-8", "utf8"} or request.content_encoding:
        kinds = " or ".join(WRITTEN_AS.values())
        raise UnsupportedMediaType(errors={"body": [f"Must be plain UTF-8, with Content-Type: {kinds}."]})
    config = current_app.config
    # Without either header, HTTP/1 has no body.
    whole = request.content_length is not None or (
        "Transfer-Encoding" not in request.headers and request.environ["SERVER_PROTOCOL"].startswith("HTTP/1")
    )
    return Reading(format_, config["BULK_MAX_LINE_BYTES"], config["BULK_CHUNK_LINES"], whole)


@bulk_blueprint.get("/scores/export")
@allow(Action.USE_ACCOUNT)
@operation(
    "Export scores",
    {200: ", ".join(WRITTEN_AS.values())},
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
        return Response(headers=headers, mimetype=WRITTEN_AS[format_])
    db.session.rollback()
    slot = transfers.slots().take()
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        try:
            _write_export(query, format_, file)
            length = file.tell()
            file.seek(0)
        except BaseException:
            file.close()
            raise
    except BaseException:
        slot.release()
        raise
    headers["Content-Length"] = str(length)
    download = transfers.Download(file, length, slot)
    return Response(download, headers=headers, mimetype=WRITTEN_AS[format_], direct_passthrough=True)


def _write_export(query: ExportQuery, format_: Format, file: IO[bytes]) -> None:
    config = current_app.config
    milliseconds = config["TRANSFER_SECONDS"] * 1000
    with database_trouble(), db.engine.connect() as connection, database_trouble(connection):
        connection.execute(sa.text(f"SET LOCAL statement_timeout = {milliseconds:d}"))
        export(
            connection,
            query.model_dump(exclude_none=True),
            format_,
            file,
            most_bytes=config["TRANSFER_MAX_BYTES"],
        )
