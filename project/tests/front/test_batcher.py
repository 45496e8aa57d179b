"""Items that are submitted at the same time run in one batch, and each gets its own result."""

import asyncio
import itertools

from project.front.batcher import MAX_BATCH, Batcher


class Writer:
    """Writes numbers in batches. A batch with one of `invalid` fails; each waits until `allow` was called for it."""

    def __init__(self, *, invalid=(), rolls_back=True):
        self.batches, self.invalid = [], set(invalid)
        self.allowed = asyncio.Semaphore(0)
        self.batcher = Batcher(self.write, lambda _: rolls_back, lambda item: item % 1000)

    async def write(self, items):
        await self.allowed.acquire()
        self.batches.append(list(items))
        if self.invalid & set(items):
            raise ValueError(sorted(self.invalid & set(items)))
        return [item * 2 for item in items]

    def allow(self, batches):
        for _ in range(batches):
            self.allowed.release()

    async def submit_while_one_is_written(self, items):
        """Submit the first item, and the others while it is being written; return the results or errors."""
        futures = [self.batcher.submit(items[0])]
        await asyncio.sleep(0)  # the first batch starts in the next iteration of the loop
        futures += [self.batcher.submit(item) for item in items[1:]]
        self.allow(10_000)
        return await asyncio.gather(*futures, return_exceptions=True)


def test_items_that_are_submitted_during_a_batch_share_the_next_batch():
    writer = Writer()
    assert asyncio.run(writer.submit_while_one_is_written([1, 2, 3, 4, 5])) == [2, 4, 6, 8, 10]
    assert writer.batches == [[1], [2, 3, 4, 5]]


def test_items_that_are_submitted_in_one_iteration_of_the_loop_share_a_batch():
    writer = Writer()
    writer.allow(1)

    async def submit():
        return await asyncio.gather(*[writer.batcher.submit(item) for item in (1, 2, 3)])

    assert asyncio.run(submit()) == [2, 4, 6]
    assert writer.batches == [[1, 2, 3]]


def test_a_single_item_does_not_wait_for_others():
    writer = Writer()
    writer.allow(2)

    async def submit():
        return [await writer.batcher.submit(7), await writer.batcher.submit(8)]

    assert asyncio.run(submit()) == [14, 16]
    assert writer.batches == [[7], [8]]


def test_items_with_the_same_key_are_in_different_batches():
    writer = Writer()
    assert asyncio.run(writer.submit_while_one_is_written([1, 2, 1002, 3, 2002])) == [2, 4, 2004, 6, 4004]
    assert writer.batches == [[1], [2, 3], [1002], [2002]]


def test_the_length_of_a_batch_is_limited():
    writer = Writer()
    count = MAX_BATCH + 10
    assert asyncio.run(writer.submit_while_one_is_written(list(range(count)))) == [item * 2 for item in range(count)]
    assert [len(batch) for batch in writer.batches] == [1, MAX_BATCH, 9]


def test_an_item_that_fails_does_not_fail_the_others_of_its_batch():
    writer = Writer(invalid=[3])
    results = asyncio.run(writer.submit_while_one_is_written([1, 2, 3, 4]))
    assert [isinstance(result, Exception) for result in results] == [False, False, True, False]
    assert writer.batches == [[1], [2, 3, 4], [2], [3], [4]]


def test_a_batch_that_may_have_been_written_is_not_repeated():
    writer = Writer(invalid=[3], rolls_back=False)
    results = asyncio.run(writer.submit_while_one_is_written([1, 2, 3, 4]))
    assert [isinstance(result, Exception) for result in results] == [False, True, True, True]
    assert writer.batches == [[1], [2, 3, 4]]


def test_a_cancelled_item_does_not_fail_the_others_of_its_batch():
    writer = Writer()

    async def submit():
        cancelled, other = writer.batcher.submit(1), writer.batcher.submit(2)
        cancelled.cancel()
        writer.allow(2)
        return await other

    assert asyncio.run(submit()) == 4


def test_each_of_many_items_gets_its_own_result():
    writer = Writer()
    writer.allow(10_000)

    async def submit():
        async def one(item):
            await asyncio.sleep(0)
            return await writer.batcher.submit(item)

        return await asyncio.gather(*map(one, range(3000)))

    assert asyncio.run(submit()) == [item * 2 for item in range(3000)]
    assert sorted(itertools.chain(*writer.batches)) == list(range(3000))
