"""Descriptions of classes, the mirrors made from them, and what is an instance of a mirror.

The mirror of a class that both sides have is derived from this side's own class, of which a proxy inherits nothing that
decides a comparison: `proxy == value` is left to the value's own `__eq__`, which is of this side and reads the proxy's
attributes. An exception of such a class is one of this side, with the arguments and attributes that came with it. Its
`__init__` and `__new__` do not run, nor does any other method in the middle of a message.
"""

import collections
import collections.abc
import types
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple, cast

from .comparing import COMPARE, hash_of
from .errors import ProtocolViolation
from .proxies import Mirror, Proxy, Quiet, RemoteAttribute, own_class, remote_of, text
from .remotes import Remote
from .shared_classes import is_closed
from .specials import SPECIALS, TEXTS, order_of, own_specials
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


def make_mirror(remote: Remote, description: Description, own: type | None = None) -> type:
    """Make the mirror of a class; `own` is the same class on this side.

    Raises ProtocolViolation when there can be no such class.
    """
    name, module, base, bases, specials, denied = description
    methods = FORWARDS.keys()
    has_known_bases = all(parent in KNOWN_NAMES or type(parent) is Mirror for parent in bases)
    if not (methods >= {*specials, *denied} and (base in KNOWN or not base) and has_known_bases):
        raise ProtocolViolation("A class is described with what we do not know.")
    errors = tuple(own_class(parent) or parent for parent in bases if issubclass(parent, BaseException))
    if own is not None and (issubclass(own, BaseException) != bool(errors) or not _fits(own, bases)):
        own = None
    face = _face(own, (module, name), bases, base)
    namespace: dict[str, Any] = {
        "__remote__": remote,
        "__face__": face,
        "__plain__": base,
        "__module__": module[:MAX_NAME],
        **{special: FORWARDS[special] for special in specials},
        **dict.fromkeys(denied),
        **({} if own is None else {"__own_class__": own}),
    }
    if (module, name) == COROUTINE:
        namespace["__await__"] = _awaited
    try:
        if errors:
            namespace["__getattr__"] = _attribute_of_error
            ours = [parent for parent in errors if type(parent) is not Mirror and parent not in KNOWN_EXCEPTIONS]
            for parent in ours:
                namespace = {**_instead_of(parent, remote), **namespace}
            namespace.pop("__init__", None)  # the builtin class's sets an exception's fields
            return Mirror(name[:MAX_NAME], (Quiet, *errors) if ours else errors, namespace)
        proxies = tuple(parent for parent in bases if type(parent) is Mirror) or (Proxy,)
        mirror = _derived(name[:MAX_NAME], proxies, namespace, own) or Mirror(name[:MAX_NAME], proxies, namespace)
    except (TypeError, ValueError):
        raise ProtocolViolation("A class is described that cannot be.") from None
    if face is types.GeneratorType:
        collections.abc.Generator.register(mirror)
    return mirror


def _fits(own: type, bases: tuple[type, ...]) -> bool:
    """Whether this side's class has the shared ones among the bases of a mirror: else that would be of two classes."""
    shared = filter(None, (own_class(parent) for parent in bases if type(parent) is Mirror))
    return all(parent in own.__mro__ for parent in shared)


def _face(own: type | None, place: tuple[str, str], bases: tuple[type, ...], base: str) -> type | None:
    """Return what `__class__` says of a proxy, if not its mirror."""
    if own is not None and not is_closed(own):
        return own
    # There can be no mirror that is derived from an own class which is derived from a builtin one.
    proxies = [parent for parent in bases if base and issubclass(parent, Proxy)]
    inherited = [type.__getattribute__(parent, "__own_class__") for parent in proxies]
    open_ones = (parent for parent in inherited if parent is not None and not is_closed(parent))
    return FACES.get(place) or next(open_ones, None) or KNOWN.get(base)


def _derived(name: str, proxies: tuple[type, ...], namespace: dict[str, Any], own: type | None) -> type | None:
    """Make a mirror that is derived from this side's own class too. None: there can be none.

    By its order of attributes: then the metaclass of the own class does not matter. One with slots has to be a base.
    Proxies of one that is derived from a builtin class would have a plain value of their own.
    """
    if own is None or is_closed(own):
        return None
    inherited = _instead_of(own, namespace["__remote__"])
    for bases, order in ((proxies, own.__mro__), ((*proxies, own), ())):
        try:
            mirror = Mirror(name, bases, {**inherited, **namespace, "__own_order__": order})
            object.__new__(cast("Any", mirror))  # as of its proxies
        except TypeError:
            continue
        return mirror
    return None


def _instead_of(own: type, remote: Remote) -> dict[str, Any]:
    """Return what a mirror has in the place of what is in its own class: no method of that is to run for a proxy."""
    members = {name: value for kind in own.__mro__ if kind not in KNOWN_NAMES for name, value in vars(kind).items()}
    instead: dict[str, Any] = {name: _forward(name) for name, value in members.items() if _is_special(name, value)}
    instead |= {name: _OWN_FORWARDS[name] for name in members.keys() & _OWN_FORWARDS.keys()}
    if not remote.peer.trusting:  # the answer may not read attributes of the test's classes
        instead |= {name: RemoteAttribute(name) for name in members if not name.startswith("__")}
    return instead


def _is_special(name: str, value: Any) -> bool:
    is_method = name.startswith("__") and type(value) is types.FunctionType
    return is_method and name != "__new__" and name not in vars(Proxy)


def make_proxy(mirror: type, remote: Remote) -> Any:
    """Make the proxy of an object. Raises ProtocolViolation unless the class is a mirror of no exceptions."""
    if type(mirror) is not Mirror or not issubclass(mirror, Proxy):
        raise ProtocolViolation("An object is of a class that has no proxies.")
    proxy = object.__new__(mirror)
    object.__setattr__(proxy, "__remote__", remote)
    return proxy


def make_error(kind: type, args: tuple[Any, ...], remote: Remote, *, is_shared: bool) -> BaseException:
    """Make an exception. Raises ProtocolViolation unless the class is one of exceptions."""
    is_ours = kind not in KNOWN_EXCEPTIONS and type(kind) is not Mirror
    trusting = remote.peer.trusting
    if not issubclass(kind, BaseException) or not (trusting or is_shared or not is_ours):
        raise ProtocolViolation("An exception is of a class that has none.")
    error = _with_arguments(kind, args, is_ours=is_ours and trusting)
    _ARGUMENTS.__set__(error, args)
    attributes_of(error)["__remote__"] = remote
    return error


def attributes_of(error: BaseException) -> dict[str, Any]:
    """Return what is in an exception, whatever its class says of that."""
    attributes: dict[str, Any] = object.__getattribute__(error, "__dict__")
    return attributes


def _with_arguments(kind: type[BaseException], args: tuple[Any, ...], *, is_ours: bool) -> BaseException:
    """Make an exception whose fields are set, where the builtin class can make sense of the arguments.

    One that is written in Python would ask the arguments, and so the other side, in the middle of a message.
    """
    maker: Any = kind if is_ours else next(parent for parent in order_of(kind) if parent in KNOWN_EXCEPTIONS)
    error: BaseException
    try:
        error = maker.__new__(kind, *args)
        if is_ours or not isinstance(maker.__init__, types.FunctionType):
            maker.__init__(error, *args)
    except Exception:  # noqa: BLE001 - a mirror's arguments need not be those of the builtin class that it derives from
        try:
            error = maker.__new__(kind)
        except TypeError:
            raise ProtocolViolation("An exception's arguments do not fit.") from None
    return error


def _attribute_of_error(error: Any, name: str) -> Any:
    remote = remote_of(error)
    if remote is None or name.startswith("__"):
        raise AttributeError(f"'{type(error).__name__}' object has no attribute '{name}'")
    return remote.read(name)


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


def _no_attribute(proxy: Any, name: str) -> Any:
    raise AttributeError(f"'{type(proxy).__name__}' object has no attribute '{name}'")


_ARGUMENTS: Any = BaseException.__dict__["args"]
FORWARDS: Mapping[str, Callable[..., Any]] = {
    **{special: _forward(special) for special in SPECIALS},
    **{special: _text(special) for special in TEXTS},
    **COMPARE,
    "__hash__": hash_of,
}
# What Python would call of an own class for reasons of its own does nothing.
_OWN_FORWARDS: Mapping[str, Callable[..., Any]] = {
    **FORWARDS,
    "__del__": lambda _proxy: None,
    "__getattr__": _no_attribute,
}
