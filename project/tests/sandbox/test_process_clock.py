"""What time is an answer's own, and what is the machine's."""

import math
import os
import subprocess
import threading
import time

import pytest

from project.sandbox.process_clock import ProcessClock


@pytest.fixture
def clock():
    clock = ProcessClock()
    clock.watch(os.getpid())
    clock.begin()
    return clock


def test_a_clock_counts_what_is_computed_after_its_beginning(clock):
    before = time.process_time()
    math.factorial(20_000)
    assert 0 < clock.cpu() <= time.process_time() - before + 0.1


def test_a_clock_stands_still_when_its_process_has_ended(clock):
    math.factorial(20_000)
    clock.stop()
    assert (clock.cpu(), clock.delay()) == (clock.cpu(), clock.delay())


def test_a_process_that_is_not_there_takes_no_time():
    clock = ProcessClock()
    clock.watch(2**22 + 1)
    clock.begin()
    assert (clock.before, clock.cpu(), clock.delay()) == (0, 0, 0)


def test_a_clock_knows_how_many_threads_there_are():
    clock = ProcessClock()
    assert clock.threads() == 0
    release = threading.Event()
    threads = [threading.Thread(target=release.wait) for _ in range(3)]
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        clock.watch(process.pid)
        assert clock.threads() == 1
        process.kill()
    clock.watch(os.getpid())
    before = clock.threads()
    for thread in threads:
        thread.start()
    assert clock.threads() == before + 3
    release.set()
    for thread in threads:
        thread.join()
