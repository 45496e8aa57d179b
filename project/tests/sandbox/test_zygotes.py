"""The zygotes, one for learners and one for test modules; and their errors, which are only logged."""

import logging
import os
import signal
from pathlib import Path

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox import zygote as zygotes
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.zygote import Zygote
from project.tests.sandbox.processes import all_descriptors_closed, children, is_gone, until
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

# The address of an object that exists before a process is cloned. Functions of an interpreter that is not
# position-independent, such as Debian's, have the same address in all processes.
ADDRESS = """
import sys
def address():
    return id(sys.modules)
"""
# The answer's process and the tester's have their objects at different addresses.
SAME_LAYOUT = """
import unittest
from answer import address
class Layout(unittest.TestCase):
    def test_no_address_is_known(self):
        self.assertNotEqual(address(), own())
"""
OWN = ADDRESS.replace("address", "own")
TESTING = Problem(cases=(Case(name="layout", kind=Kind.UNITTEST, module="answer", code=OWN + SAME_LAYOUT),))
ADDING = Problem(cases=(Case(name="sum", kind=Kind.STDOUT, code="print(add(2, 3))", expected="5"),))
HONEST = "def add(a, b): return a + b"

WRITES = "printf 'first\\nsecond \\033[2Jthird' >&2; "
GOES_ON = 'exec "$@"'


def launched_by(script):
    """Return a launcher: a shell with a script that may `exec` the zygote."""
    return ["/bin/sh", "-c", script, "sh"]


@pytest.fixture(params=[3, 2, 1])
def sandboxes(request):
    return shared_sandboxes(request.param)


@pytest.fixture(params=[3, 2, 1])
def fresh_sandboxes(request, make_sandboxes):
    return make_sandboxes(minimum=request.param, maximum=request.param, warm=1)


@pytest.mark.skipif(
    Path("/proc/sys/kernel/randomize_va_space").read_text().strip() == "0", reason="this host places all alike"
)
def test_a_test_module_has_another_memory_layout_than_the_answer(sandboxes):
    result = Judge(sandboxes).judge(TESTING, ADDRESS).cases[0]
    assert result.verdict == "accepted", result


def test_a_zygote_for_test_modules_starts_with_the_first_one_only(fresh_sandboxes):
    judge = Judge(fresh_sandboxes)
    assert judge.judge(ADDING, HONEST).verdict == "accepted"
    assert fresh_sandboxes.testers.zygote is None
    judge.judge(TESTING, ADDRESS)
    first = fresh_sandboxes.testers.zygote.pid
    assert first != fresh_sandboxes.learners.zygote.pid
    judge.judge(TESTING, ADDRESS)
    assert fresh_sandboxes.testers.zygote.pid == first
    assert until(lambda: not children(first))
    fresh_sandboxes.close()
    assert is_gone(first)


def test_a_zygote_for_test_modules_that_was_killed_is_replaced(sandboxes):
    judge = Judge(sandboxes)
    judge.judge(TESTING, ADDRESS)
    os.kill(sandboxes.testers.zygote.pid, signal.SIGKILL)
    assert judge.judge(TESTING, ADDRESS).verdict == "accepted"


def test_closed_sandboxes_start_no_zygote(fresh_sandboxes):
    fresh_sandboxes.close()
    for pool in (fresh_sandboxes.learners, fresh_sandboxes.testers):
        pool.close()
        with pytest.raises(SandboxUnavailable):
            pool.acquire(TESTING.limits)
        assert pool.zygote is None


def test_errors_of_a_zygote_are_only_logged_as_one_line(capfd, caplog):
    caplog.set_level(logging.WARNING)
    Zygote(1, launcher=launched_by(WRITES + GOES_ON)).close()
    assert capfd.readouterr() == ("", "")
    (line,) = caplog.messages
    assert line.endswith(r"wrote to its standard error: 'first\nsecond \x1b[2Jthird'")


def test_errors_of_a_zygote_are_limited_and_do_not_block_it(capfd, caplog):
    caplog.set_level(logging.WARNING)
    with all_descriptors_closed():
        Zygote(1, launcher=launched_by("head -c 1000000 /dev/zero >&2; " + GOES_ON)).close()
    assert capfd.readouterr() == ("", "")
    (line,) = caplog.messages
    assert line.count(r"\x00") == zygotes.MAX_ERROR_BYTES


def test_the_reason_why_a_zygote_did_not_start_is_logged(capfd, caplog):
    caplog.set_level(logging.WARNING)
    with pytest.raises(SandboxUnavailable):
        Zygote(1, launcher=launched_by("echo 'no such thing' >&2; exit 1"))
    assert capfd.readouterr() == ("", "")
    assert "no such thing" in caplog.text
