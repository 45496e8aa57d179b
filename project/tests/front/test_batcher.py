import asyncio
import itertools

from project.front.batcher import MAX_BATCH, Batcher


class Writer:
    """Writes numbers: refuses those in `refused`, and waits before each batch until it may."""

    def __init__(self, *, refused=(), rolls_back=True):
        self.batches, self.refused = [], set(refused)
        self.may_write = asyncio.Semaphore(0)
        self.group = Batcher(self.write, lambda _: rolls_back, lambda item: item % 1000)

    async def write(self, items):
        await self.may_write.acquire()
        self.batches.append(list(items))
        if self.refused & set(items):
            raise ValueError(sorted(self.refused & set(items)))
        return [item * 2 for item in items]

    def allow(self, batches):
        for _ in range(batches):
            self.may_write.release()

    async def submit_while_one_is_written(self, items):
        """Submit the first item, and the others while it is being written; return the results or errors."""
        futures = [self.group.submit(items[0])]
        await asyncio.sleep(0)  # the first batch begins in the next turn of the loop
        futures += [self.group.submit(item) for item in items[1:]]
        self.allow(10_000)
        return await asyncio.gather(*futures, return_exceptions=True)


def test_what_comes_while_one_is_written_is_written_together():
    writer = Writer()
    assert asyncio.run(writer.submit_while_one_is_written([1, 2, 3, 4, 5])) == [2, 4, 6, 8, 10]
    assert writer.batches == [[1], [2, 3, 4, 5]]


def test_what_comes_in_one_turn_of_the_loop_is_written_together():
    writer = Writer()
    writer.allow(1)

    async def submit():
        return await asyncio.gather(*[writer.group.submit(item) for item in (1, 2, 3)])

    assert asyncio.run(submit()) == [2, 4, 6]
    assert writer.batches == [[1, 2, 3]]


def test_a_lone_item_waits_for_no_other():
    writer = Writer()
    writer.allow(2)

    async def submit():
        return [await writer.group.submit(7), await writer.group.submit(8)]

    assert asyncio.run(submit()) == [14, 16]
    assert writer.batches == [[7], [8]]


def test_items_with_one_key_are_written_one_after_the_other():
    writer = Writer()
    assert asyncio.run(writer.submit_while_one_is_written([1, 2, 1002, 3, 2002])) == [2, 4, 2004, 6, 4004]
    assert writer.batches == [[1], [2, 3], [1002], [2002]]


def test_no_batch_is_too_long():
    writer = Writer()
    count = MAX_BATCH + 10
    assert asyncio.run(writer.submit_while_one_is_written(list(range(count)))) == [item * 2 for item in range(count)]
    assert [len(batch) for batch in writer.batches] == [1, MAX_BATCH, 9]


def test_one_that_cannot_be_written_does_not_fail_its_neighbours():
    writer = Writer(refused=[3])
    results = asyncio.run(writer.submit_while_one_is_written([1, 2, 3, 4]))
    assert [isinstance(result, Exception) for result in results] == [False, False, True, False]
    assert writer.batches == [[1], [2, 3, 4], [2], [3], [4]]


def test_what_may_have_been_written_is_not_tried_again():
    writer = Writer(refused=[3], rolls_back=False)
    results = asyncio.run(writer.submit_while_one_is_written([1, 2, 3, 4]))
    assert [isinstance(result, Exception) for result in results] == [False, True, True, True]
    assert writer.batches == [[1], [2, 3, 4]]


def test_a_request_that_is_given_up_does_not_fail_its_neighbours():
    writer = Writer()

    async def submit():
        given_up, other = writer.group.submit(1), writer.group.submit(2)
        given_up.cancel()
        writer.allow(2)
        return await other

    assert asyncio.run(submit()) == 4


def test_many_get_each_their_own_result():
    writer = Writer()
    writer.allow(10_000)

    async def submit():
        async def one(item):
            await asyncio.sleep(0)
            return await writer.group.submit(item)

        return await asyncio.gather(*map(one, range(3000)))

    assert asyncio.run(submit()) == [item * 2 for item in range(3000)]
    assert sorted(itertools.chain(*writer.batches)) == list(range(3000))
