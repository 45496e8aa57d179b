"""Slots that threads and coroutines wait for in one queue, in the order in which they came."""

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress


class Slots:
    """So many may be held at once."""

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._waiting: deque[Future[None]] = deque()

    def acquire(self, timeout: float | None = None) -> bool:
        """Return whether this thread got a slot within so many seconds; without a timeout it always does."""
        future = self._request()
        try:
            future.result(timeout)
        except NotInTime:
            return not self._gives_up(future)
        return True

    async def acquire_soon(self, seconds: float) -> bool:
        """Return whether this coroutine got a slot within so many seconds."""
        future = self._request()
        try:
            if not future.done():
                await asyncio.wait([asyncio.wrap_future(future)], timeout=seconds)
        except asyncio.CancelledError:
            if not self._gives_up(future):
                self.release()
            raise
        return future.done() or not self._gives_up(future)

    def release(self) -> None:
        """Give a slot back: to who has waited longest."""
        with self._lock:
            while self._waiting:
                future = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    future.set_result(None)
                    return
            self._free += 1

    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def _gives_up(self, future: Future[None]) -> bool:
        """Return whether who has waited goes without a slot: it may have come this moment."""
        if not future.cancel():
            return False
        with self._lock, suppress(ValueError):  # it may have been taken out since
            self._waiting.remove(future)
        return True

    def _request(self) -> Future[None]:
        future: Future[None] = Future()
        with self._lock:
            if self._free:
                self._free -= 1
                future.set_result(None)
            else:
                self._waiting.append(future)
        return future
