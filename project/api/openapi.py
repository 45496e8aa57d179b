"""The OpenAPI 3.1 document, generated from the declarations of the views, with the schemas that validate requests."""

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, NamedTuple

from flask import Flask
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from project.api import openapi_headers as headers
from project.api.operation import Operation
from project.api.schemas import MAX_NAME_LENGTH, NAME_PATTERN
from project.web.auth import Access
from project.web.errors import (
    ApiError,
    BodyTooSlow,
    NotPermitted,
    PayloadTooLarge,
    ServiceUnavailable,
    TokenInvalid,
    TokenMissing,
    TooManyRequests,
    UnsupportedMediaType,
)
from project.web.rate_limits import Limit
from project.web.responses import JSON
from project.web.roles import Role

REFERENCE = "#/components/schemas/{model}"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Refusal(BaseModel):
    """Every answer that is not a success."""

    status: str = Field(description="`fail`: understood and refused. `error`: authentication or the server.")
    message: str
    request_id: str
    errors: dict[str, list[str]] | None = Field(None, description="By field, what is wrong with it.")


def build(app: Flask) -> dict[str, Any]:
    """Return the document of the application as it is configured."""
    operations = list(_operations(app))
    modes: list[tuple[type[BaseModel], Any]] = [(Refusal, "serialization")]
    for one in operations:
        declared = one.declared
        modes += [(model, "serialization") for model in declared.responses.values() if not isinstance(model, str)]
        modes += [(declared.body, "validation")] if declared.body else []
    references, definitions = models_json_schema(sorted(set(modes), key=str), ref_template=REFERENCE)
    tagged = headers.tagged_responses(one.declared for one in operations)
    paths: dict[str, Any] = {}
    for rule, method, declared, access in operations:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        view = app.view_functions[rule.endpoint]
        # PATCH has two paths with one view, and ids of operations must be unique.
        paths.setdefault(path, {})[method.lower()] = {
            "operationId": f"{view.__name__}{'_by_id' if rule.arguments and method == 'PATCH' else ''}",
            "tags": [rule.endpoint.partition(".")[0]],
            "summary": declared.summary,
            "description": cleandoc(view.__doc__ or ""),
            "security": _security(app, access),
            "parameters": [
                *_path_parameters(rule),
                *_query_parameters(declared),
                *headers.parameters(method, declared),
            ],
            **_request_body(declared, references),
            "responses": headers.describe(_responses(method, declared, access, references), method, declared, tagged),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Exercises and scores", "version": "1", "description": cleandoc(DESCRIPTION)},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


DESCRIPTION = """
Every answer is an object with `status`: `success`, `fail` or `error`; data is under `data`, a sentence under `message`.
Times are ISO 8601 in UTC. Lists come in pages: follow `next`. What is read has an `ETag`: sent back as `If-None-Match`,
it saves what has not changed. A write with an `Idempotency-Key` can be sent again without being done again.
"""


class _Described(NamedTuple):
    """An operation, its route, and who may call it."""

    rule: Rule
    method: str
    declared: Operation
    access: Access


def _operations(app: Flask) -> Iterator[_Described]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if hasattr(view, "operation"):
            for method in METHODS:
                if method in (rule.methods or ()):
                    access = getattr(view, "access")  # noqa: B009 - Flask types views as plain functions
                    yield _Described(rule, method, view.operation, access)


def _security(app: Flask, access: Access) -> list[dict[str, list[str]]]:
    """Return whether a token is required, optional, or has no effect."""
    with app.app_context():
        if access.needs_token():
            return [{"bearer": []}]
    return [{}, {"bearer": []}] if access.identity else []


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    named = {"type": "string", "pattern": NAME_PATTERN, "maxLength": MAX_NAME_LENGTH}
    numbered = {"type": "integer", "format": "int64", "minimum": 0}
    return [
        {"name": name, "in": "path", "required": True, "schema": named if name == "name" else numbered}
        for name in sorted(rule.arguments)
    ]


def _query_parameters(declared: Operation) -> list[dict[str, Any]]:
    if declared.query is None:
        return []
    parameters = []
    described = declared.query.model_json_schema()
    for name, schema in described["properties"].items():
        # A parameter is absent rather than null.
        flat = {**schema, **next((one for one in schema.pop("anyOf", []) if one.get("type") != "null"), {})}
        # Enumerations, such as verdicts, are definitions of the query schema, which is not in the document itself.
        if "$ref" in flat:
            flat = described["$defs"][flat.pop("$ref").removeprefix("#/$defs/")] | flat
        flat = {key: value for key, value in flat.items() if key != "anyOf" and (key, value) != ("default", None)}
        parameters.append(
            {"name": name, "in": "query", "description": flat.pop("description", ""), "required": False, "schema": flat}
        )
    return parameters


def _request_body(declared: Operation, references: Any) -> dict[str, Any]:
    if declared.streams:
        content = {media_type: {"schema": {"type": "string"}} for media_type in declared.streams}
        return {"requestBody": {"required": True, "content": content}}
    if declared.body is None:
        return {}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": references[declared.body, "validation"]}}}}


def _responses(method: str, declared: Operation, access: Access, references: Any) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, declared_response in declared.responses.items():
        if isinstance(declared_response, str):
            responses[str(status)] = {
                "description": declared.summary,
                "content": {
                    media_type: {"schema": {"type": "object" if media_type == JSON else "string"}}
                    for media_type in declared_response.split(", ")
                },
            }
        else:
            schema = references[declared_response, "serialization"]
            responses[str(status)] = {
                "description": cleandoc(declared_response.__doc__ or ""),
                "content": {JSON: {"schema": schema}},
            }
    for error in _errors(method, declared, access):
        response = responses.setdefault(
            str(error.http_status),
            {"description": "", "content": {JSON: {"schema": references[Refusal, "serialization"], "examples": {}}}},
        )
        response["description"] = f"{response['description']}\n\n{cleandoc(error.__doc__ or '')}".strip()
        response["content"][JSON]["examples"][error.__name__] = {
            "value": {"status": error.status, "message": error.message, "request_id": "9f86d081884c4d65"}
        }
    return responses


def _errors(method: str, declared: Operation, access: Access) -> list[type[ApiError]]:
    """Return all errors of an operation: those that it declares, and those that follow from its declaration."""
    errors: list[type[ApiError]] = [*declared.errors, *declared.conflicts.values(), *headers.errors(method, declared)]
    if declared.body or declared.streams:
        errors += [declared.invalid, PayloadTooLarge, UnsupportedMediaType, BodyTooSlow]
    elif declared.query:
        errors += [declared.invalid]
    if access.token:
        errors += [TokenMissing, TokenInvalid]
    if access.roles != frozenset(Role):
        errors += [NotPermitted]
    if declared.limit is not Limit.NONE:
        errors += [TooManyRequests]
    return list(dict.fromkeys([*errors, ServiceUnavailable]))
