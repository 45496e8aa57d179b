"""Slots: each is the permission to use a sandbox for one answer.

Threads and coroutines wait for a slot in the same queue, in the order in which they came.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self


class Slot:
    """One slot, held by the code that has this object until it is released.

    `with slot:` releases it at the end of the block. To let another thread hold the slot, pass the object on.
    """

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self.is_held = True

    def release(self) -> None:
        """Give the slot to the next in the queue. Has no effect the second time."""
        if self.is_held:
            self.is_held = False
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    @contextmanager
    def released_on_failure(self) -> Iterator[None]:
        """Release the slot if the block fails. If it succeeds, the block has passed the slot on."""
        try:
            yield
        except BaseException:
            self.release()
            raise


class Slots:
    """A number of slots, and the queue of those who wait for one."""

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._queue: deque[Future[None]] = deque()

    def wait(self) -> Slot:
        """Return a slot, however long that takes."""
        self._join_queue().result()
        return Slot(self._release)

    def claim(self, timeout: float) -> Slot | None:
        """Return a slot, or None if none is free within the timeout in seconds."""
        future = self._join_queue()
        try:
            future.result(timeout)
        except NotInTime:
            if self._leave_queue(future):
                return None
        return Slot(self._release)

    async def claim_async(self, seconds: float) -> Slot | None:
        """Return a slot, or None if none is free within so many seconds. No thread waits for it."""
        future = self._join_queue()
        try:
            if not future.done():
                await asyncio.wait([asyncio.wrap_future(future)], timeout=seconds)
        except asyncio.CancelledError:
            if not self._leave_queue(future):
                self._release()
            raise
        return Slot(self._release) if future.done() or not self._leave_queue(future) else None

    def queue_length(self) -> int:
        """Return how many wait for a slot."""
        return len(self._queue)

    def _join_queue(self) -> Future[None]:
        """Return a future that is done when the caller has a slot: at once if one is free."""
        future: Future[None] = Future()
        with self._lock:
            if self._free:
                self._free -= 1
                future.set_result(None)
            else:
                self._queue.append(future)
        return future

    def _leave_queue(self, future: Future[None]) -> bool:
        """Stop waiting. Return False if the slot was assigned at this very moment, so that the caller has it."""
        if not future.cancel():
            return False
        with self._lock, suppress(ValueError):  # `_release` may have removed it
            self._queue.remove(future)
        return True

    def _release(self) -> None:
        """Assign a slot to the first in the queue that still waits, or make it free."""
        with self._lock:
            while self._queue:
                future = self._queue.popleft()
                if future.set_running_or_notify_cancel():
                    future.set_result(None)
                    return
            self._free += 1
