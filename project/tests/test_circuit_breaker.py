"""When calls to a service that times out are refused, and when they are tried again."""

import pytest

from project.users_service.circuit_breaker import CircuitBreaker, CircuitOpen

FAILURES, SECONDS = 3, 2.0


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return CircuitBreaker(FAILURES, SECONDS, clock)


def fail(breaker):
    with pytest.raises(TimeoutError), breaker.call(TimeoutError):
        raise TimeoutError


def succeed(breaker):
    with breaker.call(TimeoutError):
        pass


def is_refused(breaker):
    try:
        succeed(breaker)
    except CircuitOpen:
        return True
    return False


def test_several_failures_in_a_row_open_it(breaker):
    for _ in range(FAILURES):
        fail(breaker)
    assert is_refused(breaker)


def test_a_success_between_failures_starts_the_count_anew(breaker):
    for _ in range(5):
        for _ in range(FAILURES - 1):
            fail(breaker)
        succeed(breaker)


def test_another_exception_is_no_failure(breaker):
    for _ in range(2 * FAILURES):
        with pytest.raises(ValueError, match="another"), breaker.call(TimeoutError):
            raise ValueError("another")


def test_after_its_time_a_success_closes_it(breaker, clock):
    for _ in range(FAILURES):
        fail(breaker)
    clock.now += SECONDS
    succeed(breaker)
    fail(breaker)
    assert not is_refused(breaker)


def test_after_its_time_a_failure_opens_it_again(breaker, clock):
    for _ in range(FAILURES):
        fail(breaker)
    clock.now += SECONDS
    fail(breaker)
    assert is_refused(breaker)
    clock.now += SECONDS
    assert not is_refused(breaker)


def test_after_the_pause_one_call_at_a_time_is_admitted(breaker, clock):
    for _ in range(FAILURES):
        fail(breaker)
    clock.now += SECONDS
    with breaker.call(TimeoutError):
        assert is_refused(breaker)
    assert not is_refused(breaker)


def test_a_failure_of_an_earlier_call_admits_no_second_probe(breaker, clock):
    early, probe = breaker.call(TimeoutError), breaker.call(TimeoutError)
    early.__enter__()
    for _ in range(FAILURES):
        fail(breaker)
    clock.now += SECONDS
    probe.__enter__()
    assert early.__exit__(TimeoutError, TimeoutError(), None) is False
    clock.now += SECONDS
    assert is_refused(breaker)  # the probe has not ended
    probe.__exit__(None, None, None)
    assert not is_refused(breaker)
