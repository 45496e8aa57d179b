"""A fast path for the most frequent requests: they are processed on the event loop, without Flask.

It is a list of routes (`project/front/hot_routes.py`), not a second framework. Unusual requests and all errors are left
to Flask. A route and its view call the same functions to make the response. docs/adr/0009 has the reasons and the
figures.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import Flask

from project.front.environ import Environment
from project.front.rsgi import Headers
from project.operations.observability import ARRIVED, note_request, request_id
from project.web.auth import Authenticator, TokenHolder, bearer_token
from project.web.errors import RAISED, InvalidPayload, TokenInvalid, TokenMissing
from project.web.http_caching import NOT_KEPT
from project.web.responses import JSON, JsonResponse
from project.web.security import cross_origin_headers, headers_of

# Headers that change the meaning of a request or of its response.
UNUSUAL_HEADERS = frozenset(
    f"HTTP_{name}"
    for name in (
        *("IDEMPOTENCY_KEY", "IF_MATCH", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE", "IF_RANGE"),
        *("RANGE", "EXPECT", "TRANSFER_ENCODING", "CONTENT_ENCODING", "UPGRADE"),
        "ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK",
    )
)
PLAIN_QUERY = re.compile(r"[A-Za-z0-9_=&.-]*")
MAX_BODY_BYTES = 4096


class LeftToFlask(Exception):
    """Flask has to process the request. The handler has written nothing."""


class EncodedResponse(NamedTuple):
    """A complete response, ready to be sent."""

    status: int
    headers: Headers
    body: bytes


class Call:
    """A request to a hot route."""

    __slots__ = ("_body", "environ", "extensions", "holder", "number", "path", "settings")

    def __init__(self, app: Flask, environ: Environment, number: int, body: bytes) -> None:
        self.environ = environ
        self.settings = app.config
        self.extensions = app.extensions
        self.number = number  # the id in the path
        self.path: str = environ["PATH_INFO"]
        self.holder: TokenHolder | None = None
        self._body = body

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of the query string."""
        query = self.environ["QUERY_STRING"]
        if not query:
            return []
        if not PLAIN_QUERY.fullmatch(query):
            raise LeftToFlask
        # As `parse_qsl` does it with blank values, in a third of its time, since nothing is encoded.
        pairs = [pair.partition("=") for pair in query.split("&") if pair]
        return [(name, value) for name, _, value in pairs]

    def recognise(self) -> TokenHolder:
        """Return the holder of the request's token; the statement has to check that the token is valid."""
        authenticator: Authenticator = self.extensions["authenticator"]
        try:
            self.holder = authenticator.recognise(bearer_token(self.environ.get("HTTP_AUTHORIZATION")))
        except (TokenMissing, TokenInvalid):
            raise LeftToFlask from None
        if self.holder is None:
            raise LeftToFlask
        return self.holder

    def body(self) -> bytes:
        """Return the body, if it is JSON."""
        if self.environ.get("CONTENT_TYPE") != JSON:
            raise LeftToFlask
        return self._body


@dataclass(frozen=True, slots=True)
class HotRoute:
    """A route with Flask's rule and a handler, which may raise `LeftToFlask` as long as nothing was written."""

    rule: str
    handler: Callable[[Call], Awaitable[JsonResponse]]
    headers: Sequence[tuple[str, str]] = (("Cache-Control", NOT_KEPT),)


class HotPath:
    """The hot routes of an application. The key of a route is its method and path, where "#" stands for a number."""

    def __init__(self, app: Flask, routes: Mapping[tuple[str, str], HotRoute]) -> None:
        self._app = app
        self._routes = routes
        # CORS headers by origin. Requests from other origins are left to Flask.
        self._cross_origin = cross_origin_headers(app.config)

    def find(self, environ: Environment) -> tuple[HotRoute | None, int]:
        """Return the route of a request and the number in its path; None for an unusual request."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        route, number = self._routes.get((method, path)), 0
        if route is None:
            head, _, tail = path.rpartition("/")
            if len(tail) < len("9" * 19) and tail.isascii() and tail.isdecimal():
                route, number = self._routes.get((method, f"{head}/#")), int(tail)
        if route is None or not environ.keys().isdisjoint(UNUSUAL_HEADERS):
            return None, 0
        origin = environ.get("HTTP_ORIGIN") if self._cross_origin else None
        if origin is not None and origin not in self._cross_origin:
            return None, 0
        length = environ.get("CONTENT_LENGTH", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return None, 0
        return route, number

    async def respond(self, route: HotRoute, number: int, environ: Environment, body: bytes) -> EncodedResponse | None:
        """Return the response; None if it is left to Flask."""
        call = Call(self._app, environ, number, body)
        try:
            response = await route.handler(call)
        except (LeftToFlask, InvalidPayload):
            return None
        except Exception as error:  # noqa: BLE001 - Flask's handler renders every one
            environ[RAISED] = error
            return None
        return self._encode(call, route, response)

    def _encode(self, call: Call, route: HotRoute, response: JsonResponse) -> EncodedResponse | None:
        environ = call.environ
        given = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        body = response.body(given)
        if len(body) >= self._app.config["COMPRESS_MIN_BYTES"] and environ["REQUEST_METHOD"] == "GET":
            return None  # Flask compresses it
        origin = environ.get("HTTP_ORIGIN") if self._cross_origin else None
        headers = [
            ("Content-Type", JSON),
            ("Content-Length", str(len(body))),
            ("X-Request-ID", given),
            *response.headers,
            *route.headers,
            *headers_of(environ["wsgi.url_scheme"]),
            *(self._cross_origin[origin] if origin else ()),
        ]
        note_request(
            request_id=given,
            method=environ["REQUEST_METHOD"],
            route=route.rule,
            path=call.path,
            status=response.http_status,
            seconds=time.perf_counter() - environ[ARRIVED],
            user_id=call.holder.id if call.holder else None,
            client=environ.get("REMOTE_ADDR"),
        )
        return EncodedResponse(response.http_status, headers, body)
