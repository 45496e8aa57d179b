"""Measuring: repeated calls, latencies, CPU time, and summaries over rounds."""

import os
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1

Figures = Mapping[str, float]


class BenchmarkError(Exception):
    """The benchmark cannot run, or a result is wrong, so that its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark. `run` takes about the given seconds; it raises `BenchmarkError` for a wrong result."""

    part: str
    name: str
    run: Callable[[float], Figures]


def repeat(action: Callable[[], object], seconds: float, threads: int = 1) -> Figures:
    """Call `action` in a closed loop of each thread for some seconds; return its figures.

    Returns p50_ms, p95_ms and p99_ms of a call, calls per_s of all threads, and cpu_ms per call of this process and of
    all processes that it started.
    """
    action()  # a first call, which is not measured
    times: list[list[float]] = [[] for _ in range(threads)]
    errors: list[BaseException] = []

    def loop(own: list[float]) -> None:
        try:
            while (began := time.perf_counter()) < end:
                action()
                own.append(time.perf_counter() - began)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
            errors.append(error)

    cpu, start = cpu_seconds(os.getpid()), time.perf_counter()
    end = start + seconds
    loops = [threading.Thread(target=loop, args=(own,)) for own in times]
    for thread in loops:
        thread.start()
    for thread in loops:
        thread.join()
    if errors:
        raise errors[0]
    elapsed, used = time.perf_counter() - start, cpu_seconds(os.getpid()) - cpu
    calls = sum(len(own) for own in times)
    return {
        **latencies([seconds for own in times for seconds in own]),
        "per_s": calls / elapsed,
        "cpu_ms": used * 1000 / calls,
    }


def latencies(seconds: Sequence[float]) -> Figures:
    """Return percentiles of times, in milliseconds."""
    ordered = sorted(seconds)
    return {
        f"p{share}_ms": 1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95, 99)
    }


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and of all processes that it started, including ended ones."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            fields = (directory / "stat").read_text().rpartition(")")[2].split()  # proc_pid_stat(5), from `state` on
        except OSError:
            continue  # it has ended
        parents[int(directory.name)] = int(fields[1])
        used[int(directory.name)] = sum(map(int, fields[11:15]))
    return sum(ticks for one, ticks in used.items() if _descends(one, pid, parents)) / TICKS_PER_SECOND


def busy_seconds() -> float:
    """Return the CPU time of all processes of this machine, including the time used by other guests (steal)."""
    user, nice, system, _, _, *rest = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
    return (user + nice + system + sum(rest)) / TICKS_PER_SECOND


def _descends(pid: int, ancestor: int, parents: Mapping[int, int]) -> bool:
    while pid != ancestor and pid in parents:
        pid = parents[pid]
    return pid == ancestor


def summary(rounds: Sequence[Figures]) -> dict[str, dict[str, float]]:
    """Return the median, the least and the greatest of each figure over the rounds."""
    return {
        name: {
            "median": statistics.median(values),
            "least": min(values),
            "greatest": max(values),
        }
        for name in rounds[0]
        for values in [[figures[name] for figures in rounds]]
    }
