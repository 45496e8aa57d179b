"""Shared classes: those of modules that both sides have.

Each side has its own copy of such a module. A class is sent by name, and the receiver uses its own: as a value, as the
class of an exception, and as the base of the proxy class. So `isinstance`, `issubclass` and `except` work. For a member
of an enumeration the receiver uses its own, too.

An answer may claim that any object is of such a class, as it could make a real one. Comparisons by methods of the class
are decided on the side where the methods run: see `proxy_classes`.
"""

import enum
import sys
from collections.abc import Collection
from importlib import import_module
from types import ModuleType
from typing import Any

from .proxies import ProxyMeta

MAX_PARTS = 5  # of a qualified name


class SharedClasses:
    """The classes that are defined in the modules with these names."""

    def __init__(self, modules: Collection[str]) -> None:
        self._modules = tuple(modules)
        self._failed: set[str] = set()

    def load(self) -> None:
        """Import the modules now, not while a message is decoded: they may make remote calls themselves."""
        for name in self._modules:
            self._module(name)

    def name(self, kind: type) -> tuple[str, str] | tuple[()]:
        """Return the module and the qualified name of a class, () if it is not shared."""
        module, name = kind.__module__, kind.__qualname__
        is_shared = type(module) is type(name) is str and module in self._modules and self.find(module, name) is kind
        return (module, name) if is_shared else ()

    def member(self, value: Any) -> str | None:
        """Return the name of a member of a shared enumeration, None for all other objects."""
        kind = type(value)
        if not isinstance(kind, enum.EnumMeta) or not self.name(kind):
            return None
        name = getattr(value, "_name_", None)
        return name if type(name) is str and kind.__members__.get(name) is value else None

    def find(self, module: str, name: str) -> type | None:
        """Return the local class with that name, if there is one that can be shared."""
        if module not in self._modules or name.count(".") >= MAX_PARTS:
            return None
        found: Any = self._module(module)
        for part in name.split("."):
            if type(found) is not ModuleType and not _is_class(found):
                return None
            found = vars(found).get(part)
        return found if _is_class(found) and _is_sharable(found, module, name) else None

    def _module(self, name: str) -> Any:
        """Return a module, which is imported if necessary; None if it cannot be imported."""
        if name not in sys.modules and name not in self._failed:
            try:
                import_module(name)
            except (Exception, SystemExit):  # noqa: BLE001 - the module may raise anything
                self._failed.add(name)
        return sys.modules.get(name)


def is_closed(own: type) -> bool:
    """Whether all instances of a class are known: those of an enumeration are its members."""
    return isinstance(own, enum.EnumMeta) and len(own.__members__) > 0


def _is_class(value: Any) -> bool:
    return issubclass(type(value), type) and type(value) is not ProxyMeta


def _is_sharable(kind: type, module: str, name: str) -> bool:
    """Whether a class is defined under this name, and is safe to share: one of unittest could end a test."""
    if (kind.__module__, kind.__qualname__) != (module, name) or issubclass(kind, type):
        return False
    if any(parent.__module__.partition(".")[0] == "unittest" for parent in kind.__mro__):
        return False
    return type(kind) is type or not issubclass(kind, BaseException)
