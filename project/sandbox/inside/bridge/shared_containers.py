"""Mutable containers of which both sides have a copy: a change on one side is applied on the other.

A list is sent by value, but a learner's function may append to its argument, or keep it. So each list, deque, dict, set
and bytearray that is sent gets a number, under which both sides keep their copy and its last known content. Every
message starts with the containers that changed since the previous one; the receiver updates its copies in place.

Both sides forget a container when nothing else on one side refers to it, so that few have to be compared per message.
"""

import operator
import sys
from collections import deque
from collections.abc import Iterable
from typing import Any

MAX_SHARES = 500  # beyond it the oldest are forgotten, and their changes no longer sent
_UNKNOWN = object()
_THEIRS = 1  # the lowest bit of a number: set if the other side assigned it


def _content(container: Any) -> list[Any]:
    return [*container, *container.values()] if type(container) is dict else list(container)


def _is_same(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(operator.is_, one, other))


class SharedContainer:
    """A container, and the content of it that the other side knows."""

    def __init__(self, number: int, container: Any) -> None:
        self.number = number
        self.container = container
        self._known = _content(container)

    def mark_synchronized(self) -> None:
        """Record that the other side knows the current content."""
        self._known = _content(self.container)

    def mark_unknown(self) -> None:
        """Record that the other side has different content, so that the local content is sent."""
        self._known = [_UNKNOWN]

    def has_changed(self) -> bool:
        """Whether its content differs from what the other side knows."""
        return not _is_same(_content(self.container), self._known)

    def is_synchronized_with(self, content: Any) -> bool:
        """Whether both its content and what the other side knows already equal this content."""
        return _is_same(_content(content), self._known) and not self.has_changed()

    def references(self) -> int:
        """Return how many references there are to the container."""
        return sys.getrefcount(self.container)

    def is_referenced(self) -> bool:
        """Whether anything else on this side refers to the container."""
        return self.references() > _OURS


# How many references this module itself has depends on the interpreter: counted for a list without others.
_OURS = SharedContainer(0, []).references()


class SharedContainers:
    """All containers that are shared with the other side."""

    def __init__(self) -> None:
        self._last = 0
        self._by_number: dict[int, SharedContainer] = {}
        self._numbers: dict[int, int] = {}  # by the container's id
        # Deferred changes, by the container's id: the container, and its new content. The learner's side has none.
        self.deferred: dict[int, tuple[SharedContainer, Any]] = {}

    def share_number(self, container: Any) -> int:
        """Return the number of a container that is being sent, which is shared from now on."""
        number = self._numbers.get(id(container))
        if number is None:
            self._last += 2
            number = self._last
            self._remember(number, container)
        else:
            self._by_number[number].mark_synchronized()
        return number

    def shared_content(self, container: Any) -> Any:
        """Return the content to be sent for a container."""
        return container

    def receive_shared(self, number: int, content: Any) -> Any:
        """Return the local copy of a received container: the existing one, updated in place, or a new one."""
        number ^= _THEIRS
        share = self._by_number.get(number)
        if share is None or type(share.container) is not type(content):
            if number & _THEIRS and share is None:
                self._remember(number, content)
            return content
        self._update(share, content)
        return share.container

    def changed(self) -> tuple[Any, ...]:
        """Return the containers whose content has to be sent."""
        return tuple(share.container for share in self._by_number.values() if share.has_changed())

    def forget_unreferenced(self) -> tuple[int, ...]:
        """Forget the containers to which nothing on this side refers, and return their numbers."""
        forgotten = [
            share for share in self._by_number.values() if not share.is_referenced() and not share.has_changed()
        ]
        for share in forgotten:
            self._forget(share)
        return tuple(share.number for share in forgotten)

    def forget(self, numbers: Iterable[int]) -> None:
        """Forget the containers to which nothing on the other side refers."""
        for number in numbers:
            share = self._by_number.get(number ^ _THEIRS)
            if share is not None:
                self._forget(share)

    def apply_deferred(self) -> None:
        """Apply deferred changes; on the learner's side there are none."""

    def _update(self, share: SharedContainer, content: Any) -> None:
        """Update a container to the content that it has on the other side."""
        replace(share.container, content)
        share.mark_synchronized()

    def _remember(self, number: int, container: Any) -> None:
        self._by_number[number] = SharedContainer(number, container)
        self._numbers[id(container)] = number
        if len(self._by_number) > MAX_SHARES:
            self._forget(next(iter(self._by_number.values())))

    def _forget(self, share: SharedContainer) -> None:
        del self._by_number[share.number]
        del self._numbers[id(share.container)]


def replace(container: Any, content: Any) -> None:
    """Replace the content of a container by that of another."""
    if isinstance(container, list | bytearray):
        container[:] = content
    elif isinstance(container, deque):
        container.clear()
        container.extend(content)
    else:
        container.clear()
        container.update(content)
