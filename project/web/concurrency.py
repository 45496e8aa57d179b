"""How many threads of a process may do the same costly thing at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from project.web.errors import ServiceUnavailable


class Busy(ServiceUnavailable):
    """As many requests as may are doing this already."""

    retry_seconds = 1


class ConcurrencyLimit:
    """Admits `running` threads at once. Up to `waiting` more wait `wait_seconds` for a free place; others are refused.

    What waits holds a thread of the server, so both numbers together must leave some threads to other requests.
    """

    def __init__(self, running: int, waiting: int = 0, wait_seconds: float = 0) -> None:
        self._admitted = threading.BoundedSemaphore(running + waiting)
        self._running = threading.BoundedSemaphore(running)
        self._wait_seconds = wait_seconds

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place. Raises `Busy` when there is none, or none becomes free in time."""
        if not self._admitted.acquire(blocking=False):
            raise Busy
        try:
            if not self._running.acquire(timeout=self._wait_seconds):
                raise Busy
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._admitted.release()
