"""How what is no plain value crosses: as a card, which is a tuple that names it.

("yours", number)                                       an object of the receiver
("known", name)                                         a class of Python's that both sides have
("shared", class)                                       the receiver's own class that is the same, if it has one
("library", module, name)                               what the standard library calls so; to the learner only
("nothing",)                                            None in the place of what must not cross
("class", number, None or a Description as a tuple)     a class of the sender; described when it first comes,
                                                        with its module and qualified name if both sides have it
("member", number, class, () or (plain value,), name)   a member of an enumeration: the receiver's own, if it has one
("object", number, class, () or (plain value,))         any other object of the sender
("error", number, class, arguments, attributes, traceback)
"""

import enum
import importlib
import operator
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from .errors import ProtocolViolation
from .exports import MAX_REFERENCES, Export, Exports
from .mirrors import Description, attributes_of, describe, make_error, make_mirror, make_proxy
from .pending import PendingShares
from .proxies import Mirror, own_class, remote_of
from .remotes import LIVE, NONE, Asker, Remote
from .shared_classes import SharedClasses
from .shares import Shares
from .specials import is_method
from .values import KNOWN, KNOWN_NAMES, base_type, base_value, is_mutable

MAX_CLASSES = 5_000  # mirrors are kept to the end

Card = tuple[Any, ...]


class Portrait(NamedTuple):
    """What a side shows of an exception."""

    arguments: tuple[Any, ...] = ()
    attributes: Mapping[str, Any] = {}
    traceback: str = ""


class Gate(Protocol):
    """What a side lets out."""

    shared: SharedClasses

    def admit(self, value: Any) -> Any:
        """Return what crosses in the place of an object, which mostly is itself. Raises CannotCross."""

    def portray(self, error: BaseException) -> Portrait:
        """Return what is shown of an exception."""


class _Kind:
    """A class that is mentioned as another's. Only one that is a value too is handed over to be used."""

    def __init__(self, kind: type, *, handed: bool = False) -> None:
        self.kind = kind
        self.handed = handed


class Named(NamedTuple):
    """A class or function of the standard library, of which the other side takes its own."""

    module: str
    name: str


class Bare:
    """An exception that is sent as nothing but its class, since what it carries cannot cross."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class Crossing:
    """Both directions of one side. It is the `wire.Outside` of its messages."""

    def __init__(self, peer: Asker, gate: Gate) -> None:
        self.shares = Shares() if peer.trusting else PendingShares()
        self.number, self.content, self.arrived = self.shares.number, self.shares.content, self.shares.arrived
        self.exports = Exports()
        self._peer = peer
        self._gate = gate
        self._shared = gate.shared
        self._sent: list[Export] = []  # with the message that is being made
        self._described: list[Export] = []
        self._mirrors: dict[int, type] = {}
        self._proxies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._members: dict[int, Any] = {}
        self._remotes = 0
        self._dropped: deque[tuple[int, int]] = deque()
        self._returning: tuple[tuple[int, int], ...] = ()

    # What goes out.

    def describe(self, value: Any) -> Card:
        """Return the card of what is no plain value. Raises CannotCross."""
        remote = remote_of(value)
        if remote is not None and remote.peer is self._peer:
            own = own_class(value) if type(value) is Mirror and self._peer.trusting else None
            return ("yours", remote.number) if own is None else ("shared", _Kind(own, handed=True))
        if type(value) is _Kind:
            # A test may do with the class of an answer's object what it likes, as in `type(robot).count`.
            return self._class(value.kind, handed=value.handed or self._peer.trusting)
        if type(value) is Bare:
            return self._exception(self._gate.admit(value.error), Portrait())
        value = self._gate.admit(value)
        if value is None:
            return ("nothing",)
        if type(value) is Named:
            return ("library", *value)
        return self._own(value)

    def _own(self, value: Any) -> Card:
        kind = type(value)
        if issubclass(kind, type):
            is_shared = self._shared.name(value) != ()
            return ("shared", _Kind(value, handed=True)) if is_shared else self._class(value, handed=True)
        if issubclass(kind, BaseException):
            return self._exception(value, self._gate.portray(value))
        base = base_type(kind)
        plain = () if base is None or is_mutable(base) else (base_value(value, base),)
        card = (self._send(value, handed=True).number, _Kind(kind), plain)
        member = self._shared.member(value)
        return ("object", *card) if member is None else ("member", *card, member)

    def _exception(self, error: BaseException, shown: Portrait) -> Card:
        number = self._send(error, handed=True).number
        # Its class is handed over to be used: the __exit__ of a context manager gets both.
        return ("error", number, type(error), shown.arguments, dict(shown.attributes), shown.traceback)

    def _class(self, kind: type, *, handed: bool) -> Card:
        if kind in KNOWN_NAMES:
            return ("known", KNOWN_NAMES[kind])
        export = self._send(kind, handed=handed)
        if export.described:
            return ("class", export.number, None)
        export.described = True
        self._described.append(export)
        description = describe(kind)
        bases = tuple(_Kind(parent) for parent in description.bases)
        return ("class", export.number, (*description[:3], bases, *description[4:], *self._shared.name(kind)))

    def _send(self, value: Any, *, handed: bool) -> Export:
        export = self.exports.send(value, handed=handed)
        self._sent.append(export)
        return export

    def dropped(self, number: int, times: int) -> None:
        """Note, from whichever thread, that an object of the other side is not held here any more."""
        self._dropped.append((number, times))

    def returning(self) -> tuple[tuple[int, int], ...]:
        """Return what goes back with the message that is being made: the objects that were dropped."""
        self._returning = tuple(self._dropped.popleft() for _ in range(len(self._dropped)))
        return self._returning

    def went(self) -> None:
        """Note that the message is made, and will be sent."""
        self._remotes -= len(self._returning)
        self._returning = ()
        self._sent.clear()
        self._described.clear()

    def failed(self) -> None:
        """Note that the message could not be made."""
        for export in self._described:
            export.described = False
        self.exports.release([(export.number, 1) for export in self._sent])
        self._dropped.extend(self._returning)
        self._returning = ()
        self.went()

    # What comes in.

    def find(self, card: Any) -> Any:
        """Return what a card stands for. Raises ProtocolViolation."""
        name, *rest = card if type(card) is tuple and card else ("",)
        shape, take = self._cards.get(name if type(name) is str else "", ((), None))
        if take is None or len(rest) != len(shape) or not all(map(_fits, rest, shape)):
            raise ProtocolViolation("A card is malformed.")
        return take(self, *rest)

    def _yours(self, number: int) -> Any:
        return self.exports.find(number)

    def _known(self, name: str) -> type:
        if name not in KNOWN:
            raise ProtocolViolation("A class is named that nobody knows.")
        return KNOWN[name]

    def _same(self, mirror: type) -> type:
        return own_class(mirror) or mirror

    def _nothing(self) -> None:
        return None

    def _library(self, module: str, name: str) -> Any:
        if not self._peer.trusting:
            raise ProtocolViolation("The learner's side names a module.")
        return operator.attrgetter(name)(importlib.import_module(module))

    def _mirror(self, number: int, description: Card | None) -> type:
        if description is None:
            if number not in self._mirrors:
                raise ProtocolViolation("A class is named that was not described.")
            return self._mirrors[number]
        if number in self._mirrors or len(self._mirrors) >= MAX_CLASSES:
            raise ProtocolViolation("A class is described twice, or there are too many.")
        if not (
            tuple(map(type, description)) in {_DESCRIBED, (*_DESCRIBED, str, str)}
            and all(isinstance(base, type) for base in description[3])
            and all(type(name) is str for names in description[4:6] for name in names)
        ):
            raise ProtocolViolation("A class is described in an unknown way.")
        own = self._shared.find(*description[6:]) if description[6:] else None
        self._mirrors[number] = mirror = make_mirror(self._remote(number), Description(*description[:6]), own)
        return mirror

    def _object(self, number: int, mirror: type, plain: Card) -> Any:
        proxy = self._proxies.get(number)
        if proxy is not None:
            known: Any = remote_of(proxy)
            known.received += 1
            return proxy
        self._proxies[number] = proxy = make_proxy(mirror, self._remote(number, _base(mirror, plain)))
        return proxy

    def _member(self, number: int, mirror: type, plain: Card, name: str) -> Any:
        proxy = self._object(number, mirror, plain)
        own: Any = own_class(mirror)
        member: Any = own.__members__.get(name) if isinstance(own, enum.EnumMeta) else None
        if member is None:
            return proxy
        self._members[number] = proxy  # else each time that it comes would be the first
        return member

    def _error(self, number: int, kind: type, arguments: Card, attributes: dict[Any, Any], traceback: str) -> Any:
        remote = self._remote(number)
        remote.traceback = traceback
        is_shared = self._shared.name(kind) != ()
        error = make_error(kind, arguments, remote, is_shared=is_shared)
        hidden = "__" if is_shared else "_"  # what is private is for the methods of the receiver's own class
        for name, value in attributes.items():
            if name == "__cause__" and isinstance(value, BaseException):
                BaseException.__setattr__(error, name, value)
            elif type(name) is str and not name.startswith(hidden) and not (is_shared and is_method(kind, name)):
                attributes_of(error)[name] = value
        return error

    def _remote(self, number: int, base: Any = NONE) -> Remote:
        self._remotes += 1
        if self._remotes > MAX_REFERENCES:
            raise ProtocolViolation("Too many objects are handed over.")
        return Remote(self._peer, number, base)

    _cards: Mapping[str, tuple[tuple[Any, ...], Callable[..., Any] | None]] = {
        "yours": ((int,), _yours),
        "known": ((str,), _known),
        "shared": ((Mirror,), _same),
        "library": ((str, str), _library),
        "nothing": ((), _nothing),
        "class": ((int, (tuple, type(None))), _mirror),
        "object": ((int, Mirror, tuple), _object),
        "member": ((int, Mirror, tuple, str), _member),
        "error": ((int, (Mirror, type), tuple, dict, str), _error),
    }


_DESCRIBED = (str, str, str, tuple, tuple, tuple)  # and the two names of a shared class


def _fits(part: Any, types: Any) -> bool:
    return type(part) in types if isinstance(types, tuple) else type(part) is types


def _base(mirror: Any, plain: Card) -> Any:
    """Return what is known of the plain value in an object of this class."""
    name = type.__getattribute__(mirror, "__plain__")
    kind = KNOWN.get(name)
    if kind is None:
        return NONE
    if is_mutable(kind):
        return LIVE
    if len(plain) != 1 or type(plain[0]) is not kind:
        raise ProtocolViolation("A plain value is not of the type that it was said to be.")
    return plain[0]
