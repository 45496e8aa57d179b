"""Resources after many native programs, of which most leave something behind; with EVAL_LONG_TESTS=1, 10,000."""

import shutil

import pytest

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.judging.program_cache import ProgramCache
from project.tests.sandbox.many_runs import IS_LONG, check_growth, judge_many, measure
from project.tests.sandbox.native.native_harness import HONEST, LEVEL

RUNS, MAX_PROGRAMS = (10_000, 100) if IS_LONG else (150, 8)
PROBLEM = Problem(cases=(Case(name="sum", kind=Kind.STDIN, input="2 3\n", expected="5"),), language="c")
PROGRAM_BYTES = 20_000  # of one that GCC makes, and a little more
FULL_SCRATCH = """#include <stdio.h>

int main(void) {
    char block[4096];
    FILE *file = fopen("/tmp/file", "w");
    while (fwrite(block, 1, sizeof block, file)) {}
}
"""
ANSWERS = {
    HONEST: "accepted",
    "int main(void) { return 0; }": "wrong_answer",
    "#include <stdlib.h>\nint main(void) { abort(); }": "runtime_error",
    # A process of its own session, which keeps the output open.
    "#include <unistd.h>\nint main(void) { if (!fork()) { setsid(); pause(); } return 0; }": "wrong_answer",
    FULL_SCRATCH: "runtime_error",
    '#include <stdio.h>\nint main(void) { for (;;) puts("flood"); }': "output_limit",
}


def size_of(directory):
    return sum(path.stat().st_size for path in directory.iterdir())


@pytest.mark.timeout(900)
def test_many_native_runs_leak_nothing(make_sandboxes, tmp_path):
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    sandboxes = make_sandboxes(minimum=LEVEL, warm=4)
    capacity = MAX_PROGRAMS * PROGRAM_BYTES
    judge = Judge(sandboxes, compiler=Compiler(sandboxes, ProgramCache(tmp_path, capacity)))
    assert judge_many(judge, PROBLEM, ANSWERS, 2 * len(ANSWERS)) == []
    before = measure(sandboxes.native_programs)
    assert judge_many(judge, PROBLEM, ANSWERS, RUNS) == []
    check_growth(before, measure(sandboxes.native_programs))
    # More programs than the cache has room for.
    more = {"int main(void) { return x; }": "compile_error"}
    more |= {f"{HONEST}// {number}": "accepted" for number in range(MAX_PROGRAMS)}
    assert judge_many(judge, PROBLEM, more, len(more)) == []
    assert size_of(tmp_path) <= capacity
    check_growth(before, measure(sandboxes.native_programs))
