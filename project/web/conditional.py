"""Conditional requests, Cache-Control and compression: for every response that has an ETag.

The tags come from `project.web.responses` and the views; docs/http.md describes them to clients.
"""

from typing import ClassVar, Literal

from flask import Flask, Response, current_app, request
from flask_compress import Compress

from project.web.auth import Access
from project.web.errors import ApiError, InvalidPayload, render
from project.web.http_caching import BY_CALLER, BY_ENCODING, PRIVATE, PUBLIC, is_same, wanted_states
from project.web.roles import Role

READS = frozenset({"GET", "HEAD"})
ENCODINGS = ["zstd", "br", "gzip"]  # in the order of our preference


class PreconditionFailed(ApiError):
    """The resource is in none of the states that If-Match names."""

    http_status = 412
    status: ClassVar[Literal["fail", "error"]] = "fail"
    message = "The resource has changed. Reload it and try again."


def wanted() -> frozenset[str] | None:
    """Return the states that the request's If-Match accepts; None for any state."""
    return wanted_states(request.headers.get("If-Match"))


def refuse_conditions(*names: str) -> None:
    """Reject a write with a conditional header that the operation does not support.

    Raises:
        InvalidPayload: with the header's name.

    """
    for name in names:
        if name in request.headers:
            raise InvalidPayload(errors={name: ["This header is not supported for this operation."]})


def finish(response: Response) -> Response:
    """Set Cache-Control of a read; respond 304 if the client has the content, else compress it if it is large."""
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
    """Set Cache-Control and Vary; return whether the response is private to the caller."""
    differs = access.needs_token() or (access.identity and access.unless is None)
    private = differs and "Authorization" in request.headers
    response.headers["Cache-Control"] = PRIVATE if private else PUBLIC
    if differs:
        response.vary.add(BY_CALLER)
    if current_app.config["CORS_ORIGINS"]:
        response.vary.add("Origin")  # Flask-CORS leaves it out for a single origin
    return private


def _holds(tag: str) -> bool:
    """Whether the resource has a state that If-Match accepts."""
    states = wanted()
    return states is None or tag.strip('"') in states


def _may_compress(response: Response, tag: str, access: Access, *, private: bool) -> bool:
    """Whether the response may be compressed.

    Not with a strong tag: each encoding would need another tag, which If-Match could not use. Not what only admins see:
    it has names that attackers may choose beside addresses, and the compressed length reveals whether parts of them are
    equal (BREACH).
    """
    for_admins = access.roles == {Role.ADMIN} or (private and not access.token)
    least: int = current_app.config["COMPRESS_MIN_BYTES"]
    return tag.startswith("W/") and not for_admins and (response.content_length or 0) >= least


def _compressed(response: Response) -> Response:
    """Compress the response by the client's preferred encoding. The library would use one that is excluded by q=0."""
    if request.accept_encodings.best_match(ENCODINGS) is None:
        return response
    compress: Compress = current_app.extensions["compress"]
    return compress.after_request(response)


def init_app(app: Flask) -> None:
    """Run `finish` on every response of the application."""
    app.config.from_mapping(
        COMPRESS_REGISTER=False,  # `finish` decides what is compressed
        COMPRESS_STREAMS=False,  # an export is streamed
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        COMPRESS_ALGORITHM=ENCODINGS,
        COMPRESS_MIN_SIZE=0,
    )
    app.extensions["compress"] = Compress(app)
    app.after_request(finish)
