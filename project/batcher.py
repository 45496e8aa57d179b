"""Asking the database with one statement what several threads want of it: the first of them does it for all.

While it waits for the database, others queue up; when it is done, one of these leads, for all that came meanwhile. So a
lone item is not delayed, and many share one round trip; of writes one run of the triggers and one flush to disk, too.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_BATCH = 64


class _Waiting(Generic[Item, Result]):
    """An item in the queue; its thread waits for `done`, and then has a result, an error, or the lead."""

    result: Result

    def __init__(self, item: Item) -> None:
        self.item = item
        self.error: Exception | None = None
        self.leads = False
        self.done = threading.Lock()
        self.done.acquire()


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
        self._key = key
        self._may_repeat = may_repeat
        self._queue: deque[_Waiting[Item, Result]] = deque()
        self._lock = threading.Lock()
        self._is_led = False

    def submit(self, item: Item) -> Result:
        """Return the result of this item, when there is one; raise what was raised for it."""
        mine: _Waiting[Item, Result] = _Waiting(item)
        with self._lock:
            self._queue.append(mine)
            mine.leads = not self._is_led
            self._is_led = True
        if not mine.leads:
            mine.done.acquire()
        if mine.leads:
            self._lead()
        if mine.error:
            raise mine.error
        return mine.result

    def _lead(self) -> None:
        """Run a batch, the leader's own item first, and hand over."""
        with self._lock:
            batch = self._take()
        try:
            self._run_batch(batch)
        finally:
            with self._lock:
                if self._queue:
                    self._queue[0].leads = True
                    self._queue[0].done.release()
                else:
                    self._is_led = False
            for waiting in batch[1:]:
                waiting.done.release()

    def _take(self) -> list[_Waiting[Item, Result]]:
        batch: list[_Waiting[Item, Result]] = []
        left: list[_Waiting[Item, Result]] = []
        keys: set[Hashable] = set()
        while self._queue and len(batch) < MAX_BATCH:
            waiting = self._queue.popleft()
            if self._key is None:
                batch.append(waiting)
                continue
            key = self._key(waiting.item)
            (left if key in keys else batch).append(waiting)
            keys.add(key)
        self._queue.extendleft(reversed(left))
        return batch

    def _run_batch(self, batch: Sequence[_Waiting[Item, Result]]) -> None:
        try:
            for waiting, result in zip(batch, self._run([waiting.item for waiting in batch]), strict=True):
                waiting.result = result
        except Exception as error:  # noqa: BLE001 - whatever it was, it is its caller's to see
            if len(batch) > 1 and self._may_repeat(error):
                for waiting in batch:  # one that cannot be run must not fail its neighbours
                    self._run_batch([waiting])
                return
            for waiting in batch:
                waiting.error = error
