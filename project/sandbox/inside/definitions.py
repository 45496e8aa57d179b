"""The names that an answer defines, for the message about a function that it does not define."""

from collections.abc import Iterable
from types import ModuleType

MAX_NAMES = 8
MAX_NAME = 80  # characters


def defined(module: ModuleType) -> tuple[str, ...]:
    """Return the names of the functions and classes that a module itself defines, at most `MAX_NAMES`."""
    names = (
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and callable(value) and getattr(value, "__module__", None) == module.__name__
    )
    return tuple(sorted(names)[:MAX_NAMES])


def missing(name: str, names: Iterable[str]) -> str:
    """Return the message about an answer that does not define `name`; `names` are those that it defines."""
    *others, last = [f"`{each}`" for each in names] or ["none"]
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"Your answer defines no {_kind(name)} `{name}`; it defines {listed}."


def _kind(name: str) -> str:
    """Guess from the spelling what kind of object a name should denote."""
    if name.isupper():
        return "name"
    return "class" if name[:1].isupper() else "function"
