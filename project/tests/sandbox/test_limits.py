"""The exact limits, and the verdicts of unusual ways to end."""

import signal

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox.limits import MAX_ANSWER_BYTES, MIB, Limits
from project.tests.sandbox.shared_sandboxes import shared_sandboxes


def run(judge, program, **limits):
    """Run a program without input, and return its result."""
    case = Case(name="program", kind=Kind.STDIN, expected="held")
    problem = Problem(cases=(case,), limits=Limits(**limits))
    return judge.judge(problem, program).cases[0]


def test_output_is_limited_to_the_byte(judge):
    for size, verdict in ((9_999, "wrong_answer"), (10_000, "wrong_answer"), (10_001, "output_limit")):
        for stream in ("stdout", "stderr"):
            program = f"import sys\nsys.{stream}.write('x' * {size})"
            assert run(judge, program, output_bytes=10_000).verdict == verdict, (size, stream)


def test_output_in_writes_of_one_byte_is_limited_to_the_byte(judge):
    program = "import os\nfor _ in range({}): os.write(1, b'x')"
    assert run(judge, program.format(2000), output_bytes=2000).verdict == "wrong_answer"
    assert run(judge, program.format(2001), output_bytes=2000).verdict == "output_limit"


def test_memory_within_the_limit_can_be_used(judge):
    assert run(judge, "x = bytearray(180 << 20); print('held')").verdict == "accepted"
    assert run(judge, "x = bytearray(300 << 20); print('held')").verdict == "memory_limit"
    assert run(judge, "x = bytearray(300 << 20); print('held')", memory_bytes=400 * MIB).verdict == "accepted"


def test_cpu_time_is_that_of_all_threads_together(judge):
    """If only the first thread counted, which waits, the others would compute until the wall time limit."""
    program = (
        "import threading, zlib\n"
        "def burn():\n    while True: zlib.compress(bytes(10**6), 9)\n"
        "for _ in range(4): threading.Thread(target=burn).start()"
    )
    result = run(judge, program, cpu_ms=200, wall_ms=60_000)
    assert result.verdict == "time_limit"
    assert 200 <= result.cpu_ms < 20_000


def test_an_answer_that_exceeds_both_time_limits_at_once_has_exceeded_the_time_limit(judge):
    for wall in range(60, 75):
        assert run(judge, "while True: pass", cpu_ms=60, wall_ms=wall).verdict == "time_limit"


def test_the_time_for_waiting_is_limited(judge):
    assert run(judge, "import time\ntime.sleep(60)", wall_ms=100).verdict == "time_limit"


def test_the_scratch_has_a_size_and_a_number_of_files():
    judge = Judge(shared_sandboxes(3))
    fill = "try:\n    open('/tmp/x', 'wb').write(bytes(3 << 20))\nexcept OSError: print('full')\nelse: print('held')"
    assert run(judge, fill).verdict == "accepted"
    assert run(judge, fill, scratch_bytes=2 * MIB).actual == "full\n"
    many = fill.replace("open('/tmp/x', 'wb').write(bytes(3 << 20))", "[open(f'/tmp/{n}', 'w') for n in range(22)]")
    assert run(judge, many).verdict == "accepted"
    assert run(judge, many, scratch_inodes=20).actual == "full\n"


def test_descriptors_are_limited(judge):
    program = "import os\ntry:\n    while True: os.dup(1)\nexcept OSError: print('held')"
    assert run(judge, program).verdict == "accepted"
    assert run(judge, "import os\nfor _ in range(20): os.dup(1)\nprint('held')").verdict == "accepted"


@pytest.mark.parametrize("status", [0, 1, 9, 95, 96, 97, 98, 99, 255])
def test_every_exit_status_of_an_unfinished_answer_is_a_failure_of_the_answer(judge, status):
    """None is a failure of the sandbox, which would not count as an attempt."""
    assert run(judge, f"import os\nprint('held', flush=True)\nos._exit({status})").verdict in (
        "runtime_error",
        "memory_limit",
        "syntax_error",
    )


def test_every_signal_that_ends_an_answer_is_a_failure(judge):
    for number in sorted(signal.valid_signals()):
        result = run(judge, f"import os\nos.kill(os.getpid(), {number})\nraise KeyError", wall_ms=500)
        assert result.verdict in ("runtime_error", "time_limit", "memory_limit", "forbidden_call"), number


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("print('held')\0", "syntax_error"),
        ("\ufeffprint('held')", "accepted syntax_error"),
        ("# -*- coding: utf-16 -*-\nprint('held')", "accepted"),
        ("# -*- coding: no such -*-\nprint('held')", "accepted"),
        ("\ud800 = 1", "syntax_error"),
        ("#" * (MAX_ANSWER_BYTES - 16) + "\nprint('held')", "accepted"),
        ("print('held')" + ";" + "0;" * 32_000, "accepted"),
        ("x = " + "[" * 30_000, "syntax_error"),
        ("x = " + "(" * 90 + ")" * 90 + "\nprint('held')", "accepted"),
        ("x = " + "-" * 60_000 + "1", "syntax_error memory_limit runtime_error"),
        ("x = 1" + "+1" * 30_000 + "\nprint('held')", "accepted syntax_error runtime_error memory_limit"),
        ("", "wrong_answer"),
        ("print('held')\r\n\f\x0b", "syntax_error accepted"),
    ],
)
def test_an_answer_of_any_text_gets_a_verdict(judge, answer, verdict):
    assert run(judge, answer).verdict in verdict.split()
