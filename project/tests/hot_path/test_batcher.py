import itertools
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest

from project.batcher import MAX_BATCH, Batcher


class Writer:
    """Writes numbers: refuses the odd ones in `refused`, and waits before each batch until it may."""

    def __init__(self, *, refused=(), rolls_back=True):
        self.batches, self.refused = [], set(refused)
        self.may_write, self.begun = threading.Semaphore(0), threading.Semaphore(0)
        self.group = Batcher(self.write, lambda _: rolls_back, lambda item: item % 1000)

    def write(self, items):
        self.begun.release()
        self.may_write.acquire()
        self.batches.append(list(items))
        if self.refused & set(items):
            raise ValueError(sorted(self.refused & set(items)))
        return [item * 2 for item in items]

    def submit(self, item):
        """Submit an item; return its result, when there is one."""
        future = Future()
        self.group.submit(item, partial(settle, future))
        return future.result()

    def submit_while_one_is_written(self, threads, items):
        """Submit the first item, and the others while it is being written; return the futures."""
        futures = [Future() for _ in items]
        threads.submit(self.group.submit, items[0], partial(settle, futures[0]))
        self.begun.acquire()
        for item, future in zip(items[1:], futures[1:], strict=True):
            self.group.submit(item, partial(settle, future))  # nobody waits
        self.may_write.release(10_000)
        return futures


def settle(future, told):
    """Give a future what was told of an item."""
    if isinstance(told, Exception):
        future.set_exception(told)
    else:
        future.set_result(told)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(128) as pool:
        yield pool


def test_what_comes_while_one_is_written_is_written_together(threads):
    writer = Writer()
    futures = writer.submit_while_one_is_written(threads, [1, 2, 3, 4, 5])
    assert [future.result() for future in futures] == [2, 4, 6, 8, 10]
    assert writer.batches == [[1], [2, 3, 4, 5]]


def test_a_lone_item_waits_for_nobody():
    writer = Writer()
    writer.may_write.release(2)
    assert writer.submit(7) == 14
    assert writer.submit(8) == 16
    assert writer.batches == [[7], [8]]


def test_items_with_one_key_are_written_one_after_the_other(threads):
    writer = Writer()
    futures = writer.submit_while_one_is_written(threads, [1, 2, 1002, 3, 2002])
    assert [future.result() for future in futures] == [2, 4, 2004, 6, 4004]
    assert writer.batches == [[1], [2, 3], [1002], [2002]]


def test_no_batch_is_too_long(threads):
    writer = Writer()
    futures = writer.submit_while_one_is_written(threads, list(range(MAX_BATCH + 10)))
    assert [future.result() for future in futures] == [item * 2 for item in range(MAX_BATCH + 10)]
    assert [len(batch) for batch in writer.batches] == [1, MAX_BATCH, 9]


def test_one_that_cannot_be_written_does_not_fail_its_neighbours(threads):
    writer = Writer(refused=[3])
    futures = writer.submit_while_one_is_written(threads, [1, 2, 3, 4])
    assert [future.exception() is None for future in futures] == [True, True, False, True]
    assert writer.batches == [[1], [2, 3, 4], [2], [3], [4]]


def test_what_may_have_been_written_is_not_tried_again(threads):
    writer = Writer(refused=[3], rolls_back=False)
    futures = writer.submit_while_one_is_written(threads, [1, 2, 3, 4])
    assert [future.exception() is None for future in futures] == [True, False, False, False]
    assert writer.batches == [[1], [2, 3, 4]]
    assert writer.submit(5) == 10


def test_many_threads_get_each_their_own_result(threads):
    writer = Writer()
    writer.may_write.release(1_000_000)
    futures = [threads.submit(writer.submit, item) for item in range(3000)]
    assert [future.result() for future in futures] == [item * 2 for item in range(3000)]
    written = list(itertools.chain(*writer.batches))
    assert sorted(written) == list(range(3000))
