"""Which values a case may have in its language, and which patterns are valid."""

from collections.abc import Iterator, Mapping
from typing import Any

from project.judging.languages import LANGUAGES
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.patterns import NoPattern, compiled
from project.sandbox.inside.forms import DATACLASS, FORMS, PAIRS, form_of

FORMS_OF = {
    "python": frozenset(FORMS) - {"$map"},
    "javascript": frozenset({"$set", "$map", "$generator", "$dict"}),
    **{name: language.call.forms for name, language in NATIVE_LANGUAGES.items() if language.call is not None},
}
HASHED = ("$set", "$frozenset")
HASHABLE = ("$tuple", "$frozenset", "$float", DATACLASS)  # whether a dataclass is hashable, its author has to know

Errors = Iterator[tuple[str, str]]


def value_errors(case: Mapping[str, Any], language: str) -> Errors:
    """Yield errors of the arguments, expectations and patterns of a case, with the names of their fields."""
    if case.get("calls") and language in NATIVE_LANGUAGES:
        yield "calls", f"Methods of a class cannot be called in {LANGUAGES[language].title}."
    for prefix, part in [
        ("", case),
        *((f"calls.{number}.", call) for number, call in enumerate(case.get("calls", ()))),
    ]:
        for field in ("arguments", "keywords", "expected"):
            if case["kind"] == "call" and field in part:
                for sentence in dict.fromkeys(_form_errors(part[field], language)):
                    yield f"{prefix}{field}", sentence
        if language != "python" and part.get("keywords"):
            yield f"{prefix}keywords", f"{LANGUAGES[language].title} has no keyword arguments."
        if case.get("checker") == "regex":
            yield from ((f"{prefix}{field}", sentence) for field, sentence in _pattern_errors(part))


def _pattern_errors(part: Mapping[str, Any]) -> Errors:
    message = (part.get("raises") or {}).get("message")
    for field, pattern in (("expected", part.get("expected")), ("raises.message", message)):
        if isinstance(pattern, str):
            try:
                compiled(pattern)
            except NoPattern as reason:
                yield field, f"Is no regular expression of RE2: {reason}."
        elif field == "expected" and "expected" in part:
            yield field, "Must be a regular expression, since the checker is regex."


def _form_errors(value: Any, language: str) -> Iterator[str]:
    """Yield what is wrong with the forms in a value."""
    form = form_of(value)
    if form is None:
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _form_errors(item, language)
        return
    name, content = form
    forms = FORMS_OF.get(language, frozenset())
    if name not in forms:
        yield f"There is no {name} in this language."
    if language == "python" and name in HASHED and not all(map(_is_hashable, content)):
        yield f"A {name} holds numbers, texts, booleans, null, and tuples or frozensets of these."
    if name in PAIRS and name in forms and not all(_is_key(key, language) for key, _ in content):
        yield f"These keys cannot be those of a {name}."
    yield from _form_errors(
        list(content.values()) if name == DATACLASS else content if name != "$float" else [], language
    )


def _is_key(key: Any, language: str) -> bool:
    return _is_hashable(key) if language == "python" else True  # keys of a Map may be anything


def _is_hashable(value: Any) -> bool:
    form = form_of(value)
    if form is None:
        return not isinstance(value, list | dict)
    name, content = form
    return name in HASHABLE and (name in ("$float", DATACLASS) or all(map(_is_hashable, content)))
