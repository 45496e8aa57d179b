"""The identity of an object that lives on the other side."""

from collections.abc import Callable
from typing import Any, Protocol


class Asker(Protocol):
    """What is needed of the connection."""

    snapshots: dict[tuple[str, int], Any]
    trusting: bool  # whether the other side is believed: the learner's side believes the tester, and never the reverse

    def ask(self, operation: str, remote: "Remote", *arguments: Any) -> Any:
        """Have the other side carry out an operation on an object of its own."""

    def is_reading(self) -> bool:
        """Whether code of this side may be in the middle of a comparison, or the like."""

    def dropped(self, number: int, times: int) -> None:
        """Note that an object which came so many times is no longer held here."""


class Missing:
    """Stands for a base value where there is none (NONE), or one that changes, and is fetched (LIVE)."""


NONE, LIVE = Missing(), Missing()


class Remote:
    """An object on the other side. Held by all that stands for it here; when it goes, the other side is told."""

    __slots__ = ("base", "number", "peer", "received", "traceback")

    def __init__(self, peer: Asker, number: int, base: Any = NONE) -> None:
        self.peer = peer
        self.number = number
        self.base = base  # the plain value in an instance of a subclass of int, str, tuple...
        self.received = 1  # how often it came
        self.traceback = ""  # of an exception: how its own side shows it

    def __del__(self) -> None:
        self.peer.dropped(self.number, self.received)

    def ask(self, operation: str, *arguments: Any) -> Any:
        """Carry out an operation on the object."""
        return self.peer.ask(operation, self, *arguments)

    def do(self, special: str, *arguments: Any) -> Any:
        """Call a special method of the object."""
        return self.ask("do", special, arguments, {})

    def read(self, name: str) -> Any:
        """Return an attribute of the object, which does not change in the middle of a comparison on this side."""
        if not self.peer.trusting and self.peer.is_reading():
            return self.seen(f"get {name}", lambda: self.ask("get", name))
        return self.ask("get", name)

    def seen(self, name: str, fetch: Callable[[], Any]) -> Any:
        """Return what is fetched once for all that reads it until the other side is next asked to do something."""
        snapshots, key = self.peer.snapshots, (name, self.number)
        if key not in snapshots:
            snapshots[key] = fetch()
        return snapshots[key]
