"""What the learner's side gets of the tester's objects, and what it may do with them.

It gets what the test hands over: as an argument, as the answer of a callback, or as a public attribute of an object
that it got. It never gets what leads to the test itself: modules, frames, code, test cases, anything of this package.
"""

import array
import collections
import functools
import io
import operator
import sys
import types
import unittest
import unittest.mock
from collections.abc import Callable, Collection
from typing import Any

from .assertions import Assertions
from .crossing import Named, Portrait
from .errors import CannotCross, ProtocolViolation
from .proxies import remote_of
from .reading import iterated
from .shared_classes import SharedClasses
from .specials import CHANGING, COMPARISONS, SPECIALS, TEXTS, find_special, is_method
from .values import base_type, base_value

NEVER = (
    types.ModuleType,
    types.FrameType,
    types.CodeType,
    unittest.TestCase,
    unittest.TestResult,
    unittest.TestSuite,
    io.FileIO,
    io.TextIOWrapper,
    io.BufferedReader,
    io.BufferedWriter,
    io.BufferedRandom,
)

# Of these no attributes are read: they lead to code, globals and captured values. They can be called and iterated.
OPAQUE = (
    type,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    types.GeneratorType,
    types.CoroutineType,
    types.AsyncGeneratorType,
    functools.partial,
    functools.partialmethod,
    type(functools.lru_cache(lambda: None)),
    property,
    staticmethod,
    classmethod,
)
OPAQUE_SPECIALS = COMPARISONS | {"__call__", "__hash__", "__bool__", "__iter__", "__next__"}
OPAQUE_ATTRIBUTES = frozenset({"__name__", "__doc__", "send", "throw", "close"})

# Attributes are read and set on instances of the test's own classes, of mocks, and of classes from these modules.
OPEN_MODULES = frozenset(
    "builtins io _io types collections _collections datetime array random re threading _thread queue".split()
)
# Ways into an interpreter's insides that do not begin with an underscore. None is on an object that is open; if one
# ever is, it stops here.
FORBIDDEN_ATTRIBUTES = frozenset(
    """
    gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await cr_origin ag_frame ag_code ag_await
    tb_frame tb_next f_back f_builtins f_code f_globals f_locals mro
    """.split()
)
# What has methods that change it: the answer does not call one while the test compares.
CONTAINERS = (
    list,
    dict,
    set,
    bytearray,
    collections.deque,
    collections.UserDict,
    collections.UserList,
    collections.ChainMap,
    array.array,
)
# An iterator over one of these goes by index, and ends early when it gets shorter. Those of the others notice.
INDEXED = (list, bytearray, array.array)
# What a test asks of a mock afterwards is not the learner's to see or to change.
MOCK_ATTRIBUTES = frozenset(name for name in dir(unittest.mock.MagicMock()) if not name.startswith("_"))


class Policy:
    """The tester's side of the conversation; see `peer.Side`."""

    trusting = False

    def __init__(self, test_modules: Collection[str], shared: Collection[str] = ()) -> None:
        self.shared = SharedClasses(shared)
        self._test_modules = frozenset(test_modules)
        self.assertions = Assertions()
        self._is_reading: Callable[[], bool] = lambda: False

    def watch(self, is_reading: Callable[[], bool]) -> None:
        """Let nothing be changed while the test reads."""
        self._is_reading = is_reading

    def admit(self, value: Any) -> Any:
        """Return what crosses in the place of an object. Raises CannotCross."""
        kind = type(value)
        if issubclass(kind, types.TracebackType):
            return None  # a context manager's __exit__ can do without
        if issubclass(kind, BaseException):
            self.assertions.goes(value)
        if issubclass(kind, BaseException) and _is_machinery(kind):
            return RuntimeError("a test has ended")  # else the learner could end another test with it
        subject = value if issubclass(kind, type) else kind
        if issubclass(subject, NEVER) or _is_machinery(subject):
            raise CannotCross(f"A {subject.__name__} of the test cannot be handed to the answer.")
        return _in_library(value) or value

    def portray(self, error: BaseException) -> Portrait:
        """Show an exception by its arguments; those of an assertion tell what is expected."""
        if isinstance(error, AssertionError):
            return Portrait()
        public = {name: value for name, value in vars(error).items() if not name.startswith("_")}
        return Portrait(error.args, public if self.shared.name(type(error)) else {})

    def perform(self, operation: str, target: Any, arguments: tuple[Any, ...]) -> Any:
        """Do what the learner's side asks. Raises ProtocolViolation when no honest one would ask that."""
        action, shape = _OPERATIONS.get(operation, (None, ()))
        fits = all(kind is None or type(part) is kind for part, kind in zip(arguments, shape, strict=False))
        if target is None or action is None or len(arguments) != len(shape) or not fits:
            raise ProtocolViolation("The learner's side asks for what there is not.")
        return action(self, target, *arguments)

    def _do(self, target: Any, special: str, arguments: tuple[Any, ...], keywords: dict[Any, Any]) -> Any:
        if special not in SPECIALS or not all(type(key) is str for key in keywords):
            raise ProtocolViolation("The learner's side asks for a special method that does not cross.")
        if isinstance(target, (*OPAQUE, AssertionError)) and special in TEXTS:
            return f"<{type(target).__name__}>"
        if isinstance(target, OPAQUE) and special not in OPAQUE_SPECIALS:
            raise TypeError(f"'{type(target).__name__}' object has no {special}")
        if special == "__init__" and type(target).__module__ not in self._test_modules:
            raise TypeError(f"'{type(target).__name__}' object cannot be made anew")
        if special in CHANGING:
            self._refuse_while_reading(target, target)
        elif special == "__call__" and (container := _container_of(target)) is not None:
            self._refuse_while_reading(target, container)
        try:
            method = find_special(target, special)
        except AttributeError as error:
            raise TypeError(str(error)) from None
        return method(*arguments, **keywords)

    def _refuse_while_reading(self, target: Any, changing: Any) -> None:
        """Raise TypeError when the answer would change what the test may be comparing or going over at the moment."""
        if self._is_reading() or (isinstance(changing, INDEXED) and iterated([changing])):
            raise TypeError(f"'{type(target).__name__}' object of the test cannot be changed while it is read")

    def _get(self, target: Any, name: str) -> Any:
        if not self._is_readable(target, name):
            raise _no_attribute(target, name)
        value = getattr(target, name)
        if name.startswith("__") and not isinstance(value, str | None):
            raise _no_attribute(target, name)
        return value

    def _set(self, target: Any, name: str, value: Any) -> None:
        kind = type(target)
        if issubclass(kind, OPAQUE) or not self._is_readable(target, name) or is_method(kind, name):
            raise _no_attribute(target, name)
        self._refuse_while_reading(target, target)
        if issubclass(kind, unittest.mock.NonCallableMock) and remote_of(value) is not None:
            raise _no_attribute(target, name)  # it would answer what the test asks of the mock
        setattr(target, name, value)

    def _base(self, target: Any) -> Any:
        base = base_type(type(target))
        return None if base is None else base_value(target, base)

    def _refuse(self, target: Any, *_: Any) -> Any:
        raise TypeError(f"'{type(target).__name__}' object of the test does not allow that")

    def _is_readable(self, target: Any, name: str) -> bool:
        kind = type(target)
        if issubclass(kind, OPAQUE):
            return name in OPAQUE_ATTRIBUTES
        if name in FORBIDDEN_ATTRIBUTES or issubclass(kind, AssertionError):
            return False
        if name.startswith("_"):  # the answer has the source of a shared class
            return not name.startswith("__") and self.shared.name(kind) != ()
        if issubclass(kind, unittest.mock.NonCallableMock):
            return name not in MOCK_ATTRIBUTES and not name.startswith("assert")
        return kind.__module__ in self._test_modules or kind.__module__ in OPEN_MODULES


_OPERATIONS: dict[str, tuple[Callable[..., Any] | None, tuple[type | None, ...]]] = {
    "do": (Policy._do, (str, tuple, dict)),  # noqa: SLF001 - the class's own table
    "get": (Policy._get, (str,)),  # noqa: SLF001
    "set": (Policy._set, (str, None)),  # noqa: SLF001
    "base": (Policy._base, ()),  # noqa: SLF001
    "delete": (Policy._refuse, (str,)),  # noqa: SLF001
    "names": (Policy._refuse, ()),  # noqa: SLF001
    "copy": (Policy._refuse, ()),  # noqa: SLF001
    "deep_copy": (Policy._refuse, ()),  # noqa: SLF001
}


def _no_attribute(target: Any, name: str) -> AttributeError:
    return AttributeError(f"'{type(target).__name__}' object has no attribute '{name}'")


def _container_of(method: Any) -> Any:
    """Return the list, dict or the like whose method it is, and which it may change. None: it is no such method."""
    owner = None
    if isinstance(method, functools.partial):
        owner = next((one for one in (_container_of(method.func), *method.args[:1]) if one is not None), None)
    elif isinstance(method, types.BuiltinMethodType | types.MethodType | types.MethodWrapperType):
        owner = method.__self__
    return owner if isinstance(owner, CONTAINERS) else None


def _is_machinery(kind: type) -> bool:
    """Whether a class belongs to this package or to unittest, mocks excepted."""
    module = str(kind.__module__)
    package = (__package__ or "").partition(".")[0] + "."
    return module.startswith(package) or (module.startswith("unittest") and module != unittest.mock.__name__)


def _in_library(value: Any) -> Named | None:
    """Return the name of a class or function of the standard library."""
    if not isinstance(value, type | types.FunctionType | types.BuiltinFunctionType | types.MethodDescriptorType):
        return None
    owner = getattr(value, "__objclass__", value)
    module, name = getattr(owner, "__module__", None), getattr(value, "__qualname__", "")
    if not isinstance(module, str) or module.partition(".")[0] not in sys.stdlib_module_names:
        return None
    try:
        found = operator.attrgetter(name)(sys.modules[module])
    except (AttributeError, KeyError):
        return None
    return Named(module, name) if found is value else None
