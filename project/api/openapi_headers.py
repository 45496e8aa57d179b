"""The headers in the OpenAPI document: conditional requests, and writes that may be sent again."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from project.api.operation import Operation
from project.web.conditional import PreconditionFailed
from project.web.errors import ApiError
from project.web.idempotency.handling import METHODS, REPLAYED
from project.web.idempotency.keys import HEADER, MAX_LENGTH, KeyReused, StillAnswering

IF_NONE_MATCH = {
    "name": "If-None-Match",
    "description": "The `ETag` of the answer that the client has: if it is still good, 304 comes without content.",
    "schema": {"type": "string"},
}
IF_MATCH = {
    "name": "If-Match",
    "description": "The `ETag` of what is to be changed: if that is no longer it, 412 comes and nothing is changed.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY = {
    "name": HEADER,
    "description": "Anything random. A repeat of the request with the same key gets the first answer.",
    # Without spaces at its ends, which HTTP removes.
    "schema": {"type": "string", "pattern": rf"^[!-~]([ -~]{{0,{MAX_LENGTH - 2}}}[!-~])?$"},
}
TAG = {"description": "Names this state.", "schema": {"type": "string"}}
IS_REPLAYED = {
    "description": f"That this is the answer to an earlier request with the same {HEADER}.",
    "schema": {"const": "true"},
}


def parameters(method: str, declared: Operation) -> list[dict[str, Any]]:
    """Return the headers that a request may have."""
    taken = {
        "If-None-Match": (IF_NONE_MATCH, _is_tagged_read(method, declared)),
        "If-Match": (IF_MATCH, declared.conditional),
        HEADER: (IDEMPOTENCY_KEY, _uses_key(method, declared)),
    }
    return [{"in": "header", "required": False, **header} for header, is_taken in taken.values() if is_taken]


def errors(method: str, declared: Operation) -> list[type[ApiError]]:
    """Return the errors that these headers can cause."""
    found: list[type[ApiError]] = [PreconditionFailed] if declared.conditional else []
    return [*found, declared.invalid, KeyReused, StillAnswering] if _uses_key(method, declared) else found


def tagged_responses(operations: Iterable[Operation]) -> frozenset[Any]:
    """Return the response schemas of conditional writes, which have an ETag."""
    schemas = (schema for declared in operations if declared.conditional for schema in declared.responses.values())
    return frozenset(schema for schema in schemas if _has_data(schema))


def describe(responses: dict[str, Any], method: str, declared: Operation, tagged: frozenset[Any]) -> Mapping[str, Any]:
    """Add the headers of the responses."""
    for status, schema in declared.responses.items():
        headers = {}
        if (method == "GET" and _has_data(schema)) or schema in tagged:
            headers["ETag"] = TAG
        if _uses_key(method, declared):
            headers[REPLAYED] = IS_REPLAYED
        if headers:
            responses[str(status)]["headers"] = headers
    if _is_tagged_read(method, declared):
        responses["304"] = {"description": "It is still what the client has.", "headers": {"ETag": TAG}}
    return responses


def _has_data(schema: type[BaseModel] | str) -> bool:
    return not isinstance(schema, str) and "data" in schema.model_fields


def _is_tagged_read(method: str, declared: Operation) -> bool:
    return method == "GET" and any(map(_has_data, declared.responses.values()))


def _uses_key(method: str, declared: Operation) -> bool:
    return method in METHODS and declared.idempotency.uses_key
