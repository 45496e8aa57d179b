"""What can go wrong, as exceptions that define their response, and the one handler that renders them.

A resource derives its own errors from these, each with its message; views raise them and never build an error response.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar, Literal

import psycopg
import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from project.extensions import db
from project.web.responses import respond

log = structlog.get_logger()

# The key in a request's environ of an error that was raised before Flask got the request.
RAISED = "eval.raised_error"
RETRY_SECONDS = 5  # about what a database takes to restart

# SQLAlchemy's, and those of `project.postgres.prepared`.
DATABASE_TROUBLE = (
    *(sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError),
    *(psycopg.OperationalError, psycopg.InterfaceError),
)


class ApiError(Exception):
    """A response that is not a success. Subclasses define `http_status`, `status` and `message`."""

    http_status: ClassVar[int] = 500
    status: ClassVar[Literal["fail", "error"]] = "error"
    message: ClassVar[str] = "Something went wrong. Please try again."

    def __init__(
        self, *, errors: Mapping[str, list[str]] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(self.message)
        self.errors = errors
        self.headers = headers or {}


class InvalidPayload(ApiError):
    """The request's body or query is not what the operation takes; `errors` names the fields."""

    http_status = 400
    status: ClassVar[Literal["fail", "error"]] = "fail"
    message = "Invalid payload."


class UnsupportedMediaType(InvalidPayload):
    """The body is not JSON in UTF-8."""

    http_status = 415


class PayloadTooLarge(InvalidPayload):
    """The body is longer than MAX_CONTENT_LENGTH, or of an exercise EXERCISE_MAX_BYTES."""

    http_status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(errors={"body": [f"Must have at most {limit} bytes."]})


class BodyTooSlow(ApiError):
    """The request body was not received in time. The rest is not waited for: the connection is closed."""

    http_status = 408
    status = "fail"
    message = "The request body was not received in time."

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class TokenMissing(ApiError):
    """There is no Authorization header."""

    http_status = 403
    message = "Provide a valid auth token."


class TokenInvalid(ApiError):
    """The Authorization header is malformed, or its token unknown, expired, revoked, or of an inactive user."""

    http_status = 401
    message = "Invalid token."


class NotPermitted(ApiError):
    """The caller is known, and may not do this."""

    http_status = 401
    message = "You do not have permission to do that."


class ServiceUnavailable(ApiError):
    """Something that we need is down for now."""

    http_status = 503
    message = "The service is not available at the moment. Please try again."
    retry_seconds: ClassVar[int] = RETRY_SECONDS

    def __init__(self, errors: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(errors=errors, headers={"Retry-After": str(self.retry_seconds)})


class UsersServiceUnavailable(ServiceUnavailable):
    """The users-service does not answer, or answers nonsense."""

    message = "The users service is not available at the moment. Please try again."


class TooManyRequests(ApiError):
    """A rate limit is used up."""

    http_status = 429
    message = "Too many requests. Please try again later."


def render(error: ApiError) -> Response:
    """Return the response that an error describes."""
    extra = {"errors": error.errors} if error.errors else {}
    response = respond(error.status, error.http_status, message=error.message, **extra)
    response.headers.update(error.headers)
    return response


def handle(error: Exception) -> Response:
    """Return the response of the contract to any exception of a request. Every error response is made here."""
    db.session.rollback()
    if isinstance(error, ApiError):
        return render(error)
    if isinstance(error, RequestEntityTooLarge):
        return render(PayloadTooLarge(current_app.config["MAX_CONTENT_LENGTH"]))
    if isinstance(error, HTTPException):
        return _http_exception(error)
    if isinstance(error, sa.exc.IntegrityError) and (conflict := _conflict(error)):
        return render(conflict)
    if isinstance(error, DATABASE_TROUBLE):
        log.error("database_unavailable", error=str(getattr(error, "orig", error)).strip())
        return render(ServiceUnavailable())
    log.error("unhandled_error", exc_info=error)
    return render(ApiError())


def _http_exception(error: HTTPException) -> Response:
    """Render what Flask and Werkzeug raise themselves: unknown URLs, wrong methods, broken requests."""
    code = error.code or 500
    if code < HTTPStatus.BAD_REQUEST:  # a redirect of the router
        return error.get_response()  # type: ignore[return-value]
    response = respond("error" if code >= HTTPStatus.INTERNAL_SERVER_ERROR else "fail", code, message=f"{error.name}.")
    # Headers that explain the error, such as Allow of a 405.
    skipped = {"content-type", "content-length"}
    response.headers.extend([(k, v) for k, v in error.get_headers(request.environ) if k.lower() not in skipped])
    return response


def _conflict(error: sa.exc.IntegrityError) -> ApiError | None:
    """Return the error that the operation declares for the violated constraint."""
    view = current_app.view_functions.get(request.endpoint or "")
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    conflicts = view.operation.conflicts if view and hasattr(view, "operation") else {}
    return conflicts[constraint]() if constraint in conflicts else None


def raise_earlier_error() -> None:
    """Raise the error that was found before Flask got the request, so that the handler renders it like any other."""
    if RAISED in request.environ:
        raise request.environ.pop(RAISED)


def init_app(app: Flask) -> None:
    """Register the handler for every exception."""
    app.before_request(raise_earlier_error)
    app.register_error_handler(Exception, handle)
