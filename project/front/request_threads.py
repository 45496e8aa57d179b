"""The threads in which Flask answers requests: few, and what waits for one is bounded, too."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

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
        loop = asyncio.get_running_loop()
        self._count += 1
        work = self._threads.submit(function, *arguments, **options)
        work.add_done_callback(lambda _: loop.call_soon_threadsafe(self._end))
        return await asyncio.wrap_future(work, loop=loop)

    def close(self) -> None:
        """Wait for what runs, and end the threads."""
        self._threads.shutdown()

    def _end(self) -> None:
        self._count -= 1
