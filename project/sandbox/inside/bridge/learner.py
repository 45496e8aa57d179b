"""The learner's side: it trusts the tester, and executes all its requests on the answer.

The tester cannot rely on anything here: the learner's code is in the same process, and may send any message.
"""

import copy
import random
import sys
from collections.abc import Callable, Collection, Mapping
from types import FunctionType, ModuleType
from typing import Any

from ..definitions import defined
from ..tracebacks import describe
from .marshalling import ExceptionState
from .patched_globals import PatchedGlobals
from .peer import Peer
from .proxies import reference_of
from .shared_classes import SharedClasses
from .special_methods import find_special
from .values import base_type, base_value

MAX_TRACEBACK = 4096  # characters


def serve(fd: int, modules: Mapping[str, ModuleType], shared: Collection[str] = ()) -> None:
    """Execute the tester's requests on the modules until it closes the connection `fd`.

    All exceptions of the learner's code are sent to the tester, including SystemExit and KeyboardInterrupt. At the end,
    what the test has patched is restored: the replacements were in the tester's process.

    Raises MemoryError when there is not enough memory to go on.
    """
    side = LearnerSide(modules, SharedClasses(shared))
    try:
        Peer(fd, side).serve()
    finally:
        side.patched_globals.restore()


class LearnerSide:
    """The learner's side of the connection; see `peer.Side`. A request is executed by the method of its name."""

    trusting = True

    def __init__(self, modules: Mapping[str, ModuleType], shared: SharedClasses) -> None:
        self.shared = shared
        self._modules = modules
        self.patched_globals = PatchedGlobals()

    def prepare_export(self, value: Any) -> Any:
        """Return the object: the tester may receive all of them."""
        return value

    def exception_state(self, error: BaseException) -> ExceptionState:
        """Return the arguments, the public attributes and the traceback."""
        if isinstance(error, MemoryError):
            error.__traceback__ = None  # releases the objects that filled the memory
        hidden = "__" if self.shared.name(type(error)) else "_"
        attributes = {name: value for name, value in vars(error).items() if not name.startswith(hidden)}
        if error.__cause__ is not None:
            attributes["__cause__"] = error.__cause__
        return ExceptionState(error.args, attributes, describe(error, chain=False, limit=MAX_TRACEBACK))

    def execute(self, operation: str, target: Any, arguments: tuple[Any, ...]) -> Any:
        """Execute a request."""
        return getattr(self, f"_{operation}")(target, *arguments)

    def _module(self, _target: None, name: str) -> ModuleType:
        return self._modules[name]

    def _defined(self, target: ModuleType) -> tuple[str, ...]:
        return defined(target)

    def _patch(self, _target: None, changes: dict[int, tuple[Any, ...]]) -> None:
        self.patched_globals.apply(changes)

    def _seed(self, _target: None, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        random.seed(*arguments, **keywords)

    def _library(
        self, target: Any, module: str, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]
    ) -> Any:
        return getattr(sys.modules[module], name)(target, *arguments, **keywords)

    def _call(self, target: Any, special: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        try:
            method = find_special(target, special)
        except AttributeError as error:
            raise TypeError(str(error)) from None
        return method(*arguments, **keywords)

    def _get(self, target: Any, name: str) -> Any:
        return getattr(target, name)

    def _set(self, target: Any, name: str, value: Any) -> None:
        is_method = isinstance(target, type) and isinstance(value, FunctionType) and reference_of(value) is not None
        setattr(target, name, _method(value) if is_method else value)

    def _delete(self, target: Any, name: str) -> None:
        delattr(target, name)

    def _dir(self, target: Any) -> list[str]:
        return dir(target)

    def _copy(self, target: Any) -> Any:
        return copy.copy(target)

    def _deep_copy(self, target: Any) -> Any:
        return copy.deepcopy(target)

    def _base(self, target: Any) -> Any:
        base = base_type(type(target))
        return None if base is None else base_value(target, base)


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is bound as a method: a proxy for a function of the test is not."""

    def method(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return method
