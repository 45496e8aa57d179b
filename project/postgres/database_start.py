"""Starts the embedded PostgreSQL when a connection needs it: one thread at a time, and rarely after a failure.

A start that fails takes seconds, and holds a thread. So a failure is kept for a moment: connections that are wanted
soon after it, or while another thread starts the server again, fail with the same error at once.
"""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from project.settings.declarations import SettingsError

REMEMBERED_SECONDS = 2.0
# How long other threads wait for the first one: about as long as a restart after a crash takes.
WAIT_SECONDS = 3.0


class _Failure(NamedTuple):
    """A start that failed, and when the next one is tried."""

    sentence: str
    until: float


class GuardedStart:
    """Calls `start`, which raises `SettingsError`, for many threads."""

    def __init__(self, start: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._start = start
        self._clock = clock
        self._lock = threading.Lock()
        self._failure: _Failure | None = None

    def __call__(self) -> None:
        """Start it unless that has just failed. Raises `SettingsError`, as `start` did."""
        known = self._failure
        if known and self._clock() < known.until:
            raise SettingsError(known.sentence)
        if not self._lock.acquire(timeout=0 if known else WAIT_SECONDS):
            raise SettingsError(known.sentence if known else "the embedded PostgreSQL is still being started.")
        try:
            self._try(known)
        finally:
            self._lock.release()

    def _try(self, known: _Failure | None) -> None:
        if self._failure is not None and self._failure is not known:  # another thread's, while this one waited
            raise SettingsError(self._failure.sentence)
        try:
            self._start()
        except SettingsError as error:
            self._failure = _Failure(error.sentence, self._clock() + REMEMBERED_SECONDS)
            raise
        self._failure = None
