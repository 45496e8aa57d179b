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
Returned = TypeVar("Returned")

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
        self._tasks: set[asyncio.Task[Any]] = set()  # the loop itself keeps only weak references

    def submit(self, item: Item) -> asyncio.Future[Result]:
        """Return the future of an item's result. It runs with all items submitted until its batch starts."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._queue.append((item, future))
        if not self._is_running:
            self._is_running = True
            loop.call_soon(self._start_next, loop)
        return future

    def _next_batch(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        """Remove the next batch from the queue and return it."""
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        postponed: list[tuple[Item, asyncio.Future[Result]]] = []
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

    def _start_next(self, loop: asyncio.AbstractEventLoop) -> None:
        batch = self._next_batch()
        if not batch:
            self._is_running = False
            return

        def finished(task: asyncio.Task[Sequence[Result]]) -> None:
            self._start_next(loop)  # first, so that the next batch runs while these results are sent
            self._deliver(loop, batch, task)

        self._start(loop, self._run([item for item, _ in batch])).add_done_callback(finished)

    def _start(
        self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Returned]
    ) -> asyncio.Task[Returned]:
        task = loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _deliver(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: Sequence[tuple[Item, asyncio.Future[Result]]],
        finished: asyncio.Task[Sequence[Result]],
    ) -> None:
        error = asyncio.CancelledError() if finished.cancelled() else finished.exception()
        if error is None:
            for (_, future), result in zip(batch, finished.result(), strict=True):
                if not future.done():  # the request may have been cancelled
                    future.set_result(result)
        elif len(batch) > 1 and isinstance(error, Exception) and self._may_repeat(error):
            self._start(loop, self._run_alone(loop, batch))
        else:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)

    async def _run_alone(
        self, loop: asyncio.AbstractEventLoop, batch: Sequence[tuple[Item, asyncio.Future[Result]]]
    ) -> None:
        """Run each item alone, so that one that fails does not fail the others."""
        for item, future in batch:
            running = self._start(loop, self._run([item]))
            await asyncio.wait([running])
            self._deliver(loop, [(item, future)], running)
