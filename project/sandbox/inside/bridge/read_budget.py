"""The budget of CPU time for decoding the answer's messages.

A dict of keys with equal hashes is sent in a tenth of a second, but building it takes ten seconds: each key is compared
with all others. So equal hashes are counted first, and the CPU time of decoding is limited: to as much as the answer
itself may use.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from .errors import ReadTimeExceeded

FEW_KEYS = 64  # up to this many are added without a check
MAX_EQUAL_PAIRS = 2_000_000  # of different keys with equal hashes: some hundredths of a second
_FEW_PAIRS = 1_000  # powers of two have 61 hashes: equal hashes are counted only beyond this many
_AT_ONCE = 1_000  # keys between two checks of the time


class ReadBudget:
    """The CPU time that may still be spent on decoding."""

    def __init__(self, seconds: float = math.inf) -> None:
        self._seconds = seconds
        self._began: float | None = None

    def remaining(self) -> float:
        """Return the remaining seconds; negative if the budget is exceeded."""
        return self._seconds - (0.0 if self._began is None else time.thread_time() - self._began)

    def begin(self) -> bool:
        """Start to measure CPU time; return False if that has started already, for an outer message."""
        if self._began is not None:
            return False
        self._check()
        self._began = time.thread_time()
        return True

    def end(self, *, began: bool) -> None:
        """Stop measuring, if the corresponding `begin` started it."""
        if began:
            self._seconds, self._began = self.remaining(), None

    def build(self, kind: Callable[[Any], Any], items: Sequence[Any]) -> Any:
        """Build a set, frozenset or dict. Raises ReadTimeExceeded."""
        self._check_hashes([item[0] for item in items] if kind is dict else items)
        built: Any = {} if kind is dict else set()
        self._in_parts(built.update, items)
        return kind(built) if kind is frozenset else built

    def _check_hashes(self, keys: Sequence[Any]) -> None:
        hashes = list(map(hash, keys))
        different: set[int] = set()
        self._in_parts(different.update, hashes)
        if len(hashes) - len(different) <= _FEW_PAIRS:
            return
        if sum(times * (times - 1) // 2 for times in Counter(hashes).values()) > MAX_EQUAL_PAIRS:
            raise ReadTimeExceeded("Too many keys of a dict or set that the answer returned have equal hashes.")

    def _in_parts(self, add: Callable[[Any], None], items: Sequence[Any]) -> None:
        for start in range(0, len(items), _AT_ONCE):
            add(items[start : start + _AT_ONCE])
            self._check()

    def _check(self) -> None:
        if self.remaining() < 0:
            raise ReadTimeExceeded("Reading what the answer returned takes longer than the answer may compute.")
