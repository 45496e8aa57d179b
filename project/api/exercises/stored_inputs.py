"""Large inputs of cases. Each is stored once, by its SHA-256 digest; its case has beginning, digest and size.

This keeps lists of exercises small, and versions, which copy the cases.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, current_app

from project.api.bounded_cache import BoundedCache
from project.api.exercises import queries
from project.api.exercises.case_fields import MAX_TEXT_BYTES
from project.extensions import db

SHOWN_BYTES = 4096  # of a large input, shown with its case
CACHED_BYTES = 64 * 1024 * 1024  # of large inputs that an application keeps: four of the largest

NOT_STORED = "No input with this digest is stored."
OTHER_BEGINNING = "Must be the beginning of the stored input. To replace it, leave input_digest out."

Case = dict[str, Any]

EXTENSION = "stored_inputs"


def separate(cases: Iterable[Mapping[str, Any]]) -> tuple[list[Case], dict[str, bytes]]:
    """Return cases as they are stored, and their large inputs by digest."""
    stored: list[Case] = []
    inputs: dict[str, bytes] = {}
    for case in cases:
        content = b"" if "input_digest" in case else case.get("input", "").encode()
        if len(content) > MAX_TEXT_BYTES:
            digest = hashlib.sha256(content).hexdigest()
            inputs[digest] = content
            stored.append(_with_reference(case, digest, content[:SHOWN_BYTES], len(content)))
        else:
            stored.append(dict(case))
    return stored, inputs


def find_inputs(cases: Iterable[Case]) -> tuple[list[Case], dict[str, list[str]]]:
    """Return the cases, with stored inputs filled in where they refer to one by its digest; and errors by field."""
    cases = list(cases)
    digests = {case["input_digest"] for case in cases if "input_digest" in case}
    if not digests:
        return cases, {}
    known = {row.digest: row for row in db.session.execute(queries.inputs(digests, SHOWN_BYTES))}
    found: list[Case] = []
    errors: dict[str, list[str]] = {}
    for number, given in enumerate(cases):
        case = given
        if digest := given.get("input_digest"):
            if digest not in known:
                errors[f"cases.{number}.input_digest"] = [NOT_STORED]
                continue
            case = _with_reference(given, digest, known[digest].beginning, known[digest].size)
            if case["input"] != given["input"]:
                errors[f"cases.{number}.input"] = [OTHER_BEGINNING]
        found.append(case)
    return found, errors


def read_input(digest: str) -> bytes:
    """Return a large input.

    Raises:
        LookupError: it is not stored.
        SQLAlchemyError: the database cannot be reached.

    """
    cache: BoundedCache[str, bytes] = current_app.extensions[EXTENSION]
    content = cache.get(digest)
    if content is None:
        with db.engine.connect() as connection:  # not the session, which may be within a transaction
            content = connection.scalar(queries.input_content(digest))
        if content is None:
            raise LookupError(f"the input {digest} of a case is not stored")
        cache.add(digest, content)
    return content


def _with_reference(case: Mapping[str, Any], digest: str, beginning: bytes, size: int) -> Case:
    """Return a case with a reference in place of its input. The same input always results in the same JSON text."""
    others = {name: value for name, value in case.items() if name not in ("input_digest", "input_bytes")}
    # An incomplete character at the end is omitted.
    return others | {"input": beginning.decode(errors="ignore"), "input_digest": digest, "input_bytes": size}


def init_app(app: Flask) -> None:
    """Give the application its cache of large inputs."""
    app.extensions[EXTENSION] = BoundedCache[str, bytes](CACHED_BYTES, len)
