"""Yardsticks: an interpreter that does nothing, and one in bubblewrap that runs the answer."""

import os
import shutil
from collections.abc import Iterator
from functools import partial

from bench.common.measure import CORES, Benchmark, repeat
from bench.common.programs import BUBBLEWRAP, repeat_without_cpu, run_program
from bench.grading.answers import ANSWER, EXPECTED, TEST_CODE
from project.sandbox import interpreter

PART = "yardsticks"
MACHINES, OURS = "`python3 -c pass`, the machine's", "`python3 -c pass`, the one that sandboxes run"
MACHINES_PYTHON = "/usr/bin/python3"


def benchmarks() -> Iterator[Benchmark]:
    """Yield the yardsticks that this machine has."""
    ours = interpreter.command()[0]
    for name, python in ((MACHINES, MACHINES_PYTHON), (OURS, ours)):
        if os.access(python, os.X_OK):
            yield Benchmark(PART, name, partial(repeat, partial(run_program, [python, "-c", "pass"], b"")))
    if shutil.which("bwrap") and os.access(MACHINES_PYTHON, os.X_OK):
        program = [*BUBBLEWRAP, MACHINES_PYTHON, "-c", f"{ANSWER}\n{TEST_CODE}"]
        attempt = partial(run_program, program, f"{EXPECTED}\n".encode())
        for threads, how in ((1, ""), (CORES, f", {CORES} threads")):
            yield Benchmark(PART, f"bubblewrap and python3{how}", partial(repeat_without_cpu, attempt, threads=threads))
