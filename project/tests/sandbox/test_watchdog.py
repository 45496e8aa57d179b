"""When the watchdog checks a process next, with a clock whose times are given."""

import math

import pytest

from project.sandbox import watchdog
from project.sandbox.limits import Limits
from project.sandbox.outcome import TerminationReason
from project.sandbox.watchdog import LimitExceeded, Watchdog

HAS_OWN_USER = watchdog.OWN_THREADS_LEVEL


class Clock:
    """A process that used so much CPU time, in seconds, and waited so long for a processor."""

    def __init__(self, cpu=0.0, delay=0.0, threads=1):
        self.cpu, self.delay, self.longest_delay = (lambda: cpu), (lambda: delay), (lambda: delay)
        self.threads = lambda: threads

    def begin(self):
        pass


@pytest.fixture
def check(monkeypatch):
    """Check a process that began some seconds ago: `check(Clock(cpu=1), seconds=2, cpu_ms=1500)`.

    By default it has 10 s of CPU time, 30 s of wall time, and 2 s when it computes nothing. `submission_seconds` are
    those that are left for all cases together.
    """

    def after(clock, seconds=0.0, level=HAS_OWN_USER, submission_seconds=math.inf, **limits):
        now = 1000.0
        monkeypatch.setattr(watchdog.time, "monotonic", lambda: now)
        dog = Watchdog(level, Limits.from_json({"cpu_ms": 10_000} | limits))
        dog.clock = clock
        dog.configure(now + submission_seconds, [])
        dog.start()
        now += seconds
        return dog.check()

    return after


@pytest.mark.parametrize("used", [0.0, 0.1, 0.15, 0.19])
def test_the_next_check_comes_before_all_cores_together_can_exceed_the_cpu_time(check, used):
    seconds = check(Clock(cpu=used), seconds=0.1, cpu_ms=200)
    assert 0 < seconds <= max(watchdog.MIN_CPU_CHECK_SECONDS, (0.2 - used) / watchdog.CORES)


@pytest.mark.parametrize(
    ("clock", "seconds", "limits"),
    [
        (Clock(cpu=0.2), 0.1, {"cpu_ms": 200}),
        (Clock(cpu=9), 30, {}),
        (Clock(), 2, {}),
        (Clock(cpu=9, delay=3), 33, {}),
        (Clock(cpu=4, delay=3), 5, {"submission_seconds": 5}),
        (Clock(), 2, {"submission_seconds": 5}),
    ],
    ids=[
        "CPU time",
        "wall time",
        "idle time",
        "wall time without what the machine had for others",
        "the submission's time",
        "idle time near the end of the submission's",
    ],
)
def test_a_process_that_exceeds_a_limit_is_reported(check, clock, seconds, limits):
    with pytest.raises(LimitExceeded) as raised:
        check(clock, seconds, **limits)
    assert raised.value.reason is TerminationReason.TIME_LIMIT


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [(Clock(cpu=9), 29.5), (Clock(), 1.5), (Clock(cpu=9, delay=3), 32.5)],
    ids=["wall", "idle", "busy"],
)
def test_a_process_within_its_limits_is_checked_again_before_the_first_ends(check, clock, seconds):
    assert 0 < check(clock, seconds) <= 1


def test_threads_are_counted_where_the_kernel_does_not(check):
    with pytest.raises(LimitExceeded) as raised:
        check(Clock(threads=9), level=HAS_OWN_USER - 1, threads=8)
    assert raised.value.reason is TerminationReason.RUNTIME_ERROR
    assert check(Clock(threads=8), level=HAS_OWN_USER - 1, threads=8) <= watchdog.THREADS_CHECK_SECONDS
    assert check(Clock(threads=9), threads=8) > 0
