"""Mutable containers that both sides hold: a change that one side makes is seen by the other.

A list crosses by copying, and yet a learner's function may append to its argument, or keep it. So each list, deque,
dict, set and bytearray that crosses gets a number, under which both sides remember their copy and what was in it. Every
message first brings the containers that changed since the last one; their arrival changes the other copy in place.

A container is forgotten by both when nothing else on one side holds it, so that few are looked at with each message.
"""

import operator
import sys
from collections import deque
from collections.abc import Iterable
from typing import Any

MAX_SHARES = 500  # the oldest go first; changes of those are no longer seen
_UNKNOWN = object()
_THEIRS = 1  # the lowest bit of a number: set in those that the other side gave


def _content(container: Any) -> list[Any]:
    return [*container, *container.values()] if type(container) is dict else list(container)


def _is_same(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(operator.is_, one, other))


class Share:
    """A container, and what the other side knows to be in it."""

    def __init__(self, number: int, container: Any) -> None:
        self.number = number
        self.container = container
        self._known = _content(container)

    def note(self) -> None:
        """Remember that the other side knows the content."""
        self._known = _content(self.container)

    def distrust(self) -> None:
        """Note that the other side has made something else of it, and must be told of the content."""
        self._known = [_UNKNOWN]

    def has_changed(self) -> bool:
        """Whether other objects are in it than the other side knows of."""
        return not _is_same(_content(self.container), self._known)

    def has_just(self, content: Any) -> bool:
        """Whether it, and what the other side knows to be in it, is the content already."""
        return _is_same(_content(content), self._known) and not self.has_changed()

    def references(self) -> int:
        """Return how many references there are to the container."""
        return sys.getrefcount(self.container)

    def is_held(self) -> bool:
        """Whether anything else on this side holds the container."""
        return self.references() > _OURS


# As many as are ours is the interpreter's business: counted on a list that nobody else holds.
_OURS = Share(0, []).references()


class Shares:
    """The containers that are shared with the other side."""

    def __init__(self) -> None:
        self._last = 0
        self._by_number: dict[int, Share] = {}
        self._numbers: dict[int, int] = {}  # by the container's id
        # Changes that wait, by the container's id: the share, and what will be in it. The learner's side has none.
        self.pending: dict[int, tuple[Share, Any]] = {}

    def number(self, container: Any) -> int:
        """Return the number on the wire of a container that is being sent. It is shared from now on."""
        number = self._numbers.get(id(container))
        if number is None:
            self._last += 2
            number = self._last
            self._remember(number, container)
        else:
            self._by_number[number].note()
        return number

    def content(self, container: Any) -> Any:
        """Return what is sent as the content of a container that has got its number."""
        return container

    def arrived(self, number: int, content: Any) -> Any:
        """Return our copy of a container that has come: the one that we have, which changes in place, or a new one."""
        number ^= _THEIRS
        share = self._by_number.get(number)
        if share is None or type(share.container) is not type(content):
            if number & _THEIRS and share is None:
                self._remember(number, content)
            return content
        self._take(share, content)
        return share.container

    def changed(self) -> tuple[Any, ...]:
        """Return the containers that the other side must be told of."""
        return tuple(share.container for share in self._by_number.values() if share.has_changed())

    def forget_unheld(self) -> tuple[int, ...]:
        """Forget the containers that nobody holds on this side, and return their numbers on the wire."""
        unheld = [share for share in self._by_number.values() if not share.is_held() and not share.has_changed()]
        for share in unheld:
            self._forget(share)
        return tuple(share.number for share in unheld)

    def forget(self, numbers: Iterable[int]) -> None:
        """Forget the containers that nobody holds on the other side."""
        for number in numbers:
            share = self._by_number.get(number ^ _THEIRS)
            if share is not None:
                self._forget(share)

    def apply(self) -> None:
        """Make the changes that wait."""

    def _take(self, share: Share, content: Any) -> None:
        """Change a container to what it is on the other side."""
        replace(share.container, content)
        share.note()

    def _remember(self, number: int, container: Any) -> None:
        self._by_number[number] = Share(number, container)
        self._numbers[id(container)] = number
        if len(self._by_number) > MAX_SHARES:
            self._forget(next(iter(self._by_number.values())))

    def _forget(self, share: Share) -> None:
        del self._by_number[share.number]
        del self._numbers[id(share.container)]


def replace(container: Any, content: Any) -> None:
    """Give a container the content of another."""
    if isinstance(container, list | bytearray):
        container[:] = content
    elif isinstance(container, deque):
        container.clear()
        container.extend(content)
    else:
        container.clear()
        container.update(content)
