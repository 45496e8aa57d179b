"""The form of every JSON response, and how JSON is encoded.

{"status": "success" | "fail" | "error", "message": sentence, "data": ..., "request_id": ...}
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from flask import Flask, Response, g, request
from flask.json.provider import JSONProvider

from project.web.http_caching import tag_of

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class JsonResponse:
    """A success whose data is JSON already, as PostgreSQL encoded it. Flask is not needed to send it."""

    members: bytes  # of the body's JSON object, between `status` and `request_id`: '"data":{...}'
    http_status: int = 200
    headers: Sequence[tuple[str, str]] = ()

    def body(self, request_id: str) -> bytes:
        """Return the whole body."""
        return b'{"status":"success",%b,"request_id":"%b"}' % (self.members, request_id.encode())


class DeferredBody(Iterator[bytes]):
    """The body of a response that is made later. Only the front can send it."""

    # Stores the whole response for repeats of the request, and returns the one to send.
    store: Callable[[Response], Response] | None = None

    def __next__(self) -> bytes:
        raise NotImplementedError


def json_response(data: bytes, message: str | None, http_status: int, tag: str) -> JsonResponse:
    """Return the response with this data, its entity tag, and a message."""
    sentence = b'"message":%b,' % orjson.dumps(message) if message else b""
    return JsonResponse(b'%b"data":%b' % (sentence, data), http_status, [("ETag", tag)])


def to_flask(response: JsonResponse) -> Response:
    """Return Flask's form of a response."""
    return Response(response.body(g.request_id), response.http_status, response.headers, mimetype=JSON)


def encode(status: Literal["success", "fail", "error"], request_id: str | None, **keys: object) -> bytes:
    """Return the body of a response, with the given keys between `status` and the request's id."""
    return orjson.dumps({"status": status, **keys, "request_id": request_id})


def respond(status: Literal["success", "fail", "error"], http_status: int, **keys: object) -> Response:
    """Return a response with `status`, the given keys and the request's id."""
    return Response(encode(status, g.get("request_id"), **keys), http_status, mimetype=JSON)


def success(
    data: object = None, message: str | None = None, http_status: int = 200, *, tag: str | None = None, **keys: Any
) -> Response:
    """Return a success with `data`, a message, or both; further keys stand beside them.

    `tag` is the resource's, where its states have names. All other data that is read has one that is made of it.
    """
    if message is not None:
        keys["message"] = message
    if data is not None:
        written = orjson.dumps(data)
        keys["data"] = orjson.Fragment(written)
        if tag is None and request.method in ("GET", "HEAD"):
            tag = tag_of(written, keys.get("next"))
    response = respond("success", http_status, **keys)
    if tag is not None:
        response.headers["ETag"] = tag
    return response


class OrjsonProvider(JSONProvider):
    """Flask's JSON by orjson: fast, and times as ISO 8601 with an offset where Flask writes HTTP dates."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """Return `obj` as JSON text."""
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Return what JSON text holds. For our own tests: requests are read by `project.api.payload`."""
        return orjson.loads(s)


def init_app(app: Flask) -> None:
    """Use orjson wherever Flask reads or writes JSON."""
    app.json = OrjsonProvider(app)
