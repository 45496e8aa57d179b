"""Changes to the standard library of the tester, so that it finds in the answer's objects what it looks for.

A function that looks into an object is called on the side where that is.
"""

import enum
import functools
import importlib
from collections.abc import Callable
from typing import Any

from .proxies import Mirror, remote_of
from .specials import order_of

_LENT = (
    ("asyncio", "run"),
    ("dataclasses", "fields"),
    ("dataclasses", "asdict"),
    ("dataclasses", "astuple"),
    ("inspect", "get_annotations"),
    ("inspect", "getsource"),
    ("inspect", "isabstract"),
    ("typing", "get_type_hints"),
)


def adapt() -> None:
    """Make the changes. What the functions return is the answer's to say, as all that it returns."""
    for module_name, name in _LENT:
        module = importlib.import_module(module_name)
        setattr(module, name, _where_it_is(getattr(module, name), module_name, name))
    enumerations: Any = type(enum.Enum)
    enumerations.__instancecheck__ = lambda cls, value: type.__instancecheck__(cls, value) or _is_enum(type(value), cls)
    enumerations.__subclasscheck__ = lambda cls, kind: type.__subclasscheck__(cls, kind) or _is_enum(kind, cls)


def _is_enum(kind: type, library: type) -> bool:
    """Whether a class of the answer's derives from one of the module `enum`."""
    sought = ("enum", library.__name__)
    return (
        type(kind) is Mirror
        and library.__module__ == "enum"
        and any((parent.__module__, parent.__name__) == sought for parent in order_of(kind))
    )


def _where_it_is(function: Callable[..., Any], module: str, name: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(subject: Any, *args: Any, **kwargs: Any) -> Any:
        remote = remote_of(subject)
        return (
            function(subject, *args, **kwargs) if remote is None else remote.ask("library", module, name, args, kwargs)
        )

    return call
