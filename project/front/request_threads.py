"""The threads in which Flask answers requests: few, and what waits for one is bounded, too."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from project.web.concurrency import Busy

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# Requests that may wait for a thread. Their bodies are bounded apart, by `project.front.bodies`.
MOST_WAITING = 1024


class RequestThreads:
    """A pool of threads that refuses work when too much of it waits."""

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="request")
        self._most = count + MOST_WAITING
        self._count = 0

    async def run(
        self, function: Callable[Parameters, Result], *arguments: Parameters.args, **options: Parameters.kwargs
    ) -> Result:
        """Call a function in a thread, and return its result. Raises `Busy`, or as the function does."""
        if self._count >= self._most:
            raise Busy
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._count += 1
        self._threads.submit(self._call, future, partial(function, *arguments, **options))
        return await future

    def _call(self, future: asyncio.Future[Result], function: Callable[[], Result]) -> None:
        """Call the function, in a thread. The loop is woken once for each request."""
        end = future.get_loop().call_soon_threadsafe
        try:
            end(self._end, future, future.set_result, function())
        except BaseException as error:  # noqa: BLE001 - the coroutine raises it
            end(self._end, future, future.set_exception, error)
            # The error's traceback refers to this frame: it is not to keep the request.
            del future, function

    def _end(self, future: asyncio.Future[Result], set_outcome: Callable[[Any], None], outcome: object) -> None:
        self._count -= 1
        if not future.done():  # the request may have been given up
            set_outcome(outcome)

    def close(self) -> None:
        """Wait for what runs, and end the threads."""
        self._threads.shutdown()
