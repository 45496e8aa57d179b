"""What those who operate the service see: request ids, one log line a request, and its time in the metrics."""

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

from project.operations import request_lines
from project.operations.metrics import REQUEST_SECONDS

# A client's own id is taken over if it cannot break a log line or a header.
PLAIN_PATH = re.compile(r"[A-Za-z0-9._~/-]*", re.ASCII)  # what `quote` leaves as it is
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

HANDLER = "eval-service"
UNKNOWN_ROUTE = "unknown"
# In a request's environment where its response is still to come: what there is to say of the request.
NOTED_LATER = "eval.noted_later"
DEFERS = "eval.defers"  # in a request's environment: a response may be of a kind that is sent when it is ready
ARRIVED = "eval.arrived"  # in a request's environment: when it came, by `time.perf_counter`
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()
lines = request_lines.RequestLines()


def request_id(given: str) -> str:
    """Return the id of a request: the one that its client gave, if that is harmless."""
    # An id is no secret, and asking the kernel for a random one would let another thread have the interpreter.
    return given if given and REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"


def start_request() -> None:
    """Give the request its id, and everything that is logged during it."""
    g.request_id = request_id(request.headers.get("X-Request-ID", ""))
    g.started = request.environ.get(ARRIVED) or time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def finish_request(response: Response) -> Response:
    """Put the id on the answer; count and log the request."""
    response.headers["X-Request-ID"] = g.request_id
    caller = g.get("caller")
    fields = {
        "request_id": g.request_id,
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else UNKNOWN_ROUTE,
        "path": request.path,
        "user_id": caller.id if caller else None,
        "client": request.remote_addr,
    }
    if NOTED_LATER in request.environ:
        request.environ[NOTED_LATER] = fields
    else:
        note_request(**fields, status=response.status_code, seconds=time.perf_counter() - g.started)
    return response


def note_request(  # noqa: PLR0913 - what there is to say of a request
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
    """Count and log a request that was answered, by its route and never by its query or headers."""
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
    }
    if lines.render is None:
        log.info("request", **fields)
    elif logging.root.isEnabledFor(logging.INFO):
        lines.write(lines.render(__name__, fields | {"request_id": request_id}))


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
        root.removeHandler(handler)  # of an application that was created before in this process
    handler = logging.StreamHandler()
    handler.name = HANDLER
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root.addHandler(handler)
    on_terminal = None if sys.stderr.isatty() else request_lines.as_text  # structlog has colours for it
    lines.render = request_lines.as_json if form == "json" else on_terminal
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # says at every start what it loaded


def init_app(app: Flask) -> None:
    """Watch every request of the application."""
    configure_logging(app.config["LOG_LEVEL"], app.config["LOG_FORMAT"])
    app.before_request(start_request)
    app.after_request(finish_request)
