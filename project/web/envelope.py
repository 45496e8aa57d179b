"""The shape of every JSON answer, and how JSON is written.

{"status": "success" | "fail" | "error", "message": sentence, "data": ..., "request_id": ...}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from flask import Flask, Response, g, request
from flask.json.provider import JSONProvider

from project.web.http_caching import tag_of

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """A success that is JSON already, as PostgreSQL wrote it."""

    keys: bytes  # what stands between the envelope's status and its request_id: '"data":{...}'
    http_status: int = 200
    headers: Sequence[tuple[str, str]] = ()

    def body(self, request_id: str) -> bytes:
        """Return the whole body."""
        return b'{"status":"success",%b,"request_id":"%b"}' % (self.keys, request_id.encode())


def answer(data: bytes, message: str | None, http_status: int, tag: str) -> Answer:
    """Return the answer with this data, its tag, and a sentence."""
    sentence = b'"message":%b,' % orjson.dumps(message) if message else b""
    return Answer(b'%b"data":%b' % (sentence, data), http_status, [("ETag", tag)])


def respond(answer: Answer) -> Response:
    """Return an answer in Flask's form."""
    return Response(answer.body(g.request_id), answer.http_status, answer.headers, mimetype=JSON)


def encode(status: Literal["success", "fail", "error"], request_id: str | None, **keys: object) -> bytes:
    """Return the body of a response, with the given keys between `status` and the request's id."""
    return orjson.dumps({"status": status, **keys, "request_id": request_id})


def envelope(status: Literal["success", "fail", "error"], http_status: int, **keys: object) -> Response:
    """Return an answer with `status`, the given keys and the request's id."""
    return Response(encode(status, g.get("request_id"), **keys), http_status, mimetype=JSON)


def success(
    data: object = None, message: str | None = None, http_status: int = 200, *, tag: str | None = None, **keys: Any
) -> Response:
    """Return a success with `data`, a sentence, or both; further keys stand beside them.

    `tag` is the resource's, where its states have names. All other data that is read has one that is made of it.
    """
    if message is not None:
        keys["message"] = message
    if data is not None:
        written = orjson.dumps(data)
        keys["data"] = orjson.Fragment(written)
        if tag is None and request.method in ("GET", "HEAD"):
            tag = tag_of(written, keys.get("next"))
    response = envelope("success", http_status, **keys)
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
