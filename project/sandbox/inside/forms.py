"""Forms: JSON for values that JSON does not have. `{"$set": [1, 2]}` is a set. docs/grading.md lists the forms.

An object is a form if its only key is the name of one and the content fits; every other object is itself. A dict that
looks like a form is written `{"$dict": [["$set", [1, 2]]]}`.
"""

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

from .failures import RAISED, Failure

ITEMS = ("$tuple", "$set", "$frozenset", "$generator")  # hold a list
PAIRS = ("$dict", "$map")  # hold a list of [key, value]
DATACLASS, FLOAT = "$dataclass", "$float"
BLOB = "$blob"  # only in the rows of SQL: hexadecimal
FLOATS = ("nan", "inf", "-inf")
FORMS = (*ITEMS, *PAIRS, DATACLASS, FLOAT)

MAX_ITEMS = 22_000  # of a generator: more do not fit into the value of a call
MAX_DEPTH = 90  # of JSON: the judge reads no more than 100


def form_of(value: Any) -> tuple[str, Any] | None:
    """Return the name and the content of a form; None if the value is not one."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((name, content),) = value.items()
    return (name, content) if name in FORMS and _fits(name, content) else None


def _fits(name: str, content: Any) -> bool:
    if name in ITEMS:
        return isinstance(content, list)
    if name in PAIRS:
        return isinstance(content, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in content)  # noqa: PLR2004 - a key and a value
    if name == FLOAT:
        return content in FLOATS
    return (
        isinstance(content, dict)
        and content.keys() == {"name", "fields"}
        and isinstance(content["name"], str)
        and isinstance(content["fields"], dict)
    )


def build(value: Any, find_class: Callable[[str], Any]) -> Any:  # noqa: PLR0911 - one for each form
    """Return the Python value that JSON with forms stands for."""
    if isinstance(value, list):
        return [build(item, find_class) for item in value]
    if not isinstance(value, dict):
        return value
    form = form_of(value)
    if form is None:
        return {key: build(item, find_class) for key, item in value.items()}
    name, content = form
    if name in PAIRS:
        return {build(key, find_class): build(item, find_class) for key, item in content}
    if name == FLOAT:
        return float(content)
    if name == DATACLASS:
        return find_class(content["name"])(**build(content["fields"], find_class))
    items = [build(item, find_class) for item in content]
    makers: dict[str, Callable[[list[Any]], Any]] = {"$tuple": tuple, "$set": set, "$frozenset": frozenset}
    return makers[name](items) if name in makers else _generator(items)


def _generator(items: list[Any]) -> Iterator[Any]:
    yield from items


class TooDeep(Exception):
    """A value is nested too deeply to be described with forms."""


def describe(value: Any, depth: int = MAX_DEPTH) -> Any:  # noqa: PLR0911 - one for each form
    """Return a Python value as JSON with forms. Raises Failure if that is impossible, and TooDeep."""
    if depth <= 0:
        raise TooDeep
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {FLOAT: repr(float(value))}
    if isinstance(value, list):
        return [describe(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return _dict(value, depth)
    for kind, name in ((tuple, "$tuple"), (set, "$set"), (frozenset, "$frozenset")):
        if isinstance(value, kind):
            return {name: [describe(item, depth - 2) for item in value]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: describe(getattr(value, field.name), depth - 3) for field in dataclasses.fields(value)}
        return {DATACLASS: {"name": type(value).__name__, "fields": fields}}
    if hasattr(type(value), "__next__"):
        return {"$generator": [describe(item, depth - 2) for item in _drawn(value)]}
    raise Failure(RAISED, f"The value is no JSON value: it is of type {type(value).__name__}.\n")


def _dict(value: dict[Any, Any], depth: int) -> Any:
    if all(type(key) is str for key in value) and not (len(value) == 1 and next(iter(value)) in FORMS):
        return {key: describe(item, depth - 1) for key, item in value.items()}
    return {"$dict": [[describe(key, depth - 3), describe(item, depth - 3)] for key, item in value.items()]}


def _drawn(iterator: Iterator[Any]) -> Iterator[Any]:
    for number, item in enumerate(iterator):
        if number == MAX_ITEMS:
            raise Failure(RAISED, f"The generator yields more than {MAX_ITEMS} values.\n")
        yield item
