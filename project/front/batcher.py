"""Batches: one statement for the items of several requests.

While a batch runs in the database, the next one is collected. So a single item does not wait, and many items share a
round trip. Writes share one run of the triggers and one flush to disk, too (a group commit).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Hashable, Sequence
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Batch = list[tuple[Item, asyncio.Future[Result]]]

MAX_BATCH = 64


class Batcher(Generic[Item, Result]):
    """Runs items in batches, on the loop that submits them. Two items with the same key are never in one batch.

    `may_repeat` returns whether it is certain after an error that nothing was written. Then each item is run alone.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Coroutine[Any, Any, Sequence[Result]]],
        may_repeat: Callable[[Exception], bool],
        key: Callable[[Item], Hashable] | None = None,
    ) -> None:
        self._run = run
        self._may_repeat = may_repeat
        self._key = key
        self._queue: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._is_running = False
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references

    def submit(self, item: Item) -> asyncio.Future[Result]:
        """Return the future of an item's result. It runs with all items submitted until its batch starts."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue.append((item, future))
        if not self._is_running:
            self._is_running = True
            self._start(self._run_batches())
        return future

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_batches(self) -> None:
        """Run batches until no item is left. The next batch runs while the responses of the one before are sent."""
        try:
            while batch := self._next_batch():
                await self._run_batch(batch)
        finally:
            self._is_running = False

    def _next_batch(self) -> Batch[Item, Result]:
        """Remove the next batch from the queue and return it."""
        batch: Batch[Item, Result] = []
        postponed: Batch[Item, Result] = []
        keys: set[Hashable] = set()
        while self._queue and len(batch) < MAX_BATCH:
            entry = self._queue.popleft()
            if self._key is None:
                batch.append(entry)
                continue
            key = self._key(entry[0])
            (postponed if key in keys else batch).append(entry)
            keys.add(key)
        self._queue.extendleft(reversed(postponed))
        return batch

    async def _run_batch(self, batch: Batch[Item, Result]) -> None:
        try:
            results = await self._run([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - the requests raise it
            if len(batch) > 1 and self._may_repeat(error):
                self._start(self._run_alone(batch))
            else:
                for _, future in batch:
                    if not future.done():  # the request may have been cancelled
                        future.set_exception(error)
        except asyncio.CancelledError:  # the loop stops
            for _, future in batch:
                future.cancel()
            raise
        else:
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _run_alone(self, batch: Batch[Item, Result]) -> None:
        """Run each item alone, so that one that fails does not fail the others."""
        for entry in batch:
            await self._run_batch([entry])
