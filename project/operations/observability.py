"""Request ids, the access log, and the time of each request in the metrics."""

import logging
import random
import re
import sys
import time
from functools import lru_cache
from urllib.parse import quote

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Histogram
from structlog.tracebacks import ExceptionDictTransformer

from project.operations.access_log import AccessLog, as_json, as_text
from project.operations.metrics import REQUEST_SECONDS

PLAIN_PATH = re.compile(r"[A-Za-z0-9._~/-]*", re.ASCII)  # what `quote` leaves as it is
# An id that a client sends is used if it cannot break a log line or a header.
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

HANDLER = "eval-service"
UNKNOWN_ROUTE = "unknown"
# In the environ of a request with a deferred response: the fields of its log line, which is written later.
NOTED_LATER = "eval.noted_later"
DEFERS = "eval.defers"  # in the environ of a request: the front can send a deferred response
CALLER_ID = "eval.caller_id"  # in a request's environment whose response is rendered later: who sent it
ARRIVED = "eval.arrived"  # in the environ of a request: when it arrived, by `time.perf_counter`
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()
access_log = AccessLog()


def request_id(given: str) -> str:
    """Return the id of a request: the client's own if that is harmless, else a random one."""
    # Not `secrets`: an id is no secret, and the system call for random bytes would release the GIL.
    return given if given and REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"


def start_request() -> None:
    """Set the id of the request, for its response and for all log lines during it."""
    g.request_id = request_id(request.headers.get("X-Request-ID", ""))
    g.started = request.environ.get(ARRIVED) or time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def finish_request(response: Response) -> Response:
    """Add the id to the response; count and log the request."""
    response.headers["X-Request-ID"] = g.request_id
    caller = g.get("caller")
    fields = {
        "request_id": g.request_id,
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else UNKNOWN_ROUTE,
        "path": request.path,
        "user_id": caller.id if caller else request.environ.get(CALLER_ID),
        "client": request.remote_addr,
    }
    if NOTED_LATER in request.environ:
        request.environ[NOTED_LATER] = fields
    else:
        note_request(**fields, status=response.status_code, seconds=time.perf_counter() - g.started)
    return response


def note_request(  # noqa: PLR0913 - the fields of a log line
    *,
    request_id: str,
    method: str,
    route: str,
    path: str,
    status: int,
    seconds: float,
    user_id: int | None,
    client: str | None,
) -> None:
    """Count and log a request with a response, by its route and never by its query or headers."""
    if method not in KNOWN_METHODS:
        method = "other"
    _request_seconds(method, route, status).observe(seconds)
    fields = {
        "method": method,
        "route": route,
        "path": path if PLAIN_PATH.fullmatch(path) else quote(path),  # no control characters on an operator's terminal
        "status": status,
        "milliseconds": round(seconds * 1000, 2),
        "user_id": user_id,
        "client": client,
        "request_id": request_id,
    }
    if access_log.render is None:
        log.info("request", **fields)
    elif logging.root.isEnabledFor(logging.INFO):
        access_log.write(access_log.render(__name__, fields))


@lru_cache
def _request_seconds(method: str, route: str, status: int) -> Histogram:
    """Return the metric of such requests; prometheus_client takes longer to find it than to count."""
    return REQUEST_SECONDS.labels(method, route, status)


def configure_logging(level: str, form: str) -> None:
    """Send structlog's and the libraries' lines to standard error, as JSON or for reading."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if form == "json":
        renderers: list[structlog.typing.Processor] = [
            # Without the local variables: they hold passwords and tokens.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ]
    else:
        renderers = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    root = logging.getLogger()
    root.setLevel(level)
    for handler in [handler for handler in root.handlers if handler.name == HANDLER]:
        root.removeHandler(handler)  # of an application that was created in this process before
    handler = logging.StreamHandler()
    handler.name = HANDLER
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root.addHandler(handler)
    on_terminal = None if sys.stderr.isatty() else as_text  # structlog has colours for it
    access_log.render = as_json if form == "json" else on_terminal
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # logs at every start what it loaded


def init_app(app: Flask) -> None:
    """Configure logging, and count and log every request of the application."""
    configure_logging(app.config["LOG_LEVEL"], app.config["LOG_FORMAT"])
    app.before_request(start_request)
    app.after_request(finish_request)
