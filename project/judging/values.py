"""Values of calls, and their equality: JSON, with the forms of `inside.forms` for values that JSON does not have."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from project.judging.tolerance import NONE, Tolerance
from project.sandbox.inside.forms import DATACLASS, FLOAT, ITEMS, PAIRS, form_of

UNORDERED = ("$set", "$frozenset")


@dataclass(frozen=True, slots=True)
class Form:
    """A value that JSON does not have: its content is a list of items, of pairs, a `(class, fields)`, or a float."""

    name: str
    content: Any


def read(value: Any) -> Any:
    """Return JSON with its forms as `Form`. An object that is not a valid form stays an object."""
    if isinstance(value, list):
        return [read(item) for item in value]
    if not isinstance(value, dict):
        return value
    form = form_of(value)
    if form is None:
        return {key: read(item) for key, item in value.items()}
    name, content = form
    if name == DATACLASS:
        return Form(name, (content["name"], read(content["fields"])))
    return Form(name, float(content) if name == FLOAT else read(content))


def equal(mine: Any, wanted: Any, tolerance: Tolerance = NONE) -> bool:
    """Whether a value equals the expected one: true does not equal 1, but 5 equals 5.0.

    If plain JSON is expected, a tuple is a list, and the keys of a dict are texts as in JSON.
    """
    if isinstance(wanted, Form):
        return _is_form(mine, wanted, tolerance)
    mine = plain(mine)
    if isinstance(mine, bool) or isinstance(wanted, bool):
        return mine is wanted
    if isinstance(mine, int | float) and isinstance(wanted, int | float):
        return tolerance.allows(mine, wanted)
    if isinstance(mine, list) and isinstance(wanted, list):
        return _all_equal(mine, wanted, tolerance)
    if isinstance(mine, dict) and isinstance(wanted, dict):
        return mine.keys() == wanted.keys() and all(equal(mine[key], wanted[key], tolerance) for key in wanted)
    return type(mine) is type(wanted) and bool(mine == wanted)


def plain(value: Any) -> Any:
    """Convert a tuple, or a dict with keys other than texts, to plain JSON; return every other value unchanged."""
    if isinstance(value, Form) and value.name == "$tuple":
        return value.content
    if isinstance(value, Form) and value.name == "$dict":
        keys = [_json_key(key) for key, _ in value.content]
        if all(key is not None for key in keys):
            return {key: item for key, (_, item) in zip(keys, value.content, strict=True)}
    return value


def canonical(value: Any) -> str:
    """Return a text that is equal for equal values."""
    return json.dumps(_unified(value), sort_keys=True)


def changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a value with a function applied to everything in it that is not a container."""
    if isinstance(value, list):
        return [changed(item, change) for item in value]
    if isinstance(value, dict):
        return {key: changed(item, change) for key, item in value.items()}
    if isinstance(value, Form) and value.name == DATACLASS:
        return Form(value.name, (value.content[0], changed(value.content[1], change)))
    return Form(value.name, changed(value.content, change)) if isinstance(value, Form) else change(value)


def _json_key(key: Any) -> str | None:
    if isinstance(key, str):
        return key
    return json.dumps(key) if key is None or isinstance(key, int | float) else None


def _all_equal(mine: list[Any], wanted: list[Any], tolerance: Tolerance) -> bool:
    return len(mine) == len(wanted) and all(
        equal(left, right, tolerance) for left, right in zip(mine, wanted, strict=True)
    )


def _is_form(mine: Any, wanted: Form, tolerance: Tolerance) -> bool:
    if wanted.name == "$dict" and isinstance(mine, dict):
        mine = Form("$dict", [[key, item] for key, item in mine.items()])
    if not isinstance(mine, Form) or mine.name != wanted.name:
        return False
    if wanted.name in UNORDERED:
        return _all_equal(sorted(mine.content, key=_order), sorted(wanted.content, key=_order), tolerance)
    if wanted.name in ITEMS:
        return _all_equal(mine.content, wanted.content, tolerance)
    if wanted.name in PAIRS:
        left, right = ({canonical(key): item for key, item in form.content} for form in (mine, wanted))
        return left.keys() == right.keys() and all(equal(left[key], right[key], tolerance) for key in right)
    if wanted.name == DATACLASS:
        return bool(mine.content[0] == wanted.content[0]) and equal(mine.content[1], wanted.content[1], tolerance)
    return tolerance.allows(mine.content, wanted.content)


def _order(value: Any) -> tuple[float, str]:
    """Return the sort key of an item of a set: numbers are sorted by size, so that the nearest are compared."""
    items = value.content if isinstance(value, Form) else [value]
    first = items[0] if isinstance(items, list) and items else items
    is_number = isinstance(first, int | float) and not isinstance(first, bool)
    try:
        return (float(first), canonical(value)) if is_number else (math.inf, canonical(value))
    except OverflowError:
        return (math.inf, canonical(value))


def _unified(value: Any) -> Any:
    if isinstance(value, Form):
        content = _unified(list(value.content) if isinstance(value.content, tuple) else value.content)
        if value.name in UNORDERED:
            content = sorted(content, key=json.dumps)
        return {"$form": [value.name, content]}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_unified(item) for item in value]
    if isinstance(value, dict):
        return {key: _unified(item) for key, item in value.items()}
    return value
