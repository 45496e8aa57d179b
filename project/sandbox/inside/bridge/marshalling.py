"""Marshalling of objects that are not plain values: each is sent as a tuple that refers to it.

("local", number)                                       an object of the receiver
("known", name)                                         a class of Python that both sides have
("shared", class)                                       the receiver's copy of a shared class, if it has one
("library", module, name)                               a name in the standard library; only sent to the learner's side
("none",)                                               None, in place of an object that must not be sent
("class", number, None or a ClassDescription)           a class of the sender; described the first time,
                                                        with its module and qualified name if it is a shared class
("member", number, class, () or (plain value,), name)   a member of an enumeration: the receiver's copy, if it has one
("object", number, class, () or (plain value,))         any other object of the sender
("exception", number, class, arguments, attributes, traceback)
"""

import enum
import importlib
import operator
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from .deferred_changes import DeferredSharedContainers
from .errors import ProtocolViolation
from .exports import MAX_REFERENCES, Export, Exports
from .proxies import ProxyMeta, local_class, reference_of
from .proxy_classes import ClassDescription, attributes_of, describe_class, make_error, make_proxy, make_proxy_class
from .references import LIVE, NONE, Connection, RemoteReference
from .shared_classes import SharedClasses
from .shared_containers import SharedContainers
from .special_methods import is_method
from .values import KNOWN, KNOWN_NAMES, base_type, base_value, is_mutable

MAX_CLASSES = 5_000  # proxy classes are kept until the connection is closed

Marshalled = tuple[Any, ...]


class ExceptionState(NamedTuple):
    """The part of an exception that is sent."""

    arguments: tuple[Any, ...] = ()
    attributes: Mapping[str, Any] = {}
    traceback: str = ""


class ExportPolicy(Protocol):
    """Which objects a side may send."""

    shared: SharedClasses

    def prepare_export(self, value: Any) -> Any:
        """Return the object that is sent in place of `value`, usually itself. Raises MarshallingError."""

    def exception_state(self, error: BaseException) -> ExceptionState:
        """Return the part of an exception that is sent."""


class _ClassReference:
    """The class of an object that is sent. The receiver may only use it if it is sent as a value as well (`handed`)."""

    def __init__(self, kind: type, *, handed: bool = False) -> None:
        self.kind = kind
        self.handed = handed


class LibraryReference(NamedTuple):
    """A class or function of the standard library, for which the receiver uses its own."""

    module: str
    name: str


class StatelessException:
    """An exception of which only the class is sent, since its state cannot be marshalled."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class Marshaller:
    """Marshals and unmarshals references for one side: the `wire.ReferenceMarshaller` of its messages."""

    def __init__(self, peer: Connection, policy: ExportPolicy) -> None:
        self.containers = containers = SharedContainers() if peer.trusting else DeferredSharedContainers()
        self.share_number, self.shared_content = containers.share_number, containers.shared_content
        self.receive_shared = containers.receive_shared
        self.exports = Exports()
        self._peer = peer
        self._policy = policy
        self._shared = policy.shared
        self._sent: list[Export] = []  # with the message that is being encoded
        self._described: list[Export] = []
        self._proxy_classes: dict[int, type] = {}
        self._proxies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._members: dict[int, Any] = {}
        self._reference_count = 0
        self._released: deque[tuple[int, int]] = deque()
        self._being_returned: tuple[tuple[int, int], ...] = ()

    # Sending

    def marshal(self, value: Any) -> Marshalled:
        """Return the tuple that refers to an object. Raises MarshallingError."""
        reference = reference_of(value)
        if reference is not None and reference.peer is self._peer:
            local = local_class(value) if type(value) is ProxyMeta and self._peer.trusting else None
            return ("local", reference.number) if local is None else ("shared", _ClassReference(local, handed=True))
        if type(value) is _ClassReference:
            # A test may use the class of an object of the answer in any way, as in `type(robot).count`.
            return self._class(value.kind, handed=value.handed or self._peer.trusting)
        if type(value) is StatelessException:
            return self._exception(self._policy.prepare_export(value.error), ExceptionState())
        value = self._policy.prepare_export(value)
        if value is None:
            return ("none",)
        if type(value) is LibraryReference:
            return ("library", *value)
        return self._own(value)

    def _own(self, value: Any) -> Marshalled:
        kind = type(value)
        if issubclass(kind, type):
            is_shared = self._shared.name(value) != ()
            return ("shared", _ClassReference(value, handed=True)) if is_shared else self._class(value, handed=True)
        if issubclass(kind, BaseException):
            return self._exception(value, self._policy.exception_state(value))
        base = base_type(kind)
        plain = () if base is None or is_mutable(base) else (base_value(value, base),)
        marshalled = (self._send(value, handed=True).number, _ClassReference(kind), plain)
        member = self._shared.member(value)
        return ("object", *marshalled) if member is None else ("member", *marshalled, member)

    def _exception(self, error: BaseException, shown: ExceptionState) -> Marshalled:
        number = self._send(error, handed=True).number
        # Its class is sent as a value: the __exit__ of a context manager receives both.
        return ("exception", number, type(error), shown.arguments, dict(shown.attributes), shown.traceback)

    def _class(self, kind: type, *, handed: bool) -> Marshalled:
        if kind in KNOWN_NAMES:
            return ("known", KNOWN_NAMES[kind])
        export = self._send(kind, handed=handed)
        if export.described:
            return ("class", export.number, None)
        export.described = True
        self._described.append(export)
        description = describe_class(kind)
        bases = tuple(_ClassReference(parent) for parent in description.bases)
        return ("class", export.number, (*description[:3], bases, *description[4:], *self._shared.name(kind)))

    def _send(self, value: Any, *, handed: bool) -> Export:
        export = self.exports.send(value, handed=handed)
        self._sent.append(export)
        return export

    def reference_released(self, number: int, times: int) -> None:
        """Record that no reference to a remote object is left here. Called in any thread."""
        self._released.append((number, times))

    def released_references(self) -> tuple[tuple[int, int], ...]:
        """Return the released references, which the message that is being encoded returns to the other side."""
        self._being_returned = tuple(self._released.popleft() for _ in range(len(self._released)))
        return self._being_returned

    def message_encoded(self) -> None:
        """Record that the message is encoded, and will be sent."""
        self._reference_count -= len(self._being_returned)
        self._being_returned = ()
        self._sent.clear()
        self._described.clear()

    def encoding_failed(self) -> None:
        """Record that the message could not be encoded."""
        for export in self._described:
            export.described = False
        self.exports.release([(export.number, 1) for export in self._sent])
        self._released.extend(self._being_returned)
        self._being_returned = ()
        self.message_encoded()

    # Receiving

    def unmarshal(self, marshalled: Any) -> Any:
        """Return the object that a tuple refers to. Raises ProtocolViolation."""
        name, *rest = marshalled if type(marshalled) is tuple and marshalled else ("",)
        types, method = self._UNMARSHAL.get(name if type(name) is str else "", ((), None))
        if method is None or len(rest) != len(types) or not all(map(_fits, rest, types)):
            raise ProtocolViolation("A reference is malformed.")
        return method(self, *rest)

    def _local(self, number: int) -> Any:
        return self.exports.find(number)

    def _known(self, name: str) -> type:
        if name not in KNOWN:
            raise ProtocolViolation("A class is unknown.")
        return KNOWN[name]

    def _shared_class(self, proxy_class: type) -> type:
        return local_class(proxy_class) or proxy_class

    def _none(self) -> None:
        return None

    def _library(self, module: str, name: str) -> Any:
        if not self._peer.trusting:
            raise ProtocolViolation("The learner's side may not name a module.")
        return operator.attrgetter(name)(importlib.import_module(module))

    def _unmarshal_class(self, number: int, description: Marshalled | None) -> type:
        if description is None:
            if number not in self._proxy_classes:
                raise ProtocolViolation("A class was not described.")
            return self._proxy_classes[number]
        if number in self._proxy_classes or len(self._proxy_classes) >= MAX_CLASSES:
            raise ProtocolViolation("A class is described twice, or there are too many.")
        if not (
            tuple(map(type, description)) in {_DESCRIBED, (*_DESCRIBED, str, str)}
            and all(isinstance(base, type) for base in description[3])
            and all(type(name) is str for names in description[4:6] for name in names)
        ):
            raise ProtocolViolation("The description of a class is malformed.")
        local = self._shared.find(*description[6:]) if description[6:] else None
        proxy_class = make_proxy_class(self._reference(number), ClassDescription(*description[:6]), local)
        self._proxy_classes[number] = proxy_class
        return proxy_class

    def _object(self, number: int, proxy_class: type, plain: Marshalled) -> Any:
        proxy = self._proxies.get(number)
        if proxy is not None:
            known: Any = reference_of(proxy)
            known.received += 1
            return proxy
        self._proxies[number] = proxy = make_proxy(proxy_class, self._reference(number, _base(proxy_class, plain)))
        return proxy

    def _member(self, number: int, proxy_class: type, plain: Marshalled, name: str) -> Any:
        proxy = self._object(number, proxy_class, plain)
        local: Any = local_class(proxy_class)
        member: Any = local.__members__.get(name) if isinstance(local, enum.EnumMeta) else None
        if member is None:
            return proxy
        self._members[number] = proxy  # keeps the proxy, and so the count of its references
        return member

    def _error(self, number: int, kind: type, arguments: Marshalled, attributes: dict[Any, Any], traceback: str) -> Any:
        reference = self._reference(number)
        reference.traceback = traceback
        is_shared = self._shared.name(kind) != ()
        error = make_error(kind, arguments, reference, is_shared=is_shared)
        hidden = "__" if is_shared else "_"  # methods of a shared class also read private attributes
        for name, value in attributes.items():
            if name == "__cause__" and isinstance(value, BaseException):
                BaseException.__setattr__(error, name, value)
            elif type(name) is str and not name.startswith(hidden) and not (is_shared and is_method(kind, name)):
                attributes_of(error)[name] = value
        return error

    def _reference(self, number: int, base: Any = NONE) -> RemoteReference:
        self._reference_count += 1
        if self._reference_count > MAX_REFERENCES:
            raise ProtocolViolation("Too many objects were sent.")
        return RemoteReference(self._peer, number, base)

    _UNMARSHAL: Mapping[str, tuple[tuple[Any, ...], Callable[..., Any] | None]] = {
        "local": ((int,), _local),
        "known": ((str,), _known),
        "shared": ((ProxyMeta,), _shared_class),
        "library": ((str, str), _library),
        "none": ((), _none),
        "class": ((int, (tuple, type(None))), _unmarshal_class),
        "object": ((int, ProxyMeta, tuple), _object),
        "member": ((int, ProxyMeta, tuple, str), _member),
        "exception": ((int, (ProxyMeta, type), tuple, dict, str), _error),
    }


_DESCRIBED = (str, str, str, tuple, tuple, tuple)  # followed by the module and qualified name of a shared class


def _fits(part: Any, types: Any) -> bool:
    return type(part) in types if isinstance(types, tuple) else type(part) is types


def _base(proxy_class: Any, plain: Marshalled) -> Any:
    """Return the plain value of an object of this class, NONE, or LIVE."""
    name = type.__getattribute__(proxy_class, "__base_name__")
    kind = KNOWN.get(name)
    if kind is None:
        return NONE
    if is_mutable(kind):
        return LIVE
    if len(plain) != 1 or type(plain[0]) is not kind:
        raise ProtocolViolation("A plain value is not of the described type.")
    return plain[0]
