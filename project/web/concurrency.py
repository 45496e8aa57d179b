"""Limits on how many threads of a process do the same expensive work at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from project.web.errors import ServiceUnavailable


class Busy(ServiceUnavailable):
    """The limit on this work is reached."""

    retry_seconds = 1


class ConcurrencyLimit:
    """Lets `running` threads work at once. Up to `waiting` more wait for `wait_seconds`; further ones are rejected.

    Waiting holds a thread of the server, so both numbers together must leave some threads to other requests.
    """

    def __init__(self, running: int, waiting: int = 0, wait_seconds: float = 0) -> None:
        self._admitted = threading.BoundedSemaphore(running + waiting)
        self._running = threading.BoundedSemaphore(running)
        self._wait_seconds = wait_seconds

    @contextmanager
    def acquire(self) -> Iterator[None]:
        """Count this thread as running for the time of a block. Raises `Busy` at once, or after the wait."""
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
