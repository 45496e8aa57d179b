"""Starting the embedded PostgreSQL when a connection wants it: one thread at a time, and not in vain all the time.

A start that fails takes seconds, in which it holds a thread. So a failure is remembered, and all who want a connection
soon after it, or while another thread tries again, get the same error at once.
"""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from project.settings.declarations import SettingsError

REMEMBERED_SECONDS = 2.0
# While the first thread starts it, others wait so long: about what a restart after a crash takes.
WAIT_SECONDS = 3.0


class _Failure(NamedTuple):
    """A start that failed, and until when none is tried again."""

    sentence: str
    until: float


class GuardedStart:
    """Calls `start`, which raises `SettingsError`, for many threads."""

    def __init__(self, start: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._start = start
        self._clock = clock
        self._turn = threading.Lock()
        self._failure: _Failure | None = None

    def __call__(self) -> None:
        """Start it unless that has just failed. Raises `SettingsError`, as `start` did."""
        known = self._failure
        if known and self._clock() < known.until:
            raise SettingsError(known.sentence)
        if not self._turn.acquire(timeout=0 if known else WAIT_SECONDS):
            raise SettingsError(known.sentence if known else "the embedded PostgreSQL is still being started.")
        try:
            self._try(known)
        finally:
            self._turn.release()

    def _try(self, known: _Failure | None) -> None:
        if self._failure is not None and self._failure is not known:  # another thread's, while this one waited
            raise SettingsError(self._failure.sentence)
        try:
            self._start()
        except SettingsError as error:
            self._failure = _Failure(error.sentence, self._clock() + REMEMBERED_SECONDS)
            raise
        self._failure = None
