"""A short way for the requests that come most: answered before Flask's routing, request and response objects.

It is a list of routes (`project/api/hot_routes.py`), and no second framework. A request that is in the least unusual,
and every error, is left to Flask; what a route answers is made by the functions that the views call, too. docs/adr/0009
has the reasons and the figures.
"""

import io
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import Flask, request
from pydantic import BaseModel

from project.auth import Authenticator, Holder, bearer_token
from project.envelope import JSON, Answer
from project.errors import InvalidPayload, TokenInvalid, TokenMissing
from project.http_caching import NOT_KEPT
from project.late_answers import Awaited, LateAnswer, Whole
from project.observability import note_request, request_id
from project.prepared import Prepared, Run
from project.questions import Question
from project.security import cross_origin_headers, headers_of

Environment = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)

# What changes the meaning of a request, or of its answer.
UNUSUAL = frozenset(
    f"HTTP_{name}"
    for name in (
        *("IDEMPOTENCY_KEY", "IF_MATCH", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE", "IF_RANGE"),
        *("RANGE", "EXPECT", "TRANSFER_ENCODING", "CONTENT_ENCODING", "UPGRADE"),
        "ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK",
    )
)
PLAIN_QUERY = re.compile(r"[A-Za-z0-9_=&.-]*")
MAX_BODY_BYTES = 4096

# Where an error of a hot route lies, for Flask to render; the route must not be tried again.
ERROR = "eval.hot_path_error"


class LeftToFlask(Exception):
    """The request is not for the short way. Nothing was done."""


class Call:
    """One request, as the routes see it."""

    def __init__(self, environ: Environment, app: Flask, number: int) -> None:
        self.environ = environ
        self.settings = app.config
        self.extensions = app.extensions
        self.number = number  # the id in the address
        self.path: str = environ["PATH_INFO"]
        self.holder: Holder | None = None

    @property
    def database(self) -> Prepared:
        """Where statements are run."""
        found: Prepared = self.extensions["prepared"]
        return found

    def ask(self, question: Question) -> Answer | Awaited[Any]:
        """Ask what reads on the primary, with what others ask meanwhile."""
        asked: Answer | Awaited[Any] = self.extensions["reading_together"].ask(question)
        return asked

    def ask_anywhere(self, question: Question) -> Answer | Awaited[Any]:
        """Ask what reads: on a replica, if there is one and the caller does not say who they are."""
        run = self._reads_of_replica
        return self.ask(question) if run is None else question.ask(run)

    @property
    def reads(self) -> Run:
        """What runs a statement that only reads, wherever it may be asked."""
        return self._reads_of_replica or self.database.rows

    @property
    def _reads_of_replica(self) -> Run | None:
        replica = self.extensions["replica"]
        run: Run | None = None if replica is None or "HTTP_AUTHORIZATION" in self.environ else replica.rows
        return run

    def parameters(self) -> list[tuple[str, str]]:
        """Return the query's parameters."""
        query = self.environ.get("QUERY_STRING", "")
        if not query:
            return []
        if not PLAIN_QUERY.fullmatch(query):
            raise LeftToFlask
        return parse_qsl(query, keep_blank_values=True)

    def recognise(self) -> Holder:
        """Return whose token comes with the request, for a statement that confirms it."""
        authenticator: Authenticator = self.extensions["authenticator"]
        try:
            self.holder = authenticator.recognise(bearer_token(self.environ.get("HTTP_AUTHORIZATION")))
        except (TokenMissing, TokenInvalid):
            raise LeftToFlask from None
        if self.holder is None:
            raise LeftToFlask
        return self.holder

    def body(self) -> bytes:
        """Return the body, if it is a small one of JSON."""
        length = self.environ.get("CONTENT_LENGTH", "")
        if self.environ.get("CONTENT_TYPE") != JSON or not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            raise LeftToFlask
        body: bytes = self.environ["wsgi.input"].read_whole(int(length))
        self.environ["wsgi.input"] = io.BytesIO(body)  # for Flask, should the request be left to it
        return body


@dataclass(frozen=True, slots=True)
class HotRoute:
    """What Flask calls the route, and what answers it; it may raise `LeftToFlask` as long as nothing is done."""

    rule: str
    answer: Callable[[Call], Answer | Awaited[Any]]
    headers: Sequence[tuple[str, str]] = (("Cache-Control", NOT_KEPT),)


class HotPath:
    """A WSGI application: the hot routes, and Flask for all else."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._flask = app.wsgi_app
        # By method and path, where "/scores/#" stands for all paths with a number there.
        self.routes: Mapping[tuple[str, str], HotRoute] = {}
        # What pages of other sites are told, where any may call; one that may not is Flask's to answer.
        self._cross_origin = cross_origin_headers(app.config)

    def __call__(self, environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        started = time.perf_counter()
        route, number = self._find(environ)
        origin = environ.get("HTTP_ORIGIN") if self._cross_origin else None
        unlisted = origin is not None and origin not in self._cross_origin
        if route is None or unlisted or not environ.keys().isdisjoint(UNUSUAL):
            return self._flask(environ, start_response)
        call = Call(environ, self._app, number)
        finish = partial(self._finish, call, route, started)
        try:
            outcome: Answer | Awaited[Any] | Exception = route.answer(call)
        except Exception as error:  # noqa: BLE001 - Flask's handler takes every one
            outcome = error
        if isinstance(outcome, Awaited):
            return LateAnswer(outcome, finish, self._flask, environ, start_response)
        whole = finish(outcome)
        if whole is None:
            return self._flask(environ, start_response)
        start_response(whole.status_line, whole.headers)
        return [whole.body]

    def _finish(self, call: Call, route: HotRoute, started: float, outcome: Answer | Exception) -> Whole | None:
        """Return what is sent; None if it is Flask's to answer."""
        environ = call.environ
        if isinstance(outcome, Exception):
            if not isinstance(outcome, LeftToFlask | InvalidPayload):
                environ[ERROR] = outcome
            return None
        given = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        body = outcome.body(given)
        if len(body) >= self._app.config["COMPRESS_MIN_BYTES"] and environ["REQUEST_METHOD"] == "GET":
            return None  # Flask compresses it
        origin = environ.get("HTTP_ORIGIN") if self._cross_origin else None
        headers = [
            ("Content-Type", JSON),
            ("Content-Length", str(len(body))),
            ("X-Request-ID", given),
            *outcome.headers,
            *route.headers,
            *headers_of(environ["wsgi.url_scheme"]),
            *(self._cross_origin[origin] if origin else ()),
        ]
        note_request(
            request_id=given,
            method=environ["REQUEST_METHOD"],
            route=route.rule,
            path=call.path,
            status=outcome.http_status,
            seconds=time.perf_counter() - started,
            user_id=call.holder.id if call.holder else None,
            client=environ.get("REMOTE_ADDR"),
        )
        return Whole(outcome.http_status, headers, body)

    def _find(self, environ: Environment) -> tuple[HotRoute | None, int]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        found = self.routes.get((method, path))
        if found:
            return found, 0
        head, _, tail = path.rpartition("/")
        if len(tail) < len("9" * 19) and tail.isascii() and tail.isdecimal():
            return self.routes.get((method, f"{head}/#")), int(tail)
        return None, 0


def raise_error() -> None:
    """Raise what went wrong on the hot path, so that Flask's handler answers it."""
    error: Exception | None = request.environ.pop(ERROR, None)
    if error:
        raise error


def init_app(app: Flask) -> HotPath:
    """Put the hot path in front of Flask; its routes are set when the API is made."""
    hot_path = HotPath(app)
    app.before_request(raise_error)
    app.extensions["hot_path"] = hot_path
    if app.config["HOT_PATH"]:
        app.wsgi_app = hot_path  # type: ignore[method-assign]
    return hot_path
