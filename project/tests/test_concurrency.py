"""How many threads hold a place, how many wait for one, and who is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from project.tests.servers import DEADLINE_SECONDS
from project.web.concurrency import Busy, ConcurrencyLimit

THREADS = 16


def is_refused(limit):
    try:
        with limit.place():
            return False
    except Busy:
        return True


def test_as_many_as_may_are_admitted_and_the_next_is_refused():
    limit = ConcurrencyLimit(3)
    with ExitStack() as places:
        for _ in range(3):
            places.enter_context(limit.place())
        assert is_refused(limit)
    assert not is_refused(limit)


def test_a_place_is_given_back_when_its_holder_fails():
    limit = ConcurrencyLimit(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="wrong"), limit.place():
            raise ValueError("wrong")


def test_those_who_may_wait_get_their_turn_and_no_more_than_may_run_at_once():
    limit = ConcurrencyLimit(2, THREADS - 2, DEADLINE_SECONDS)
    start, lock, running, most = threading.Barrier(THREADS), threading.Lock(), 0, 0

    def work(_):
        nonlocal running, most
        start.wait(DEADLINE_SECONDS)
        with limit.place():
            with lock:
                running += 1
                most = max(most, running)
            with lock:
                running -= 1

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(work, range(THREADS))) == [None] * THREADS
    assert most <= 2


def test_who_waits_in_vain_is_refused_and_leaves_the_queue():
    limit = ConcurrencyLimit(1, 1, 0.01)
    with limit.place():
        assert [is_refused(limit) for _ in range(3)] == [True] * 3
    assert not is_refused(limit)
