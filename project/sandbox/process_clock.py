"""The CPU time, scheduling delay and threads of a process, read from outside it."""

import time
from pathlib import Path

THREADS_FIELD = 17  # of /proc/PID/stat, counted from the one behind the name


class ProcessClock:
    """Measures from `begin` to `stop`. After that, the process id may be that of another process."""

    def __init__(self) -> None:
        self.before = 0.0  # seconds of CPU time that the setup of the process took
        self.peak_memory = 0  # bytes, as far as they are measured here
        self._pid = 0
        self._cpu = self._delay = self._delay_before = 0.0

    def watch(self, pid: int) -> None:
        """Set the process, which has to exist until `stop`."""
        self._pid = pid

    def begin(self) -> None:
        """Start measuring."""
        self.before = self._cpu_seconds()
        self._delay_before = self._delay_seconds()

    def cpu(self) -> float:
        """Return the seconds of CPU time, of all threads together."""
        self._cpu = max(self._cpu, self._cpu_seconds() - self.before)
        return self._cpu

    def delay(self) -> float:
        """Return the seconds for which its first thread was ready to run, while the machine was busy with others."""
        self._delay = max(self._delay, self._delay_seconds() - self._delay_before)
        return self._delay

    def longest_delay(self) -> float:
        """Return the delay of the thread with the longest one: the first thread may wait for another one."""
        return max([self.delay(), *map(delayed, Path(f"/proc/{self._pid}/task").glob("[0-9]*/schedstat"))])

    def threads(self) -> int:
        """Return the number of threads."""
        try:
            # After its name, which it can choose.
            return int(Path(f"/proc/{self._pid}/stat").read_bytes().rpartition(b")")[2].split()[THREADS_FIELD])
        except (OSError, IndexError):
            return 0

    def stop(self) -> None:
        """Stop measuring; the values are kept."""
        self._pid = 0

    def _cpu_seconds(self) -> float:
        try:
            return time.clock_gettime(~self._pid << 3 | 2) if self._pid else 0.0  # CPUCLOCK_SCHED, linux/posix-timers.h
        except OSError:
            return 0.0

    def _delay_seconds(self) -> float:
        return delayed(Path(f"/proc/{self._pid}/schedstat")) if self._pid else 0.0


def delayed(schedstat: Path) -> float:
    """Return the total seconds for which a thread was ready to run and did not run."""
    try:
        _ran, delayed, _times = schedstat.read_text().split()
        return int(delayed) / 1e9
    except (OSError, ValueError):  # it has ended, or this kernel does not measure that
        return 0.0
