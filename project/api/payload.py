"""Parsing the JSON body and the query of a request, strictly, with errors that name the field."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from flask import current_app, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from project.sandbox.nesting import is_nested_too_deeply
from project.web.errors import InvalidPayload, PayloadTooLarge, UnsupportedMediaType

MAX_DIGITS = 4000  # Python refuses to read integers of more than 4300, as that takes quadratic time

Model = TypeVar("Model", bound=BaseModel)


def read_body(
    model: type[Model], invalid: type[InvalidPayload] = InvalidPayload, most_bytes: str = "MAX_CONTENT_LENGTH"
) -> Model:
    """Return the request's JSON body as `model`; `most_bytes` names the setting that bounds it.

    Raises:
        UnsupportedMediaType: the content type is not JSON, or its charset not UTF-8.
        PayloadTooLarge: the body is longer than the setting allows.
        InvalidPayload: (as the class `invalid`) the body is no JSON object, or a field is wrong.

    """
    limit = current_app.config[most_bytes]
    if not request.content_type and not _body(limit):
        raise invalid(errors={"body": ["Must be given."]})
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if not request.is_json or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(errors={"body": ["Must be JSON in UTF-8, with Content-Type: application/json."]})
    try:
        values = parse_json(_body(limit))
    except ValueError as error:
        raise invalid(errors={"body": [str(error)]}) from None
    return validate(model, values, invalid)


def read_query(model: type[Model], invalid: type[InvalidPayload] = InvalidPayload) -> Model:
    """Return the request's query as `model`. Unknown parameters are ignored."""
    return validate_query(model, list(request.args.items(multi=True)), invalid)


def validate_query(
    model: type[Model], parameters: Sequence[tuple[str, str]], invalid: type[InvalidPayload] = InvalidPayload
) -> Model:
    """Return the parameters of a query as `model`."""
    values: dict[str, str] = {}
    for name, text in parameters:
        if name in values and name in model.model_fields:
            raise invalid(errors={name: ["Must be given once."]})
        values.setdefault(name, text)
    return validate(model, values, invalid)


def _body(limit: int) -> bytes:
    """Return the body, if it is not too long.

    Werkzeug refuses a Content-Length over the limit, but silently truncates a chunked body, and what is left could be
    valid. So its limit is one byte more.
    """
    request.max_content_length = limit + 1
    try:
        body = request.get_data()  # cached, since an Idempotency-Key needs it again
    except RequestEntityTooLarge:
        raise PayloadTooLarge(limit) from None
    if len(body) > limit:
        raise PayloadTooLarge(limit)
    return body


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON text; stricter than `json.loads`, which accepts duplicate keys, NaN and UTF-16.

    Raises:
        ValueError: with a message for the client.

    """
    if is_nested_too_deeply(body):
        raise ValueError("Is nested too deeply.")
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except UnicodeDecodeError:
        raise ValueError("Must be JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"Is no JSON: {error.msg} at character {error.pos}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"Has the key {name[:64]!r} twice.")
        found[name] = value
    return found


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"Has a number of {len(text)} digits.")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise ValueError(f"Has the number {text[:64]}, which is not finite.")
    return value


def validate(model: type[Model], values: object, invalid: type[InvalidPayload] = InvalidPayload) -> Model:
    """Return the values as `model`. Raises `InvalidPayload`, as the class `invalid`, with errors by field."""
    try:
        return model.model_validate(values)
    except ValidationError as failure:
        errors: dict[str, list[str]] = {}
        for error in failure.errors(include_url=False, include_context=False, include_input=False):
            field = ".".join(str(part) for part in error["loc"]) or "body"
            errors.setdefault(field, []).append(_sentence(error["msg"]))
        raise invalid(errors=errors) from None


def _sentence(text: str) -> str:
    """Return pydantic's message as a sentence."""
    text = text.removeprefix("Value error, ")
    text = f"{text[:1].upper()}{text[1:]}"
    return text if text.endswith("?") else text.rstrip(".") + "."
