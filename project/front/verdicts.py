"""Requests that wait for a verdict: a future on the event loop for each, and one connection that listens for all."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar

import psycopg
import structlog
from flask import Flask

from project.api.submissions.queries import LISTEN
from project.api.submissions.waiting import AwaitedVerdict, find_done, listening_conninfo, response_to
from project.front.request_threads import RequestThreads
from project.front.waits import Waits, retrieve_error
from project.web.responses import JsonResponse

Result = TypeVar("Result")

RETRY_SECONDS = 1.0  # before reconnecting

log = structlog.get_logger()


class Verdicts:
    """Waits for the verdicts of an application."""

    def __init__(self, app: Flask, threads: RequestThreads, waits: Waits) -> None:
        self._app = app
        self._threads = threads
        self._waits = waits
        self._waiting: dict[int, set[asyncio.Future[None]]] = defaultdict(set)
        self._listens = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def response(self, awaited: AwaitedVerdict) -> JsonResponse:
        """Wait for the verdict, and return the response. Raises what the grading raises, and `SubmissionNotFound`."""
        with self._waits.end() as end:
            done = await self._done(awaited, end)
        return (
            await self._in_thread(partial(response_to, awaited, done)) if done is None else response_to(awaited, done)
        )

    async def _done(self, awaited: AwaitedVerdict, end: asyncio.Future[None]) -> dict[str, Any] | None:
        """Return the submission with its verdict; None if it has none in time or before `end`."""
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + awaited.seconds
        if awaited.grading is not None:
            grading = asyncio.wrap_future(awaited.grading)
            if not await _is_done(grading, end, ends_at):
                grading.add_done_callback(retrieve_error)
                return None
            done = grading.result()
            if done is not None:
                return done
        listening = asyncio.ensure_future(self._listening())
        if not await _is_done(listening, end, ends_at):
            listening.cancel()
            return await self._find(awaited)
        is_over = False
        while True:  # a new connection wakes it, too
            with self._announced(awaited.submission_id) as announced:
                done = await self._find(awaited)  # after registering, so that no notification is missed
                if done is not None or is_over:
                    return done
                is_over = not await _is_done(announced, end, ends_at)

    @contextmanager
    def _announced(self, submission_id: int) -> Iterator[asyncio.Future[None]]:
        """Yield a future that is done when a submission may have its verdict."""
        announced: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[submission_id].add(announced)
        try:
            yield announced
        finally:
            self._waiting[submission_id].discard(announced)
            if not self._waiting[submission_id]:
                del self._waiting[submission_id]

    async def _find(self, awaited: AwaitedVerdict) -> dict[str, Any] | None:
        return await self._in_thread(partial(find_done, awaited.submission_id))

    async def _in_thread(self, call: Callable[[], Result]) -> Result:
        return await self._threads.run(self._in_context, call)

    def _in_context(self, call: Callable[[], Result]) -> Result:
        with self._app.app_context():
            return call()

    async def _listening(self) -> None:
        """Return when a connection listens."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen())
        await self._listens.wait()

    async def _listen(self) -> None:
        """Listen until the task is cancelled."""
        while True:
            try:
                conninfo = listening_conninfo(self._app.config)
                async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
                    await connection.execute(LISTEN)
                    self._listens.set()
                    self._wake(list(self._waiting))  # notifications may have been missed before
                    async for notice in connection.notifies():
                        self._wake([int(notice.payload)])
            except psycopg.Error as error:
                log.warning("verdict_listener_failed", error=str(error).strip())
            self._listens.clear()
            await asyncio.sleep(RETRY_SECONDS)

    def _wake(self, submission_ids: list[int]) -> None:
        for number in submission_ids:
            for announced in self._waiting.get(number, ()):
                if not announced.done():
                    announced.set_result(None)

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


async def _is_done(future: asyncio.Future[Any], end: asyncio.Future[None], ends_at: float) -> bool:
    """Wait for a future; return whether it is done in time and before `end`."""
    seconds = max(0.0, ends_at - asyncio.get_running_loop().time())
    both: list[asyncio.Future[Any]] = [future, end]
    await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    return future.done()
