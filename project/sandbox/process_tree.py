"""The CPU time, scheduling delay and memory of a process and all its descendants, read from outside them.

The process is the first one of a PID namespace: the kernel makes it the parent of every process that loses its own.
"""

import os
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from project.sandbox.process_clock import ProcessClock, delayed

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = resource.getpagesize()
CHILDREN_FIELDS = slice(13, 15)  # of /proc/PID/stat, counted from the one behind the name: the times of reaped children


class ProcessTree(ProcessClock):
    """Measures a process with its descendants: those that `refresh` found last."""

    def __init__(self) -> None:
        super().__init__()
        # By process id, also of processes that have ended.
        self._delays: dict[int, float] = {}
        self._cpus: dict[int, float] = {}
        self._found: Sequence[int] = ()

    def watch(self, pid: int) -> None:
        """Set the process, which has no descendants yet."""
        super().watch(pid)
        self._found = [pid]

    def refresh(self) -> None:
        """Find the processes that have not ended. This takes longer than most measurements of them."""
        self._found = list(self._pids())

    def stop(self) -> None:
        """Stop measuring; the values are kept."""
        super().stop()
        self._found = ()

    def memory(self, above: int) -> int:
        """Return the bytes that all descendants use together; what they share counts once if the sum is over a limit.

        To count what they share takes the kernel longer.
        """
        used = sum(map(_resident, pids := self._found[1:]))
        if used > above:
            used = sum(map(_proportional, pids))
        self.peak_memory = max(self.peak_memory, used)
        return used

    def longest_delay(self) -> float:
        """Return the delay of all processes: each may wait for another one."""
        return self.delay()

    def _cpu_seconds(self) -> float:
        """Return the seconds that the kernel adds up, or those that were seen here if they are more.

        The kernel adds those of a process to none if its parent ignores SIGCHLD.
        """
        added = 0.0
        for pid in self._found:
            own = _own_cpu(pid)
            self._cpus[pid] = max(own, self._cpus.get(pid, 0.0))
            added += own + _cpu_of_reaped(pid)
        return max(added, sum(self._cpus.values()))

    def _delay_seconds(self) -> float:
        for pid in self._found:
            self._delays[pid] = max(delayed(PROC / str(pid) / "schedstat"), self._delays.get(pid, 0.0))
        return sum(self._delays.values())

    def _pids(self) -> Iterator[int]:
        """Return the ids of the processes that have not ended."""
        waiting = [self._pid] if self._pid else []
        while waiting:
            pid = waiting.pop()
            yield pid
            for thread in _threads(pid):
                waiting += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())


def _threads(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - faster
    except OSError:  # the process has ended
        return []


def _own_cpu(pid: int) -> float:
    try:
        return time.clock_gettime(~pid << 3 | 2)  # CPUCLOCK_SCHED, linux/posix-timers.h
    except OSError:
        return 0.0


def _cpu_of_reaped(pid: int) -> float:
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return sum(map(int, fields[CHILDREN_FIELDS])) / TICKS


def _resident(pid: int) -> int:
    pages = _read(f"/proc/{pid}/statm").split()
    return int(pages[1]) * PAGE_BYTES if pages else 0


def _proportional(pid: int) -> int:
    """Return the memory of a process, where each page counts in proportion to those that share it."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        name, _, value = line.partition(":")
        if name == "Pss":
            return int(value.split()[0]) * 1024
    return _resident(pid)  # the file is not readable


def _read(file: str) -> str:
    """Return the text of a file; "" if its process has ended. The JVM has dozens of these files, read every 10 ms."""
    try:
        with open(file, "rb", buffering=0) as opened:  # noqa: PTH123 - faster
            return opened.read().decode(errors="replace")
    except OSError:
        return ""
