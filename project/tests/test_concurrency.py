"""How many threads run at once, how many wait, and which are rejected."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from project.tests.servers import DEADLINE_SECONDS
from project.web.concurrency import Busy, ConcurrencyLimit

THREADS = 16


def is_rejected(limit):
    try:
        with limit.acquire():
            return False
    except Busy:
        return True


def test_the_next_thread_is_rejected_when_the_limit_is_reached():
    limit = ConcurrencyLimit(3)
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(limit.acquire())
        assert is_rejected(limit)
    assert not is_rejected(limit)


def test_an_exception_releases_the_limit():
    limit = ConcurrencyLimit(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="wrong"), limit.acquire():
            raise ValueError("wrong")


def test_waiting_threads_run_later_and_never_more_than_the_limit():
    limit = ConcurrencyLimit(2, THREADS - 2, DEADLINE_SECONDS)
    lock, running, most = threading.Lock(), 0, 0
    start, pair = threading.Barrier(THREADS), threading.Barrier(2)

    def work(_):
        nonlocal running, most
        start.wait(DEADLINE_SECONDS)
        with limit.acquire():
            with lock:
                running += 1
                most = max(most, running)
            pair.wait(DEADLINE_SECONDS)  # so that two do run at once, and every further one would be counted
            with lock:
                running -= 1

    with ThreadPoolExecutor(THREADS) as threads:
        assert list(threads.map(work, range(THREADS))) == [None] * THREADS
    assert most == 2


def test_a_thread_that_waits_too_long_is_rejected_and_leaves_the_queue():
    limit = ConcurrencyLimit(1, 1, 0.01)
    with limit.acquire():
        assert [is_rejected(limit) for _ in range(3)] == [True] * 3
    assert not is_rejected(limit)
