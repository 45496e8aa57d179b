"""The learner's side: it believes the tester, and does with the answer whatever it is asked for.

Nothing here can be relied on by the tester: the learner's code is in the same process and may send what it likes.
"""

import copy
import random
import sys
from collections.abc import Callable, Collection, Mapping
from types import FunctionType, ModuleType
from typing import Any

from ..definitions import defined
from ..tracebacks import describe
from .crossing import Portrait
from .peer import Peer
from .proxies import remote_of
from .shared_classes import SharedClasses
from .specials import find_special
from .surroundings import Surroundings
from .values import base_type, base_value

MAX_TRACEBACK = 4096  # characters


def serve(fd: int, modules: Mapping[str, ModuleType], shared: Collection[str] = ()) -> None:
    """Answer the tester's questions about the modules until it closes the connection `fd`.

    Whatever the learner's code raises goes to the tester, also SystemExit and KeyboardInterrupt. What the test had put
    in the place of the standard streams and the like is gone afterwards: it was in the tester's process.

    Raises MemoryError when there is too little left to go on.
    """
    side = _Learner(modules, SharedClasses(shared))
    try:
        Peer(fd, side).serve()
    finally:
        side.surroundings.restore()


class _Learner:
    trusting = True

    def __init__(self, modules: Mapping[str, ModuleType], shared: SharedClasses) -> None:
        self.shared = shared
        self._modules = modules
        self.surroundings = Surroundings()

    def admit(self, value: Any) -> Any:
        return value

    def portray(self, error: BaseException) -> Portrait:
        if isinstance(error, MemoryError):
            error.__traceback__ = None  # lets go of what filled the memory
        hidden = "__" if self.shared.name(type(error)) else "_"
        attributes = {name: value for name, value in vars(error).items() if not name.startswith(hidden)}
        if error.__cause__ is not None:
            attributes["__cause__"] = error.__cause__
        return Portrait(error.args, attributes, describe(error, chain=False, limit=MAX_TRACEBACK))

    def perform(self, operation: str, target: Any, arguments: tuple[Any, ...]) -> Any:
        return getattr(self, f"_{operation}")(target, *arguments)

    def _module(self, _target: None, name: str) -> ModuleType:
        return self._modules[name]

    def _defined(self, target: ModuleType) -> tuple[str, ...]:
        return defined(target)

    def _surround(self, _target: None, changes: dict[int, tuple[Any, ...]]) -> None:
        self.surroundings.take_over(changes)

    def _seed(self, _target: None, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        random.seed(*arguments, **keywords)

    def _library(
        self, target: Any, module: str, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]
    ) -> Any:
        return getattr(sys.modules[module], name)(target, *arguments, **keywords)

    def _do(self, target: Any, special: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        try:
            method = find_special(target, special)
        except AttributeError as error:
            raise TypeError(str(error)) from None
        return method(*arguments, **keywords)

    def _get(self, target: Any, name: str) -> Any:
        return getattr(target, name)

    def _set(self, target: Any, name: str, value: Any) -> None:
        is_method = isinstance(target, type) and isinstance(value, FunctionType) and remote_of(value) is not None
        setattr(target, name, _method(value) if is_method else value)

    def _delete(self, target: Any, name: str) -> None:
        delattr(target, name)

    def _names(self, target: Any) -> list[str]:
        return dir(target)

    def _copy(self, target: Any) -> Any:
        return copy.copy(target)

    def _deep_copy(self, target: Any) -> Any:
        return copy.deepcopy(target)

    def _base(self, target: Any) -> Any:
        base = base_type(type(target))
        return None if base is None else base_value(target, base)


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is bound as a method, which what stands for one of the test's is not."""

    def method(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return method
