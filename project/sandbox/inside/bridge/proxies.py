"""Proxies for remote objects and classes.

Each remote class has a proxy class here, with the same bases and special methods (see `proxy_classes`), so that
`isinstance`, `except`, `len` and `+` work as on the other side. The proxy of an object is an instance of the proxy
class of its class. Nearly every operation on either is a remote call; `comparisons` has the exceptions.

The proxy class of a shared class (see `shared_classes`) is a subclass of the local class.
"""

from types import ModuleType
from typing import Any

from .references import RemoteReference
from .special_methods import SPECIALS, mro_of
from .values import KNOWN


def reference_of(value: Any) -> RemoteReference | None:
    """Return the reference of a proxy or proxy class; None for a local object."""
    kind = type(value)
    if kind is ProxyMeta:
        return _of_class(value)
    if issubclass(kind, BaseException | ModuleType):
        reference: RemoteReference | None = object.__getattribute__(value, "__dict__").get("__reference__")
        return reference
    return _of_proxy(value) if type(kind) is ProxyMeta else None


def _of_class(proxy_class: Any) -> RemoteReference:
    reference: RemoteReference = type.__getattribute__(proxy_class, "__dict__")["__reference__"]
    return reference


def _of_proxy(proxy: Any) -> RemoteReference:
    reference: RemoteReference = object.__getattribute__(proxy, "__reference__")
    return reference


def local_class(proxy_class: type) -> type | None:
    """Return the local class that is the same as the remote one, if it is a shared class."""
    local: type | None = type.__getattribute__(proxy_class, "__dict__").get("__local_class__")
    return local


def _is_introspectable(reference: RemoteReference | None) -> bool:
    """Whether a remote class allows introspection: those of the answer do, those of the test do not."""
    return reference is not None and not reference.peer.trusting


def _metadata(name: str) -> Any:
    """Return a property of proxy classes whose value is that of the remote class."""
    local: Any = type.__dict__[name]

    def get(cls: Any) -> Any:
        reference = _of_class(cls)
        return reference.call("get", name) if _is_introspectable(reference) else local.__get__(cls)

    return property(get)


class ProxyMeta(type):
    """The metaclass of proxy classes. Attributes that a proxy class does not have are those of the remote class."""

    __doc__ = _metadata("__doc__")
    __annotations__ = _metadata("__annotations__")
    __bases__ = _metadata("__bases__")

    @property
    def __mro__(cls) -> tuple[type, ...]:
        """Return the classes in the remote class's order, as far as they are known here."""
        order = mro_of(cls)
        if not _is_introspectable(_of_class(cls)):
            return order
        local = filter(None, map(local_class, order))
        hidden = {id(Proxy), id(NoSubclassHook), *(id(parent) for one in local for parent in mro_of(one))}
        plain = KNOWN.get(type.__getattribute__(cls, "__base_name__"), object)
        return (*(one for one in order[:-1] if id(one) not in hidden), *plain.__mro__)

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> "ProxyMeta":
        """Make a proxy class, for `proxy_classes`. Raises TypeError when a test derives a class from one."""
        if "__reference__" not in namespace:
            raise TypeError(f"{name}: a class of the other side cannot be derived from")
        return super().__new__(cls, name, bases, namespace)

    def mro(cls) -> list[type]:
        """Return the order of attribute lookup: the local class comes last, so that a proxy is an instance of it."""
        order = super().mro()
        local: tuple[type, ...] = type.__getattribute__(cls, "__dict__").get("__local_mro__", ())
        proxy_classes = [one for one in order if all(one is not parent for parent in local)]
        return [*proxy_classes, *local]

    def __eq__(cls, other: object) -> bool:
        return cls is other or (other is not None and local_class(cls) is other)

    def __hash__(cls) -> int:
        return type.__hash__(local_class(cls) or cls)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make a remote object; of a shared class the answer makes a local one."""
        reference, local = _of_class(cls), local_class(cls)
        if local is not None and not _is_introspectable(reference):
            return local(*args, **kwargs)
        return reference.call("call", "__call__", args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        reference = _of_class(cls)
        # A shared class of the test has the same attributes on both sides; and special methods are not looked up
        # remotely, since Python looks for them in the middle of operations.
        if not _is_introspectable(reference) and (name.startswith("__") or local_class(cls) is not None):
            raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'")
        return reference.call("get", name)

    def __setattr__(cls, name: str, value: Any) -> None:
        _of_class(cls).call("set", name, value)

    def __delattr__(cls, name: str) -> None:
        _of_class(cls).call("delete", name)

    def __dir__(cls) -> Any:
        reference = _of_class(cls)
        return reference.call("dir") if _is_introspectable(reference) else type.__dir__(cls)

    def __bool__(cls) -> bool:
        return True  # otherwise Python would call __len__

    def __iter__(cls) -> Any:
        return _of_class(cls).call_special("__iter__")

    def __len__(cls) -> Any:
        return _of_class(cls).call_special("__len__")

    def __getitem__(cls, key: Any) -> Any:
        return _of_class(cls).call_special("__getitem__", key)

    def __contains__(cls, item: Any) -> Any:
        return _of_class(cls).call_special("__contains__", item)


class RemoteAttribute:
    """An attribute of a local class, in a proxy class derived from it: its value is that of the remote object."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        reference: Any = _of_class(owner) if instance is None else reference_of(instance)
        return reference.read(self._name)


class NoSubclassHook:
    """Prevents that the `__init_subclass__` of a local class runs for proxy classes."""

    def __init_subclass__(cls) -> None:
        """Do nothing."""


class Proxy(NoSubclassHook, metaclass=ProxyMeta):
    """A proxy for a remote object."""

    __reference__: RemoteReference | None = None
    __reported_class__: type | None = None  # the value of `__class__`, if it is not the proxy class
    __base_name__ = ""  # the name of the builtin type that the object's class is derived from
    __local_class__: type | None = None  # of the proxy class itself, or of its base

    def __getattribute__(self, name: str) -> Any:
        if name in _LOCAL:
            return object.__getattribute__(self, name)
        return _of_proxy(self).read(name)

    def __setattr__(self, name: str, value: Any) -> None:
        _of_proxy(self).call("set", name, value)

    def __delattr__(self, name: str) -> None:
        _of_proxy(self).call("delete", name)

    def __dir__(self) -> Any:
        return _of_proxy(self).call("dir")

    def __reduce_ex__(self, _protocol: Any) -> Any:
        """Raise TypeError: unpickling would call what the other side returns here."""
        raise TypeError(f"cannot pickle '{type(self).__name__}' object of the other side")

    def __reduce__(self) -> Any:
        return self.__reduce_ex__(0)

    def __copy__(self) -> Any:
        return _of_proxy(self).call("copy")

    def __deepcopy__(self, _memo: Any) -> Any:
        return _of_proxy(self).call("deep_copy")

    def __repr__(self) -> Any:
        return text(self, "__repr__")

    def __str__(self) -> Any:
        return text(self, "__str__")

    def __format__(self, form: str) -> Any:
        return text(self, "__format__", form)

    @property  # type: ignore[misc] # which may not be set here
    def __class__(self) -> Any:
        return type.__getattribute__(type(self), "__reported_class__") or type(self)


def text(value: Any, special: str, *form: Any) -> Any:
    """Return the text of an object; of a subclass of `str`, its plain value."""
    reference: Any = reference_of(value)
    result = reference.call_special(special, *form)
    inner = reference_of(result)
    return result if inner is None else inner.base


_LOCAL = SPECIALS | {"__await__", "__class__", "__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__"}
