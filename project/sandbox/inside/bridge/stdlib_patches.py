"""Patches of the tester's standard library: functions that inspect an object are called on the side of the object."""

import enum
import functools
import importlib
from collections.abc import Callable
from typing import Any

from .proxies import ProxyMeta, reference_of
from .special_methods import mro_of

_PATCHED = (
    ("asyncio", "run"),
    ("dataclasses", "fields"),
    ("dataclasses", "asdict"),
    ("dataclasses", "astuple"),
    ("inspect", "get_annotations"),
    ("inspect", "getsource"),
    ("inspect", "isabstract"),
    ("typing", "get_type_hints"),
)


def patch_stdlib() -> None:
    """Patch the functions. Their results are the answer's, as all that it returns."""
    for module_name, name in _PATCHED:
        module = importlib.import_module(module_name)
        setattr(module, name, _on_the_side_of_the_object(getattr(module, name), module_name, name))
    enumerations: Any = type(enum.Enum)
    enumerations.__instancecheck__ = lambda cls, value: type.__instancecheck__(cls, value) or _is_enum(type(value), cls)
    enumerations.__subclasscheck__ = lambda cls, kind: type.__subclasscheck__(cls, kind) or _is_enum(kind, cls)


def _is_enum(kind: type, library: type) -> bool:
    """Whether a class of the answer is derived from this class of the module `enum`."""
    sought = ("enum", library.__name__)
    return (
        type(kind) is ProxyMeta
        and library.__module__ == "enum"
        and any((parent.__module__, parent.__name__) == sought for parent in mro_of(kind))
    )


def _on_the_side_of_the_object(function: Callable[..., Any], module: str, name: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(subject: Any, *args: Any, **kwargs: Any) -> Any:
        reference = reference_of(subject)
        if reference is None:
            return function(subject, *args, **kwargs)
        return reference.call("library", module, name, args, kwargs)

    return call
