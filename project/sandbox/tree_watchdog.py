"""The watchdog of a native program, which may start processes."""

import time

from project.sandbox.limits import Limits
from project.sandbox.outcome import TerminationReason
from project.sandbox.process_tree import ProcessTree
from project.sandbox.watchdog import LimitExceeded, Watchdog

FIRST_CHECK_SECONDS = 0.004  # most programs have ended before
MEMORY_CHECK_SECONDS, SECOND_CHECK_SECONDS = 0.01, 0.002


class TreeWatchdog(Watchdog):
    """Checks a process and all its descendants, and their memory together.

    No limit of the kernel counts the memory of several processes without a cgroup, and limits of address space end the
    JVM, Go and V8, which reserve far more than they use.
    """

    def __init__(self, level: int, limits: Limits) -> None:
        self.tree = ProcessTree()
        self._was_over = False
        self._next_check = 0.0
        super().__init__(level, limits, self.tree)

    def check(self) -> float:
        """Return the seconds until the next check. Raises LimitExceeded.

        The event loop calls it after each event. To read the state of all processes takes longer than most events.
        """
        now = time.monotonic()
        if now >= self._next_check:
            self._next_check = now + min(self._check_tree(), MEMORY_CHECK_SECONDS)
        return self._next_check - now

    def start(self) -> None:
        """Start measuring."""
        super().start()
        self._next_check = time.monotonic() + FIRST_CHECK_SECONDS

    def _check_tree(self) -> float:
        self.tree.refresh()
        remaining = super().check()
        is_over = self.tree.memory(above=self.limits.memory_bytes) > self.limits.memory_bytes
        if is_over and self._was_over:
            raise LimitExceeded(TerminationReason.MEMORY_LIMIT)
        # A process that was just started by vfork has its parent's memory for a moment, which then counts twice.
        self._was_over = is_over
        return min(remaining, SECOND_CHECK_SECONDS) if is_over else remaining
