"""Calls and values as source text in the learner's language."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from project.judging.values import Form, read

JAVASCRIPTS = ("javascript", "nodejs", "typescript")


def value(given: Any, language: str) -> str:
    """Return a value, given as JSON with forms, as source text."""
    return _writer(language)(read(given))


def call(function: str, arguments: Sequence[Any], keywords: Mapping[str, Any], language: str) -> str:
    """Return the call of a function."""
    named = [f"{name}={value(given, language)}" for name, given in keywords.items()]
    return f"{function}({', '.join([*(value(given, language) for given in arguments), *named])})"


def construction(function: str, arguments: Sequence[Any], keywords: Mapping[str, Any], language: str) -> str:
    """Return the statement that makes an object of a class and assigns it to a name."""
    made = call(function, arguments, keywords, language)
    name = object_name(function)
    return f"const {name} = new {made}" if language in JAVASCRIPTS else f"{name} = {made}"


def object_name(function: str) -> str:
    """Return the name for an object of a class."""
    return f"{function[:1].lower()}{function[1:]}"


def exception(kind: str, message: str | None) -> str:
    """Return an exception as in the last line of a traceback."""
    return f"{kind}: {message}" if message else kind


def _writer(language: str) -> Callable[[Any], str]:
    if language == "python":
        return _python
    return _javascript if language in JAVASCRIPTS else _json


def _python(given: Any) -> str:  # noqa: PLR0911 - one for each form
    if isinstance(given, list):
        return f"[{_joined(given, _python)}]"
    if isinstance(given, dict):
        return "{" + ", ".join(f"{name!r}: {_python(item)}" for name, item in given.items()) + "}"
    if not isinstance(given, Form):
        return repr(given)
    content = given.content
    if given.name == "$dataclass":
        return f"{content[0]}({', '.join(f'{name}={_python(item)}' for name, item in content[1].items())})"
    if given.name == "$float":
        return f"float('{content}')"
    if given.name in ("$dict", "$map"):
        return "{" + ", ".join(f"{_python(key)}: {_python(item)}" for key, item in content) + "}"
    items = _joined(content, _python)
    return {
        "$tuple": f"({items},)" if len(content) == 1 else f"({items})",
        "$set": f"{{{items}}}" if content else "set()",
        "$frozenset": f"frozenset({{{items}}})" if content else "frozenset()",
        "$generator": f"iter([{items}])",
    }[given.name]


def _javascript(given: Any) -> str:
    if isinstance(given, list):
        return f"[{_joined(given, _javascript)}]"
    if isinstance(given, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {_javascript(item)}" for name, item in given.items()) + "}"
    if isinstance(given, float) and math.isfinite(given) and given.is_integer():
        return str(int(given))
    if not isinstance(given, Form):
        return json.dumps(given, ensure_ascii=False)
    if given.name == "$dict":
        return "{" + ", ".join(f"{_javascript(key)}: {_javascript(item)}" for key, item in given.content) + "}"
    items = _joined(given.content if isinstance(given.content, list) else [], _javascript)
    return {"$set": f"new Set([{items}])", "$map": f"new Map([{items}])", "$generator": f"[{items}].values()"}.get(
        given.name, f"[{items}]"
    )


def _json(given: Any) -> str:
    """Return a value as JSON, with braces around a set."""
    if isinstance(given, list):
        return f"[{_joined(given, _json)}]"
    if isinstance(given, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {_json(item)}" for name, item in given.items()) + "}"
    if not isinstance(given, Form):
        return json.dumps(given, ensure_ascii=False)
    return f"{{{_joined(given.content, _json)}}}" if isinstance(given.content, list) else str(given.content)


def _joined(items: Sequence[Any], write: Callable[[Any], str]) -> str:
    return ", ".join(write(item) for item in items)
