"""What stands on one side for the objects and classes of the other.

Each class of the other side has a mirror class here, with the same bases and special methods (`mirrors` makes it), so
that `isinstance`, `except`, `len` and `+` do what they do over there. An object's proxy is an instance of the mirror of
its class. Nearly all that is done with either is asked of the other side; who decides comparisons is said in
`comparing`.

The mirror of a class that both sides have (see `shared_classes`) is a subclass of this side's own class.
"""

from types import ModuleType
from typing import Any

from .remotes import Remote
from .specials import SPECIALS, order_of
from .values import KNOWN


def remote_of(value: Any) -> Remote | None:
    """Return the identity of what `value` stands for; None for what is of this side."""
    kind = type(value)
    if kind is Mirror:
        return _of_class(value)
    if issubclass(kind, BaseException | ModuleType):
        remote: Remote | None = object.__getattribute__(value, "__dict__").get("__remote__")
        return remote
    return _of_proxy(value) if type(kind) is Mirror else None


def _of_class(mirror: Any) -> Remote:
    remote: Remote = type.__getattribute__(mirror, "__dict__")["__remote__"]
    return remote


def _of_proxy(proxy: Any) -> Remote:
    remote: Remote = object.__getattribute__(proxy, "__remote__")
    return remote


def own_class(mirror: type) -> type | None:
    """Return this side's own class that is the same as the mirrored one, if both sides have it."""
    own: type | None = type.__getattribute__(mirror, "__dict__").get("__own_class__")
    return own


def _says_all(remote: Remote | None) -> bool:
    """Whether a class tells everything of itself: one of the answer's does, one of the test's does not."""
    return remote is not None and not remote.peer.trusting


def _metadata(name: str) -> Any:
    """Return a property of mirrors: what the class on the other side says of itself."""
    local: Any = type.__dict__[name]

    def get(cls: Any) -> Any:
        remote = _of_class(cls)
        return remote.ask("get", name) if _says_all(remote) else local.__get__(cls)

    return property(get)


class Mirror(type):
    """The class of all mirrors. What is not found on a mirror is asked of the class on the other side."""

    __doc__ = _metadata("__doc__")
    __annotations__ = _metadata("__annotations__")
    __bases__ = _metadata("__bases__")

    @property
    def __mro__(cls) -> tuple[type, ...]:
        """Return the classes that the class on the other side has, as far as they are known here."""
        order = order_of(cls)
        if not _says_all(_of_class(cls)):
            return order
        own = filter(None, map(own_class, order))
        hidden = {id(Proxy), id(Quiet), *(id(parent) for one in own for parent in order_of(one))}
        plain = KNOWN.get(type.__getattribute__(cls, "__plain__"), object)
        return (*(one for one in order[:-1] if id(one) not in hidden), *plain.__mro__)

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> "Mirror":
        """Make a mirror; only `mirrors` does. Raises TypeError: a test derives a class from one."""
        if "__remote__" not in namespace:
            raise TypeError(f"{name}: a class of the other side cannot be derived from")
        return super().__new__(cls, name, bases, namespace)

    def mro(cls) -> list[type]:
        """Return where attributes are looked for: in this side's own class last, so that a proxy is an instance."""
        order = super().mro()
        own: tuple[type, ...] = type.__getattribute__(cls, "__dict__").get("__own_order__", ())
        mirrors = [one for one in order if all(one is not parent for parent in own)]
        return [*mirrors, *own]

    def __eq__(cls, other: object) -> bool:
        return cls is other or (other is not None and own_class(cls) is other)

    def __hash__(cls) -> int:
        return type.__hash__(own_class(cls) or cls)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make an object, on the other side; of a class that both sides have the answer makes its own."""
        remote, own = _of_class(cls), own_class(cls)
        if own is not None and not _says_all(remote):
            return own(*args, **kwargs)
        return remote.ask("do", "__call__", args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        remote = _of_class(cls)
        # What a class of the test has, both sides have; Python looks for special methods in the middle of an operation.
        if not _says_all(remote) and (name.startswith("__") or own_class(cls) is not None):
            raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'")
        return remote.ask("get", name)

    def __setattr__(cls, name: str, value: Any) -> None:
        _of_class(cls).ask("set", name, value)

    def __delattr__(cls, name: str) -> None:
        _of_class(cls).ask("delete", name)

    def __dir__(cls) -> Any:
        remote = _of_class(cls)
        return remote.ask("names") if _says_all(remote) else type.__dir__(cls)

    def __bool__(cls) -> bool:
        return True  # else Python would ask for a length

    def __iter__(cls) -> Any:
        return _of_class(cls).do("__iter__")

    def __len__(cls) -> Any:
        return _of_class(cls).do("__len__")

    def __getitem__(cls, key: Any) -> Any:
        return _of_class(cls).do("__getitem__", key)

    def __contains__(cls, item: Any) -> Any:
        return _of_class(cls).do("__contains__", item)


class RemoteAttribute:
    """An attribute of an own class, in a mirror that is derived from that: what the other side has counts."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        remote: Any = _of_class(owner) if instance is None else remote_of(instance)
        return remote.read(self._name)


class Quiet:
    """Keeps the `__init_subclass__` of an own class from running for mirrors."""

    def __init_subclass__(cls) -> None:
        """Do nothing."""


class Proxy(Quiet, metaclass=Mirror):
    """Stands for an object. Its class is the mirror of the object's class."""

    __remote__: Remote | None = None
    __face__: type | None = None  # what `__class__` says instead of the mirror
    __plain__ = ""  # the name of the builtin type that the object's class is derived from
    __own_class__: type | None = None  # of the mirror itself, or of what that is derived from

    def __getattribute__(self, name: str) -> Any:
        if name in _LOCAL:
            return object.__getattribute__(self, name)
        return _of_proxy(self).read(name)

    def __setattr__(self, name: str, value: Any) -> None:
        _of_proxy(self).ask("set", name, value)

    def __delattr__(self, name: str) -> None:
        _of_proxy(self).ask("delete", name)

    def __dir__(self) -> Any:
        return _of_proxy(self).ask("names")

    def __reduce_ex__(self, _protocol: Any) -> Any:
        """Refuse to be pickled: what the other side says of it would be called on this one."""
        raise TypeError(f"cannot pickle '{type(self).__name__}' object of the other side")

    def __reduce__(self) -> Any:
        return self.__reduce_ex__(0)

    def __copy__(self) -> Any:
        return _of_proxy(self).ask("copy")

    def __deepcopy__(self, _memo: Any) -> Any:
        return _of_proxy(self).ask("deep_copy")

    def __repr__(self) -> Any:
        return text(self, "__repr__")

    def __str__(self) -> Any:
        return text(self, "__str__")

    def __format__(self, form: str) -> Any:
        return text(self, "__format__", form)

    @property  # type: ignore[misc] # which may not be set here
    def __class__(self) -> Any:
        return type.__getattribute__(type(self), "__face__") or type(self)


def text(value: Any, special: str, *form: Any) -> Any:
    """Ask for an object's text; it comes as a plain one, also if it is of a subclass of `str`."""
    remote: Any = remote_of(value)
    answer = remote.do(special, *form)
    inner = remote_of(answer)
    return answer if inner is None else inner.base


_LOCAL = SPECIALS | {"__await__", "__class__", "__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__"}
