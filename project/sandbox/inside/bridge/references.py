"""References to remote objects."""

from collections.abc import Callable
from typing import Any, Protocol


class Connection(Protocol):
    """The connection to the other side, as far as references need it."""

    snapshots: dict[tuple[str, int], Any]
    trusting: bool  # whether the other side is trusted: the learner's side trusts the tester, not the reverse

    def call(self, operation: str, reference: "RemoteReference", *arguments: Any) -> Any:
        """Execute an operation on a remote object."""

    def is_reading(self) -> bool:
        """Whether local code may be in the middle of a comparison, or the like."""

    def reference_released(self, number: int, times: int) -> None:
        """Record that no reference is left here to an object that was received so many times."""


class NoBaseValue:
    """Used as the base value where there is none (NONE), or where it is mutable and has to be fetched (LIVE)."""


NONE, LIVE = NoBaseValue(), NoBaseValue()


class RemoteReference:
    """A reference to a remote object, held by its proxy. When it is deleted, it is returned to the other side."""

    __slots__ = ("base", "number", "peer", "received", "traceback")

    def __init__(self, peer: Connection, number: int, base: Any = NONE) -> None:
        self.peer = peer
        self.number = number
        self.base = base  # the plain value in an instance of a subclass of int, str, tuple...
        self.received = 1  # how often it was received
        self.traceback = ""  # of an exception: as formatted by the other side

    def __del__(self) -> None:
        self.peer.reference_released(self.number, self.received)

    def call(self, operation: str, *arguments: Any) -> Any:
        """Execute an operation on the object."""
        return self.peer.call(operation, self, *arguments)

    def call_special(self, special: str, *arguments: Any) -> Any:
        """Call a special method of the object."""
        return self.call("call", special, arguments, {})

    def read(self, name: str) -> Any:
        """Return an attribute of the object; it stays the same during a comparison on this side."""
        if not self.peer.trusting and self.peer.is_reading():
            return self.cached(f"get {name}", lambda: self.call("get", name))
        return self.call("get", name)

    def cached(self, name: str, fetch: Callable[[], Any]) -> Any:
        """Return a value that is fetched once, and kept until the next remote call."""
        snapshots, key = self.peer.snapshots, (name, self.number)
        if key not in snapshots:
            snapshots[key] = fetch()
        return snapshots[key]
