"""Asking the database with one statement what several requests want of it: the first of them does it for all.

While it waits for the database, others queue up, and their threads are free; then it asks for all that came meanwhile.
So a lone item is not delayed, and many share a round trip; writes also one run of the triggers and one flush to disk.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
# Is told the result of an item, or the error that it had; by whatever thread, and once. It must not raise.
Done: TypeAlias = Callable[[Result | Exception], None]

MAX_BATCH = 64


class Batcher(Generic[Item, Result]):
    """Runs items in batches. Two items with the same key are never in one batch, but one after the other.

    `may_repeat` tells of an error whether nothing was written for certain, so that each may be tried alone.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Sequence[Result]],
        may_repeat: Callable[[Exception], bool],
        key: Callable[[Item], Hashable] | None = None,
    ) -> None:
        self._run = run
        self._may_repeat = may_repeat
        self._key = key
        self._queue: deque[tuple[Item, Done[Result]]] = deque()
        self._lock = threading.Lock()
        self._is_led = False

    def submit(self, item: Item, done: Done[Result]) -> None:
        """Have an item run: by who runs others now, or at once, with all that come meanwhile."""
        with self._lock:
            self._queue.append((item, done))
            if self._is_led:
                return
            self._is_led = True
        while batch := self._take():
            self._run_batch(batch)

    def _take(self) -> list[tuple[Item, Done[Result]]]:
        """Return the next batch; if there is none, nobody leads any more."""
        batch: list[tuple[Item, Done[Result]]] = []
        left: list[tuple[Item, Done[Result]]] = []
        keys: set[Hashable] = set()
        with self._lock:
            while self._queue and len(batch) < MAX_BATCH:
                waiting = self._queue.popleft()
                if self._key is None:
                    batch.append(waiting)
                    continue
                key = self._key(waiting[0])
                (left if key in keys else batch).append(waiting)
                keys.add(key)
            self._queue.extendleft(reversed(left))
            self._is_led = bool(batch)
        return batch

    def _run_batch(self, batch: Sequence[tuple[Item, Done[Result]]]) -> None:
        try:
            results = self._run([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it was, it is its caller's to see
            if len(batch) > 1 and self._may_repeat(error):
                for waiting in batch:  # one that cannot be run must not fail its neighbours
                    self._run_batch([waiting])
            else:
                for _, done in batch:
                    done(error)
        else:
            for (_, done), result in zip(batch, results, strict=True):
                done(result)
