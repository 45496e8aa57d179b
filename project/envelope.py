"""The shape of every JSON answer, and how JSON is written.

{"status": "success" | "fail" | "error", "message": sentence, "data": ..., "request_id": ...}
"""

from typing import Any, Literal

import orjson
from flask import Flask, Response, g, request
from flask.json.provider import JSONProvider

from project.http_caching import tag_of

JSON = "application/json"


def envelope(status: Literal["success", "fail", "error"], http_status: int, **keys: object) -> Response:
    """Return an answer with `status`, the given keys and the request's id."""
    body = {"status": status, **keys, "request_id": g.get("request_id")}
    return Response(orjson.dumps(body), http_status, mimetype=JSON)


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
