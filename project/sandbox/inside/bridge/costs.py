"""What reading the answer's messages may cost the tester.

A dict of keys with equal hashes is sent in a tenth of a second, and takes ten seconds to be made again: each key is
compared with all before it. So equal hashes are counted first, and the CPU time of reading counts against the answer:
it may be as much as the answer's own.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from .errors import TooSlow

FEW_KEYS = 64  # so many are made at once, whatever their hashes
MAX_EQUAL_PAIRS = 2_000_000  # of different keys with equal hashes: some hundredths of a second
_FEW_PAIRS = 1_000  # powers of two have 61 hashes: so many keys are looked at more closely
_AT_ONCE = 1_000  # keys between two looks at the clock


class Costs:
    """The CPU time that reading has taken, of what it may take."""

    def __init__(self, seconds: float = math.inf) -> None:
        self._seconds = seconds
        self._began: float | None = None

    def left(self) -> float:
        """Return how many seconds are left; less than none when it took too long."""
        return self._seconds - (0.0 if self._began is None else time.thread_time() - self._began)

    def begin(self) -> bool:
        """Count the CPU time from now on; return whether it was not counted already, for a message around this one."""
        if self._began is not None:
            return False
        self._check()
        self._began = time.thread_time()
        return True

    def end(self, *, began: bool) -> None:
        """End what `begin` began."""
        if began:
            self._seconds, self._began = self.left(), None

    def build(self, kind: Callable[[Any], Any], items: Sequence[Any]) -> Any:
        """Make a set, frozenset or dict of its items. Raises TooSlow."""
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
            raise TooSlow("Too many keys of a dict or set that the answer returned have equal hashes.")

    def _in_parts(self, add: Callable[[Any], None], items: Sequence[Any]) -> None:
        for start in range(0, len(items), _AT_ONCE):
            add(items[start : start + _AT_ONCE])
            self._check()

    def _check(self) -> None:
        if self.left() < 0:
            raise TooSlow("Reading what the answer returned takes longer than the answer may compute.")
