"""The limits of a sandboxed process that the judge enforces: CPU time, wall time, idling, and the number of threads."""

import math
import os
import time
from collections.abc import Sequence

from project.sandbox.limits import Limits
from project.sandbox.outcome import TerminationReason
from project.sandbox.process_clock import ProcessClock

CORES = os.cpu_count() or 1
MIN_CPU_CHECK_SECONDS = 0.004
IDLE_SHARE = 0.1  # of its wall time: a process that computes for less is idle
# Below this level learners have no user of their own. The kernel limits the threads of one user, so there those of one
# process are counted here.
OWN_THREADS_LEVEL, THREADS_CHECK_SECONDS = 3, 0.02


class LimitExceeded(Exception):
    """A process exceeded a limit and has to be killed."""

    def __init__(self, reason: TerminationReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Watchdog:
    """Checks one process, from `start` to `stop`."""

    def __init__(self, level: int, limits: Limits, clock: ProcessClock | None = None) -> None:
        self.clock = clock or ProcessClock()
        self._level = level
        self.limits = limits
        self._started_at = 0.0  # seconds of the monotonic clock; 0 before `start`
        self._deadline = 0.0
        self._next_idle_check = 0.0
        self._latest = math.inf
        self._peers: Sequence[ProcessClock] = ()

    def configure(self, latest: float, peers: Sequence[ProcessClock]) -> None:
        """Set when the wall time ends at the latest, on the monotonic clock, and the processes that this one waits for.

        The wall time includes neither the time in which the machine was busy with other processes, nor the CPU time of
        the peers.
        """
        self._latest = latest
        self._peers = peers

    def start(self) -> None:
        """Start measuring."""
        self._started_at = time.monotonic()
        self.clock.begin()
        self._deadline = min(self._started_at + self.limits.wall_ms / 1000, self._latest)
        self._next_idle_check = self._started_at + self.limits.idle_ms / 1000

    def stop(self) -> float:
        """Stop measuring; return the milliseconds of wall time since `start`."""
        self.clock.stop()
        return (time.monotonic() - self._started_at) * 1000 if self._started_at else 0.0

    def elapsed(self) -> float:
        """Return the seconds since `start`, without those in which the machine was busy with other processes."""
        return time.monotonic() - self._started_at - self.clock.delay() if self._started_at else 0.0

    def check(self) -> float:
        """Return the seconds until the next check. Raises LimitExceeded."""
        now = time.monotonic()
        remaining = min(self._remaining_wall_time(now), self._remaining_idle_time(now))
        remaining_cpu_time = self.limits.cpu_ms / 1000 - self.clock.cpu()
        if remaining <= 0 or remaining_cpu_time <= 0:
            raise LimitExceeded(TerminationReason.TIME_LIMIT)
        if self._level < OWN_THREADS_LEVEL:
            if self.clock.threads() > self.limits.threads:
                raise LimitExceeded(TerminationReason.RUNTIME_ERROR)
            remaining = min(remaining, THREADS_CHECK_SECONDS)
        # All cores together may use up the CPU time.
        return min(remaining, max(MIN_CPU_CHECK_SECONDS, remaining_cpu_time / CORES))

    def _remaining_wall_time(self, now: float) -> float:
        remaining = self._deadline - now
        if remaining > 0:
            return remaining
        return min(remaining + self.clock.delay() + self._time_of_peers(), self._latest - now)

    def _remaining_idle_time(self, now: float) -> float:
        """Return the seconds after which the process has been idle for too long, if it computes no more until then."""
        if now >= self._next_idle_check:
            allowed = max(self.limits.idle_ms / 1000, self.clock.cpu() / IDLE_SHARE)
            self._next_idle_check = self._started_at + self.clock.longest_delay() + self._time_of_peers() + allowed
        return self._next_idle_check - now

    def _time_of_peers(self) -> float:
        return sum(clock.delay() + clock.cpu() for clock in self._peers)
