"""Classes of modules that come with both sides, which are one class on both.

Each side has its own copy of such a module. A class crosses by its name, and the other side takes its own: as a value,
as the class of an exception, and as what the mirror of the class is derived from. So `isinstance`, `issubclass` and
`except` find what they look for. A member of an enumeration is the receiver's own.

An answer may claim that any object is of such a class, as it could make a real one. What is decided by the class's own
methods is decided on the side where they run: see `mirrors`.
"""

import enum
import sys
from collections.abc import Collection
from importlib import import_module
from types import ModuleType
from typing import Any

from .proxies import Mirror

MAX_PARTS = 5  # of a qualified name


class SharedClasses:
    """The classes that are defined in modules of these names."""

    def __init__(self, modules: Collection[str]) -> None:
        self._modules = tuple(modules)
        self._failed: set[str] = set()

    def load(self) -> None:
        """Import the modules now, and not in the middle of a message: they may need to send one themselves."""
        for name in self._modules:
            self._module(name)

    def name(self, kind: type) -> tuple[str, str] | tuple[()]:
        """Return the module and the qualified name of a class, () if it is not shared."""
        module, name = kind.__module__, kind.__qualname__
        is_shared = type(module) is type(name) is str and module in self._modules and self.find(module, name) is kind
        return (module, name) if is_shared else ()

    def member(self, value: Any) -> str | None:
        """Return the name of a member of a shared enumeration, None for all else."""
        kind = type(value)
        if not isinstance(kind, enum.EnumMeta) or not self.name(kind):
            return None
        name = getattr(value, "_name_", None)
        return name if type(name) is str and kind.__members__.get(name) is value else None

    def find(self, module: str, name: str) -> type | None:
        """Return this side's class of that name, if it has one that can be shared."""
        if module not in self._modules or name.count(".") >= MAX_PARTS:
            return None
        found: Any = self._module(module)
        for part in name.split("."):
            if type(found) is not ModuleType and not _is_class(found):
                return None
            found = vars(found).get(part)
        return found if _is_class(found) and _is_sharable(found, module, name) else None

    def _module(self, name: str) -> Any:
        """Return a module; the test, or the answer, need not have imported it yet. None: it cannot be imported."""
        if name not in sys.modules and name not in self._failed:
            try:
                import_module(name)
            except (Exception, SystemExit):  # noqa: BLE001 - whatever the module does while it is loaded
                self._failed.add(name)
        return sys.modules.get(name)


def is_closed(own: type) -> bool:
    """Whether all instances of a class are known: those of an enumeration are its members."""
    return isinstance(own, enum.EnumMeta) and len(own.__members__) > 0


def _is_class(value: Any) -> bool:
    return issubclass(type(value), type) and type(value) is not Mirror


def _is_sharable(kind: type, module: str, name: str) -> bool:
    """Whether a class is the one that is defined under this name, and no harm is in sharing it.

    One of unittest's could end a test: `SkipTest` does.
    """
    if (kind.__module__, kind.__qualname__) != (module, name) or issubclass(kind, type):
        return False
    if any(parent.__module__.partition(".")[0] == "unittest" for parent in kind.__mro__):
        return False
    return type(kind) is type or not issubclass(kind, BaseException)
