"""The threads in which Flask processes requests. Their number and the length of their queue are bounded."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from functools import partial
from typing import Any, ParamSpec, TypeVar

from project.web.concurrency import Busy

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# Requests in the queue. `project.front.bodies` bounds the size of their bodies.
MAX_QUEUED = 1024


class RequestThreads:
    """A pool of threads with a bounded queue."""

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="request")
        self._max_calls = count + MAX_QUEUED
        self._calls = 0

    async def run(
        self, function: Callable[Parameters, Result], *arguments: Parameters.args, **options: Parameters.kwargs
    ) -> Result:
        """Call a function in a thread, and return its result. Raises `Busy`, and what the function raises."""
        if self._calls >= self._max_calls:
            raise Busy
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._calls += 1
        self._threads.submit(self._call, future, partial(function, *arguments, **options))
        return await future

    def _call(self, future: asyncio.Future[Result], function: Callable[[], Result]) -> None:
        """Call the function, in a thread and in a context of its own. The loop is woken once for each call.

        Context variables have the fields of log lines, such as the request's id, which other calls must not log.
        """
        call_in_loop = future.get_loop().call_soon_threadsafe
        try:
            call_in_loop(self._finish, future, future.set_result, Context().run(function))
        except BaseException as error:  # noqa: BLE001 - the coroutine raises it
            call_in_loop(self._finish, future, future.set_exception, error)
            # The error's traceback refers to this frame, which must not keep the request alive.
            del future, function

    def _finish(self, future: asyncio.Future[Result], set_outcome: Callable[[Any], None], outcome: object) -> None:
        self._calls -= 1
        if not future.done():  # the request may have been cancelled
            set_outcome(outcome)

    def close(self) -> None:
        """Wait for the running calls, and stop the threads."""
        self._threads.shutdown()
