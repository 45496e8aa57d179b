"""Descriptions of classes, the mirrors made from them, and what is an instance of a mirror."""

import collections
import collections.abc
import types
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

from .comparing import COMPARE, hash_of
from .errors import ProtocolViolation
from .proxies import Mirror, Proxy, remote_of, text
from .remotes import Remote
from .specials import SPECIALS, TEXTS, own_specials
from .values import KNOWN, KNOWN_EXCEPTIONS, KNOWN_NAMES, base_type

MAX_NAME = 200  # characters
# What `__class__` says of the proxies for functions and the like, so that `isinstance` and `inspect` know them.
_FACES: tuple[type, ...] = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.GeneratorType,
    types.ModuleType,
    map,
    filter,
    zip,
    enumerate,
    reversed,
    property,
    collections.Counter,
    collections.OrderedDict,
    collections.defaultdict,
)
FACES: Mapping[tuple[str, str], type] = {(kind.__module__, kind.__name__): kind for kind in _FACES}
COROUTINE = ("builtins", "coroutine")


class Description(NamedTuple):
    """What a side tells of a class of its own."""

    name: str
    module: str
    base: str  # the builtin type of plain values that it is derived from, or ""
    bases: tuple[type, ...]
    specials: tuple[str, ...]
    denied: tuple[str, ...]  # special methods that are None


def describe(kind: type) -> Description:
    """Describe a class of this side."""
    base = base_type(kind)
    bases = tuple(parent for parent in kind.__bases__ if parent not in KNOWN_NAMES or parent in KNOWN_EXCEPTIONS)
    specials, denied = own_specials(kind, KNOWN_EXCEPTIONS | {object})
    # Not the qualified name: it may have a test's name in it.
    return Description(
        str(kind.__name__),
        str(kind.__module__),
        KNOWN_NAMES[base] if base else "",
        bases,
        tuple(specials),
        tuple(denied),
    )


def make_mirror(remote: Remote, description: Description) -> type:
    """Make the mirror of a class. Raises ProtocolViolation when there can be no such class."""
    name, module, base, bases, specials, denied = description
    methods = FORWARDS.keys()
    has_known_bases = all(parent in KNOWN_NAMES or type(parent) is Mirror for parent in bases)
    if not (methods >= {*specials, *denied} and (base in KNOWN or not base) and has_known_bases):
        raise ProtocolViolation("A class is described with what we do not know.")
    face = FACES.get((module, name)) or KNOWN.get(base)
    namespace: dict[str, Any] = {
        "__remote__": remote,
        "__face__": face,
        "__plain__": base,
        "__module__": module[:MAX_NAME],
        **{special: FORWARDS[special] for special in specials},
        **dict.fromkeys(denied),
    }
    if (module, name) == COROUTINE:
        namespace["__await__"] = _awaited
    try:
        errors = tuple(parent for parent in bases if issubclass(parent, BaseException))
        if errors:
            namespace.pop("__init__", None)  # the builtin class's sets an exception's fields
            return Mirror(name[:MAX_NAME], errors, {**namespace, "__getattr__": _attribute_of_error})
        proxies = tuple(parent for parent in bases if type(parent) is Mirror)
        mirror = Mirror(name[:MAX_NAME], proxies or (Proxy,), namespace)
    except (TypeError, ValueError):
        raise ProtocolViolation("A class is described that cannot be.") from None
    if face is types.GeneratorType:
        collections.abc.Generator.register(mirror)  # type: ignore[arg-type] # any class may be
    return mirror


def make_proxy(mirror: type, remote: Remote) -> Any:
    """Make the proxy of an object. Raises ProtocolViolation unless the class is a mirror of no exceptions."""
    if type(mirror) is not Mirror or not issubclass(mirror, Proxy):
        raise ProtocolViolation("An object is of a class that has no proxies.")
    proxy = object.__new__(mirror)
    object.__setattr__(proxy, "__remote__", remote)
    return proxy


def make_error(kind: type, args: tuple[Any, ...], remote: Remote) -> BaseException:
    """Make an exception. Raises ProtocolViolation unless the class is one of exceptions."""
    is_ours = kind not in KNOWN_EXCEPTIONS and type(kind) is not Mirror
    if not issubclass(kind, BaseException) or (is_ours and not remote.peer.trusting):
        raise ProtocolViolation("An exception is of a class that has none.")
    error = _with_arguments(kind, args, is_ours=is_ours)
    error.args = args
    error.__dict__["__remote__"] = remote
    return error


def _with_arguments(kind: type[BaseException], args: tuple[Any, ...], *, is_ours: bool) -> BaseException:
    """Make an exception whose fields are set, where the builtin class can make sense of the arguments.

    One that is written in Python would ask the arguments, and so the other side, in the middle of a message.
    """
    is_builtin = not isinstance(kind.__init__, types.FunctionType)
    try:
        error = kind.__new__(kind, *args)
        if is_builtin or is_ours:
            kind.__init__(error, *args)
    except Exception:  # noqa: BLE001 - a mirror's arguments need not be those of the builtin class that it derives from
        try:
            error = kind.__new__(kind)
        except TypeError:
            raise ProtocolViolation("An exception's arguments do not fit.") from None
    return error


def _attribute_of_error(error: Any, name: str) -> Any:
    remote = remote_of(error)
    if remote is None or name.startswith("__"):
        raise AttributeError(f"'{type(error).__name__}' object has no attribute '{name}'")
    return remote.ask("get", name)


def _awaited(coroutine: Any) -> Generator[None, None, Any]:
    """Have a coroutine run to its end over there, in an event loop of its own: what it waits for is in its process."""
    yield from ()
    remote: Any = remote_of(coroutine)
    return remote.ask("library", "asyncio", "run", (), {})


def _forward(special: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        remote: Any = remote_of(self)
        return remote.ask("do", special, args, kwargs)

    method.__name__ = special
    return method


def _text(special: str) -> Callable[..., Any]:
    return lambda self, *form: text(self, special, *form)


FORWARDS: Mapping[str, Callable[..., Any]] = {
    **{special: _forward(special) for special in SPECIALS},
    **{special: _text(special) for special in TEXTS},
    **COMPARE,
    "__hash__": hash_of,
}
