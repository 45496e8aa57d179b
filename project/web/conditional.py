"""Conditional requests, who may keep an answer, and compression: for every answer that has a tag.

The tags come from `project.web.responses` and the views; docs/http.md tells clients about all of it.
"""

from typing import ClassVar, Literal

from flask import Flask, Response, current_app, request
from flask_compress import Compress

from project.web.auth import Access
from project.web.errors import ApiError, InvalidPayload, render
from project.web.http_caching import BY_CALLER, BY_ENCODING, PRIVATE, PUBLIC, is_same, wanted_states
from project.web.roles import Role

READS = frozenset({"GET", "HEAD"})
ENCODINGS = ["zstd", "br", "gzip"]  # the first one that a client takes


class PreconditionFailed(ApiError):
    """The resource is in none of the states that If-Match names."""

    http_status = 412
    status: ClassVar[Literal["fail", "error"]] = "fail"
    message = "The resource has changed. Reload it and try again."


def wanted() -> frozenset[str] | None:
    """Return the states in one of which the caller's If-Match wants the resource to be; None when any will do."""
    return wanted_states(request.headers.get("If-Match"))


def refuse_conditions(*names: str) -> None:
    """Refuse a write under a condition that it would pass over.

    Raises:
        InvalidPayload: with the header's name.

    """
    for name in names:
        if name in request.headers:
            raise InvalidPayload(errors={name: ["This header is not supported for this operation."]})


def finish(response: Response) -> Response:
    """Say who may keep an answer to a read; leave out its content if the client has it, else compress it if large."""
    tag = response.headers.get("ETag")
    stated = "Cache-Control" in response.headers
    if request.method not in READS or tag is None or stated or response.status_code != 200:  # noqa: PLR2004
        return response
    access: Access = getattr(current_app.view_functions[request.endpoint or ""], "access")  # noqa: B009 - Flask types views as plain functions
    private = _keep(response, access)
    compressible = _may_compress(response, tag, access, private=private)
    if compressible:
        response.vary.add(BY_ENCODING)
    if not _holds(tag):
        return render(PreconditionFailed())
    if is_same(tag, request.headers.get("If-None-Match", "")):
        response.status_code = 304  # Werkzeug sends no content then, and no headers about it
        return response
    return _compressed(response) if compressible else response


def _keep(response: Response, access: Access) -> bool:
    """State who may keep the answer; return whether it is the caller's alone."""
    differs = access.needs_token() or (access.identity and access.unless is None)
    private = differs and "Authorization" in request.headers
    response.headers["Cache-Control"] = PRIVATE if private else PUBLIC
    if differs:
        response.vary.add(BY_CALLER)
    if current_app.config["CORS_ORIGINS"]:
        response.vary.add("Origin")  # Flask-CORS leaves it out for a single one, and another one is told nothing
    return private


def _holds(tag: str) -> bool:
    """Whether If-Match, which is for writes, lets a read go on."""
    states = wanted()
    return states is None or tag.strip('"') in states


def _may_compress(response: Response, tag: str, access: Access, *, private: bool) -> bool:
    """Whether the answer is sent compressed to those who take that.

    Not with a strong tag: it would have to be another one for each encoding, and none of them good for If-Match. Not
    what only admins see: names that strangers chose stand beside addresses there, and the length of the compressed
    whole tells of what is alike in it (BREACH).
    """
    for_admins = access.roles == {Role.ADMIN} or (private and not access.token)
    least: int = current_app.config["COMPRESS_MIN_BYTES"]
    return tag.startswith("W/") and not for_admins and (response.content_length or 0) >= least


def _compressed(response: Response) -> Response:
    """Compress the answer as the client likes it best. The library would take a coding that it refuses by q=0."""
    if request.accept_encodings.best_match(ENCODINGS) is None:
        return response
    compress: Compress = current_app.extensions["compress"]
    return compress.after_request(response)


def init_app(app: Flask) -> None:
    """Finish every answer of the application."""
    app.config.from_mapping(
        COMPRESS_REGISTER=False,  # we say what is compressed
        COMPRESS_STREAMS=False,  # an export goes out as it is made
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        COMPRESS_ALGORITHM=ENCODINGS,
        COMPRESS_MIN_SIZE=0,
    )
    app.extensions["compress"] = Compress(app)
    app.after_request(finish)
