import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from project import create_app, db
from project.config import ROOT
from project.errors import InvalidPayload

JSON = "application/json"
MAX_BYTES = create_app().config["MAX_CONTENT_LENGTH"]
BOMB = 100_000

WRONG_BODIES = {
    "empty": b"",
    "blank": b" \n",
    "null": b"null",
    "list": b"[]",
    "list of objects": b"[{}]",
    "string": b'"text"',
    "number": b"5",
    "boolean": b"true",
    "cut": b"{",
    "form": b"exercise_id=1&correct=true",
    "single quotes": b"{'exercise_id': 1}",
    "comma": b'{"exercise_id": 1,}',
    "two values": b"{} {}",
    "no UTF-8": b'{"x": "\xff"}',
    "overlong UTF-8": b'{"x": "\xc0\x80"}',
    "surrogate in UTF-8": b'{"x": "\xed\xa0\x80"}',
    "raw NUL": b'{"x": "\x00"}',
    "NUL after it": b"{}\x00",
    "bomb of lists": b"[" * BOMB,
    "bomb of whole lists": b"[" * BOMB + b"]" * BOMB,
    "bomb of objects": b'{"x":' * BOMB,
    "bomb of whole objects": b'{"x":' * BOMB + b"1" + b"}" * BOMB,
    "bomb within": b'{"x":' + b"[" * BOMB + b"]" * BOMB + b"}",
}
# Each makes a body that is good otherwise a bad one, under a key that no operation knows.
WRONG_VALUES = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000, "9" * 5000 + ".5", "[" * BOMB, "01", "'x'"]
WRONG_TYPES = [
    *("", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("application/jsonx", "application", f"{JSON}; charset=latin-1", f"{JSON}; charset=utf-16", f"{JSON};charset=x"),
]
GOOD_TYPES = [JSON, "Application/JSON", f"{JSON}; charset=utf-8", f"{JSON}; charset=UTF8", f'{JSON}; charset="UTF-8"']

VALUES_OF_TYPES = {
    "null": [None],
    "boolean": [True, False],
    "integer": [5, 0, 1, -1],
    "number": [5.5, 5.0, 1.0, 0.0],
    "string": ["text", "", "5", "1", "true", "null"],
    "array": [[], [1], [None]],
    "object": [{}, {"x": 1}],
}
NEVER = {
    "integer": [2**63, -(2**63) - 1, 10**30],
    "string": ["\0", "a\0b", "\ud800", "a\udc00b", "\udc00\ud800"],
}


class Case:
    """An operation that takes a body: how to call it well, so that a test can spoil one thing."""

    def __init__(self, method, rule, operation):
        self.method, self.rule, self.invalid = method, rule, operation.invalid
        self.fields = operation.body.model_fields
        self.schema = operation.body.model_json_schema()
        self.good = {name: field.examples[0] for name, field in self.fields.items() if field.is_required()}

    def types(self, name):
        """Return the JSON types that a field takes, and whether it takes only certain words."""
        declared = self.schema["properties"][name]
        choices = [
            self.schema["$defs"][choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
            for choice in declared.get("anyOf", [declared])
        ]
        return {choice["type"] for choice in choices}, all("enum" in choice for choice in choices)

    def wrong_values(self, name):
        """Return values of all types that a field does not take, and bad ones of those that it takes."""
        types, words = self.types(name)
        wrong = [value for kind, values in VALUES_OF_TYPES.items() if kind not in types for value in values]
        if "number" in types and "integer" not in types:
            wrong = [value for value in wrong if type(value) is not int]
        wrong += [value for kind in types for value in NEVER.get(kind, [])]
        return [*wrong, "nonsense", ""] if words else wrong

    def __repr__(self):
        return f"{self.method} {self.rule}"


def cases(app):
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "operation", None)
        if declared and declared.body:
            yield from (Case(method, rule.rule, declared) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))


OPERATIONS = sorted(cases(create_app()), key=repr)
each_operation = pytest.mark.parametrize("case", OPERATIONS, ids=repr)


@pytest.fixture
def address(client, admin):
    """Return the address of an operation: where it has an id, that of a score of the caller's."""
    mine = client.post("/scores", json={"exercise_id": 1, "correct": True}, headers=admin.headers).json["data"]["id"]
    return lambda case: re.sub(r"<[^>]+>", str(mine), case.rule)


@pytest.fixture
def fingerprint(rows):
    """Return what is in all tables, as a digest of each."""
    one = "SELECT '{0}' AS name, count(*), md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {0} AS t"
    statement = " UNION ALL ".join(one.format(name) for name in sorted(db.metadata.tables))
    return lambda: rows(statement)


@pytest.fixture
def refused(client, admin, address, fingerprint):
    """Send a bad body and check the refusal; it must be the one of `error`, name the field and write nothing."""
    before = fingerprint()

    def check(case, body, field, error=None, content_type=JSON):
        headers = admin.headers | ({"Content-Type": content_type} if content_type else {})
        answer = client.open(address(case), method=case.method, data=body, headers=headers)
        what = (body or b"")[:80], content_type
        check_refusal(answer.status_code, answer.headers, answer.data, field, error or case.invalid, what)
        assert fingerprint() == before, what

    address = (lambda found: lambda case: re.sub(r"<[^>]+>", found, case.rule))(re.sub(r"\D", "", address(OPERATIONS[0])))
    return check
