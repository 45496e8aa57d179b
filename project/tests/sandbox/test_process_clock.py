"""The scheduling delay of a process, read from outside it."""

import subprocess
import sys

from project.sandbox.process_clock import ProcessClock
from project.tests.servers import wait_for

# Two threads compete for one core, without the interpreter's lock, and the first thread sleeps until both have ended.
COMPETING = """
import hashlib, os, threading
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
input()
threads = [threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha256", b"", b"", 10**8)) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_the_delay_of_other_threads_counts_while_the_first_one_sleeps():
    with subprocess.Popen([sys.executable, "-c", COMPETING], stdin=subprocess.PIPE) as process:
        try:
            clock = ProcessClock()
            clock.watch(process.pid)
            clock.begin()
            process.stdin.write(b"\n")
            process.stdin.flush()
            wait_for(lambda: clock.longest_delay() > clock.delay() + 0.2, "a thread to have waited")
        finally:
            process.kill()


def test_a_clock_without_a_process_measures_no_delay():
    clock = ProcessClock()
    assert (clock.delay(), clock.longest_delay()) == (0.0, 0.0)
