"""Keeping what was read lately, up to a size."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Values by key; the least recently used are dropped first. Any thread may use it.

    `size_of` returns the size of a value, and `most` is the size of all values together.
    """

    def __init__(self, most: int, size_of: Callable[[Value], int]) -> None:
        self._most = most
        self._size_of = size_of
        self._size = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """Return the value of a key, or None."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def add(self, key: Key, value: Value) -> None:
        """Keep a value, unless it is larger than all values together may be."""
        size = self._size_of(value)
        if size > self._most:
            return
        with self._lock:
            if key in self._values:
                self._size -= self._size_of(self._values.pop(key))
            self._values[key] = value
            self._size += size
            while self._size > self._most:
                _, oldest = self._values.popitem(last=False)
                self._size -= self._size_of(oldest)
