"""What a view declares about its requests and responses.

Validation, the OpenAPI document and the tests of the architecture all read the same declaration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any

from flask import Response, request
from pydantic import BaseModel

from project.api.payload import read_body, read_query
from project.postgres import replica
from project.web.conditional import READS, refuse_conditions
from project.web.errors import ApiError, InvalidPayload
from project.web.idempotency.handling import METHODS, KeyHandling, StoreResponse
from project.web.idempotency.keys import key_of_request
from project.web.rate_limits import Limit, limited

# The header Idempotency-Key in a WSGI environment, which is the fastest way to check for it.
KEY_VARIABLE = "HTTP_IDEMPOTENCY_KEY"


@dataclass(frozen=True)
class Operation:
    """One method of one URL."""

    summary: str
    responses: Mapping[int, type[BaseModel] | str]  # by HTTP status: a schema, or the media types of what is not JSON
    body: type[BaseModel] | None = None
    streams: tuple[str, ...] = ()  # the media types of a body that the view reads as a stream
    most_bytes: str = "MAX_CONTENT_LENGTH"  # the setting with the maximum length of the body
    query: type[BaseModel] | None = None
    invalid: type[InvalidPayload] = InvalidPayload
    errors: tuple[type[ApiError], ...] = ()
    conflicts: Mapping[str, type[ApiError]] = field(default_factory=dict)
    limit: Limit = Limit.NONE
    conditional: bool = False  # whether it supports If-Match
    replica: bool = False  # whether requests without a token may read from a replica
    idempotency: KeyHandling = field(default_factory=StoreResponse)  # what a POST or PATCH does with an Idempotency-Key


def operation(
    summary: str, responses: Mapping[int, type[BaseModel] | str], **declared: Any
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Declare a view: its summary, the schema of each success, and the other fields of `Operation`.

    The view is called with `payload` and `query`, validated, where it declares a body or a query. `errors` are those
    that it raises; `conflicts` has, by the name of the constraint, the errors for an IntegrityError.
    """
    declaration = Operation(summary, responses, **declared)

    def decorate(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def call(**arguments: Any) -> Response:
            if request.method not in READS:
                refuse_conditions("If-None-Match", *(() if declaration.conditional else ("If-Match",)))
            with limited(declaration.limit):
                if declaration.query:
                    arguments["query"] = read_query(declaration.query, declaration.invalid)
                if declaration.body:
                    arguments["payload"] = read_body(declaration.body, declaration.invalid, declaration.most_bytes)
                if KEY_VARIABLE in request.environ and request.method in METHODS:
                    read_key = partial(key_of_request, declaration.invalid)
                    return declaration.idempotency.respond(read_key, partial(view, **arguments))
                if declaration.replica:
                    return replica.read(partial(view, **arguments))
                return view(**arguments)

        call.operation = declaration  # type: ignore[attr-defined]
        return call

    return decorate
