"""The shape of every JSON answer, and how JSON is written.

{"status": "success" | "fail" | "error", "message": sentence, "data": ..., "request_id": ...}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from flask import Flask, Response, g
from flask.json.provider import JSONProvider

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


def answer(data: bytes, message: str | None = None, http_status: int = 200) -> Answer:
    """Return the answer with this data, and a sentence."""
    sentence = b'"message":%b,' % orjson.dumps(message) if message else b""
    return Answer(b'%b"data":%b' % (sentence, data), http_status)


def respond(answer: Answer) -> Response:
    """Return an answer in Flask's form."""
    return Response(answer.body(g.request_id), answer.http_status, answer.headers, mimetype=JSON)


def envelope(status: Literal["success", "fail", "error"], http_status: int, **keys: object) -> Response:
    """Return an answer with `status`, the given keys and the request's id."""
    body = {"status": status, **keys, "request_id": g.get("request_id")}
    return Response(orjson.dumps(body), http_status, mimetype=JSON)


def success(data: object = None, message: str | None = None, http_status: int = 200, **keys: object) -> Response:
    """Return a success with `data`, a sentence, or both; further keys stand beside them."""
    if message is not None:
        keys["message"] = message
    if data is not None:
        keys["data"] = data
    return envelope("success", http_status, **keys)


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
