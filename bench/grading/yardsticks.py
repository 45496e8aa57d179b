"""Yardsticks: an interpreter that does nothing, and one in bubblewrap that runs the answer."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial

from bench.common.measure import CORES, Benchmark, BenchmarkError, Figures, repeat
from bench.grading.answers import ANSWER, EXPECTED, TEST_CODE
from project.sandbox import interpreter

PART = "yardsticks"
MACHINES, OURS = "`python3 -c pass`, the machine's", "`python3 -c pass`, the one that sandboxes run"
MACHINES_PYTHON = "/usr/bin/python3"
# Namespaces, a read-only root, a temporary directory and no network, as our sandbox has at level 3. It sets no limits
# and no system call filter, so it is faster than an equivalent sandbox.
BUBBLEWRAP = [
    *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"),
    *("--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"),
    *("--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/tmp"),  # noqa: S108 - the sandbox's own
]


def benchmarks() -> Iterator[Benchmark]:
    """Yield the yardsticks that this machine has."""
    ours = interpreter.command()[0]
    for name, python in ((MACHINES, MACHINES_PYTHON), (OURS, ours)):
        if os.access(python, os.X_OK):
            yield Benchmark(PART, name, partial(repeat, partial(_run, [python, "-c", "pass"], b"")))
    if shutil.which("bwrap") and os.access(MACHINES_PYTHON, os.X_OK):
        program = [*BUBBLEWRAP, MACHINES_PYTHON, "-c", f"{ANSWER}\n{TEST_CODE}"]
        attempt = partial(_run, program, f"{EXPECTED}\n".encode())
        for threads, how in ((1, ""), (CORES, f", {CORES} threads")):
            yield Benchmark(PART, f"bubblewrap and python3{how}", partial(_without_cpu, attempt, threads))


def _without_cpu(attempt: Callable[[], None], threads: int, seconds: float) -> Figures:
    """Measure without CPU time, since that of bubblewrap's grandchildren cannot be read."""
    return {name: value for name, value in repeat(attempt, seconds, threads).items() if name != "cpu_ms"}


def _run(command: list[str], expected: bytes) -> None:
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 - our own commands
    if output != expected:
        raise BenchmarkError(f"{command[0]} printed {output!r}")
