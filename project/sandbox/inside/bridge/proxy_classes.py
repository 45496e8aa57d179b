"""Descriptions of classes, proxy classes made from descriptions, and their instances.

The proxy class of a shared class is derived from the local class. A proxy inherits nothing from it that decides a
comparison: `proxy == value` is decided by the local `__eq__` of the value, which reads the attributes of the proxy. An
exception of a shared class is a local one, with the arguments and attributes that were sent. Its `__init__` and
`__new__` do not run, nor does any other method while a message is decoded.
"""

import collections
import collections.abc
import types
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple, cast

from .comparisons import COMPARE, hash_of
from .errors import ProtocolViolation
from .proxies import NoSubclassHook, Proxy, ProxyMeta, RemoteAttribute, local_class, reference_of, text
from .references import RemoteReference
from .shared_classes import is_closed
from .special_methods import SPECIALS, TEXTS, mro_of, own_specials
from .values import KNOWN, KNOWN_EXCEPTIONS, KNOWN_NAMES, base_type

MAX_NAME = 200  # characters
# The value of `__class__` of proxies for functions and the like, for `isinstance` and `inspect`.
_REPORTED_CLASSES: tuple[type, ...] = (
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
REPORTED_CLASSES: Mapping[tuple[str, str], type] = {
    (kind.__module__, kind.__name__): kind for kind in _REPORTED_CLASSES
}
COROUTINE = ("builtins", "coroutine")


class ClassDescription(NamedTuple):
    """The description of a class, which is sent to the other side."""

    name: str
    module: str
    base: str  # the builtin type of plain values from which it is derived, or ""
    bases: tuple[type, ...]
    specials: tuple[str, ...]
    denied: tuple[str, ...]  # special methods that are None


def describe_class(kind: type) -> ClassDescription:
    """Describe a local class."""
    base = base_type(kind)
    bases = tuple(parent for parent in kind.__bases__ if parent not in KNOWN_NAMES or parent in KNOWN_EXCEPTIONS)
    specials, denied = own_specials(kind, KNOWN_EXCEPTIONS | {object})
    # Not the qualified name: it may contain the name of a test.
    return ClassDescription(
        str(kind.__name__),
        str(kind.__module__),
        KNOWN_NAMES[base] if base else "",
        bases,
        tuple(specials),
        tuple(denied),
    )


def make_proxy_class(reference: RemoteReference, description: ClassDescription, local: type | None = None) -> type:
    """Make the proxy class of a remote class; `local` is the same class on this side, if it is shared.

    Raises ProtocolViolation when no such class is possible.
    """
    name, module, base, bases, specials, denied = description
    methods = FORWARDS.keys()
    has_known_bases = all(parent in KNOWN_NAMES or type(parent) is ProxyMeta for parent in bases)
    if not (methods >= {*specials, *denied} and (base in KNOWN or not base) and has_known_bases):
        raise ProtocolViolation("The description of a class has unknown parts.")
    errors = tuple(local_class(parent) or parent for parent in bases if issubclass(parent, BaseException))
    if local is not None and (issubclass(local, BaseException) != bool(errors) or not _fits(local, bases)):
        local = None
    reported_class = _reported_class(local, (module, name), bases, base)
    namespace: dict[str, Any] = {
        "__reference__": reference,
        "__reported_class__": reported_class,
        "__base_name__": base,
        "__module__": module[:MAX_NAME],
        **{special: FORWARDS[special] for special in specials},
        **dict.fromkeys(denied),
        **({} if local is None else {"__local_class__": local}),
    }
    if (module, name) == COROUTINE:
        namespace["__await__"] = _awaited
    try:
        if errors:
            namespace["__getattr__"] = _attribute_of_error
            local_errors = [
                parent for parent in errors if type(parent) is not ProxyMeta and parent not in KNOWN_EXCEPTIONS
            ]
            for parent in local_errors:
                namespace = {**_replacements_for(parent, reference), **namespace}
            namespace.pop("__init__", None)  # that of the builtin class sets the fields of an exception
            return ProxyMeta(name[:MAX_NAME], (NoSubclassHook, *errors) if local_errors else errors, namespace)
        proxies = tuple(parent for parent in bases if type(parent) is ProxyMeta) or (Proxy,)
        proxy_class = _derived(name[:MAX_NAME], proxies, namespace, local) or ProxyMeta(
            name[:MAX_NAME], proxies, namespace
        )
    except (TypeError, ValueError):
        raise ProtocolViolation("No class is possible with this description.") from None
    if reported_class is types.GeneratorType:
        collections.abc.Generator.register(proxy_class)
    return proxy_class


def _fits(local: type, bases: tuple[type, ...]) -> bool:
    """Whether the local class has all shared classes among the bases: otherwise a proxy would be of two classes."""
    shared = filter(None, (local_class(parent) for parent in bases if type(parent) is ProxyMeta))
    return all(parent in local.__mro__ for parent in shared)


def _reported_class(local: type | None, place: tuple[str, str], bases: tuple[type, ...], base: str) -> type | None:
    """Return the value of `__class__` of a proxy, if it is not its proxy class."""
    if local is not None and not is_closed(local):
        return local
    # No proxy class is possible that is derived from a local class which is derived from a builtin one.
    proxies = [parent for parent in bases if base and issubclass(parent, Proxy)]
    inherited = [type.__getattribute__(parent, "__local_class__") for parent in proxies]
    open_ones = (parent for parent in inherited if parent is not None and not is_closed(parent))
    return REPORTED_CLASSES.get(place) or next(open_ones, None) or KNOWN.get(base)


def _derived(name: str, proxies: tuple[type, ...], namespace: dict[str, Any], local: type | None) -> type | None:
    """Make a proxy class that is derived from the local class, too; None if that is not possible.

    Preferably only by its attribute lookup order, which does not depend on the metaclass of the local class; a class
    with slots has to be a real base. It is not possible if proxies would have a plain value of their own, since the
    local class is derived from a builtin one.
    """
    if local is None or is_closed(local):
        return None
    inherited = _replacements_for(local, namespace["__reference__"])
    for bases, order in ((proxies, local.__mro__), ((*proxies, local), ())):
        try:
            proxy_class = ProxyMeta(name, bases, {**inherited, **namespace, "__local_mro__": order})
            object.__new__(cast("Any", proxy_class))  # as `make_proxy` does
        except TypeError:
            continue
        return proxy_class
    return None


def _replacements_for(local: type, reference: RemoteReference) -> dict[str, Any]:
    """Return the attributes that replace those of the local class, whose methods must not run for proxies."""
    members = {name: value for kind in local.__mro__ if kind not in KNOWN_NAMES for name, value in vars(kind).items()}
    instead: dict[str, Any] = {name: _forward(name) for name, value in members.items() if _is_special(name, value)}
    instead |= {name: _REPLACEMENTS[name] for name in members.keys() & _REPLACEMENTS.keys()}
    if not reference.peer.trusting:  # the answer may not read attributes of classes of the test
        instead |= {name: RemoteAttribute(name) for name in members if not name.startswith("__")}
    return instead


def _is_special(name: str, value: Any) -> bool:
    is_method = name.startswith("__") and type(value) is types.FunctionType
    return is_method and name != "__new__" and name not in vars(Proxy)


def make_proxy(proxy_class: type, reference: RemoteReference) -> Any:
    """Make the proxy of an object. Raises ProtocolViolation unless it is a proxy class, and not one of exceptions."""
    if type(proxy_class) is not ProxyMeta or not issubclass(proxy_class, Proxy):
        raise ProtocolViolation("An object has a class without proxies.")
    proxy = object.__new__(proxy_class)
    object.__setattr__(proxy, "__reference__", reference)
    return proxy


def make_error(kind: type, args: tuple[Any, ...], reference: RemoteReference, *, is_shared: bool) -> BaseException:
    """Make an exception. Raises ProtocolViolation unless the class allows that."""
    is_local = kind not in KNOWN_EXCEPTIONS and type(kind) is not ProxyMeta
    trusting = reference.peer.trusting
    if not issubclass(kind, BaseException) or not (trusting or is_shared or not is_local):
        raise ProtocolViolation("An exception has a class that is not allowed.")
    error = _with_arguments(kind, args, is_local=is_local and trusting)
    _ARGUMENTS.__set__(error, args)
    attributes_of(error)["__reference__"] = reference
    return error


def attributes_of(error: BaseException) -> dict[str, Any]:
    """Return the attributes of an exception, without calling methods of its class."""
    attributes: dict[str, Any] = object.__getattribute__(error, "__dict__")
    return attributes


def _with_arguments(kind: type[BaseException], args: tuple[Any, ...], *, is_local: bool) -> BaseException:
    """Make an exception whose fields are set, if the builtin class accepts the arguments.

    An `__init__` in Python is not called: it could call methods of the arguments, and so the other side, while a
    message is decoded.
    """
    maker: Any = kind if is_local else next(parent for parent in mro_of(kind) if parent in KNOWN_EXCEPTIONS)
    error: BaseException
    try:
        error = maker.__new__(kind, *args)
        if is_local or not isinstance(maker.__init__, types.FunctionType):
            maker.__init__(error, *args)
    except Exception:  # noqa: BLE001 - a subclass may have other arguments than the builtin class
        try:
            error = maker.__new__(kind)
        except TypeError:
            raise ProtocolViolation("An exception's arguments do not fit.") from None
    return error


def _attribute_of_error(error: Any, name: str) -> Any:
    reference = reference_of(error)
    if reference is None or name.startswith("__"):
        raise AttributeError(f"'{type(error).__name__}' object has no attribute '{name}'")
    return reference.read(name)


def _awaited(coroutine: Any) -> Generator[None, None, Any]:
    """Run a coroutine on the other side, in an event loop of its own: what it awaits exists there."""
    yield from ()
    reference: Any = reference_of(coroutine)
    return reference.call("library", "asyncio", "run", (), {})


def _forward(special: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        reference: Any = reference_of(self)
        return reference.call("call", special, args, kwargs)

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
# Methods of a local class that Python calls implicitly do nothing.
_REPLACEMENTS: Mapping[str, Callable[..., Any]] = {
    **FORWARDS,
    "__del__": lambda _proxy: None,
    "__getattr__": _no_attribute,
}
