"""A circuit breaker: calls to a service that keeps timing out fail at once, and hold no thread."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class CircuitOpen(Exception):
    """The last calls timed out, and it is too early for another one."""


class CircuitBreaker:
    """Opens after `failures` failed calls in a row. It admits one at a time after `seconds`; a success closes it."""

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_failures = failures
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_at = 0.0
        self._is_probing = False

    @contextmanager
    def call(self, failure: type[Exception]) -> Iterator[None]:
        """Count a call as failed if it raises `failure`, else as successful.

        Raises:
            CircuitOpen: the call must not be made.

        """
        is_probe = self._admit()
        failed = False
        try:
            yield
        except failure:
            failed = True
            raise
        finally:
            self._count(failed=failed, is_probe=is_probe)

    def _admit(self) -> bool:
        """Return whether the call is a probe."""
        with self._lock:
            if self._failures < self._max_failures:
                return False
            if self._is_probing or self._clock() - self._opened_at < self._seconds:
                raise CircuitOpen
            self._is_probing = True
            return True

    def _count(self, *, failed: bool, is_probe: bool) -> None:
        with self._lock:
            if is_probe:
                self._is_probing = False
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= self._max_failures:
                self._opened_at = self._clock()
