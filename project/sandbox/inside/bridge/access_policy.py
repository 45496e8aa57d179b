"""Which objects of the tester the learner's side may refer to, and which operations on them are allowed.

It may refer to what the test passes: arguments, results of callbacks, and public attributes of such objects. It never
receives what leads to the test itself: modules, frames, code, test cases, or anything of this package.
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

from .errors import MarshallingError, ProtocolViolation
from .marshalling import ExceptionState, LibraryReference
from .proxies import reference_of
from .read_detection import iterated
from .shared_classes import SharedClasses
from .special_methods import CHANGING, COMPARISONS, SPECIALS, TEXTS, find_special, is_method
from .swallowed_assertions import SwallowedAssertions
from .values import base_type, base_value

NEVER_EXPORTED = (
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

# Attributes of these cannot be read: they lead to code, globals and captured values. They can be called and iterated.
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

# Attributes can be read and set on instances of the test's classes, of mocks, and of classes from these modules.
OPEN_MODULES = frozenset(
    "builtins io _io types collections _collections datetime array random re threading _thread queue".split()
)
# Attributes that lead to interpreter internals and do not begin with an underscore. No readable object has one; if one
# ever does, it is refused here.
FORBIDDEN_ATTRIBUTES = frozenset(
    """
    gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await cr_origin ag_frame ag_code ag_await
    tb_frame tb_next f_back f_builtins f_code f_globals f_locals mro
    """.split()
)
# Containers with methods that change them, which the answer may not call while the test compares.
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
# An iterator over one of these uses an index, and ends early when it gets shorter. Those of the others raise an error.
INDEXED = (list, bytearray, array.array)
# Attributes by which a test inspects a mock; the learner may neither read nor change them.
MOCK_ATTRIBUTES = frozenset(name for name in dir(unittest.mock.MagicMock()) if not name.startswith("_"))


class AccessPolicy:
    """The tester's side of the connection; see `peer.Side`."""

    trusting = False

    def __init__(self, test_modules: Collection[str], shared: Collection[str] = ()) -> None:
        self.shared = SharedClasses(shared)
        self._test_modules = frozenset(test_modules)
        self.assertions = SwallowedAssertions()
        self._is_reading: Callable[[], bool] = lambda: False

    def set_read_check(self, is_reading: Callable[[], bool]) -> None:
        """Set the function that returns whether the test is reading objects, which must not change then."""
        self._is_reading = is_reading

    def prepare_export(self, value: Any) -> Any:
        """Return the object that is sent in place of `value`. Raises MarshallingError."""
        kind = type(value)
        if issubclass(kind, types.TracebackType):
            return None  # the __exit__ of a context manager does not need it
        if issubclass(kind, BaseException):
            self.assertions.record_sent(value)
        if issubclass(kind, BaseException) and _is_machinery(kind):
            return RuntimeError("a test has ended")  # otherwise the learner could end another test with it
        subject = value if issubclass(kind, type) else kind
        if issubclass(subject, NEVER_EXPORTED) or _is_machinery(subject):
            raise MarshallingError(f"A {subject.__name__} of the test cannot be handed to the answer.")
        return _in_library(value) or value

    def exception_state(self, error: BaseException) -> ExceptionState:
        """Return the arguments of an exception; none of an assertion, which contain the expected value."""
        if isinstance(error, AssertionError):
            return ExceptionState()
        public = {name: value for name, value in vars(error).items() if not name.startswith("_")}
        return ExceptionState(error.args, public if self.shared.name(type(error)) else {})

    def execute(self, operation: str, target: Any, arguments: tuple[Any, ...]) -> Any:
        """Execute a request of the learner's side. Raises ProtocolViolation if it is not a valid one."""
        action, shape = _OPERATIONS.get(operation, (None, ()))
        fits = all(kind is None or type(part) is kind for part, kind in zip(arguments, shape, strict=False))
        if target is None or action is None or len(arguments) != len(shape) or not fits:
            raise ProtocolViolation("The learner's side requests an unknown operation.")
        return action(self, target, *arguments)

    def _call(self, target: Any, special: str, arguments: tuple[Any, ...], keywords: dict[Any, Any]) -> Any:
        if special not in SPECIALS or not all(type(key) is str for key in keywords):
            raise ProtocolViolation("The learner's side requests a special method that is not allowed.")
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
        """Raise TypeError if the answer would change what the test may be comparing or iterating over."""
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
        if issubclass(kind, unittest.mock.NonCallableMock) and reference_of(value) is not None:
            raise _no_attribute(target, name)  # it would decide what the test reads from the mock
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
        if name.startswith("_"):  # the answer has the source of a shared class, too
            return not name.startswith("__") and self.shared.name(kind) != ()
        if issubclass(kind, unittest.mock.NonCallableMock):
            return name not in MOCK_ATTRIBUTES and not name.startswith("assert")
        return kind.__module__ in self._test_modules or kind.__module__ in OPEN_MODULES


_OPERATIONS: dict[str, tuple[Callable[..., Any] | None, tuple[type | None, ...]]] = {
    "call": (AccessPolicy._call, (str, tuple, dict)),  # noqa: SLF001 - the class's own table
    "get": (AccessPolicy._get, (str,)),  # noqa: SLF001
    "set": (AccessPolicy._set, (str, None)),  # noqa: SLF001
    "base": (AccessPolicy._base, ()),  # noqa: SLF001
    "delete": (AccessPolicy._refuse, (str,)),  # noqa: SLF001
    "dir": (AccessPolicy._refuse, ()),  # noqa: SLF001
    "copy": (AccessPolicy._refuse, ()),  # noqa: SLF001
    "deep_copy": (AccessPolicy._refuse, ()),  # noqa: SLF001
}


def _no_attribute(target: Any, name: str) -> AttributeError:
    return AttributeError(f"'{type(target).__name__}' object has no attribute '{name}'")


def _container_of(method: Any) -> Any:
    """Return the container whose method this is, which may change it; None if it is not a method of one."""
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


def _in_library(value: Any) -> LibraryReference | None:
    """Return the reference to a class or function of the standard library; None if it is not one."""
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
    return LibraryReference(module, name) if found is value else None
