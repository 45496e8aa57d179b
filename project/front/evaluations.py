"""Evaluations: each request waits for a slot on the event loop, and then runs in a thread."""

import asyncio
from collections.abc import Callable
from typing import Any

from flask import Flask, Response
from structlog.contextvars import bound_contextvars

from project.api.submissions.errors import GradingBusy
from project.api.submissions.evaluations import Evaluation
from project.api.submissions.grading_threads import threads_of
from project.front.request_threads import RequestThreads
from project.front.waits import Waits
from project.grading.local_judge import judge_of
from project.grading.slots import Slot
from project.web.responses import JSON

# Evaluations that may wait for each slot: submissions wait in the same queue.
WAITING_PER_SLOT = 8


class Evaluations:
    """Runs the evaluations of an application."""

    def __init__(self, app: Flask, threads: RequestThreads, waits: Waits) -> None:
        self._app = app
        self._judge = judge_of(app)
        self._threads = threads
        self._grading_threads = threads_of(app)
        self._waits = waits
        self._most_waiting = WAITING_PER_SLOT * app.config["GRADING_SLOTS"]
        self._waiting = 0

    async def response(self, evaluation: Evaluation, request_id: str) -> Response:
        """Wait for a slot, and return the response. Raises as `Evaluation.respond` does."""
        with evaluation.in_progress:
            slot = await self.claim_slot(evaluation.seconds)
            if slot is None:
                raise GradingBusy
            with slot.released_on_failure():
                judging = self._grading_threads.evaluate(evaluation, slot, request_id)
            made = await asyncio.wrap_future(judging)
        response = Response(made.body(request_id), made.http_status, made.headers, mimetype=JSON)
        store = evaluation.store
        return response if store is None else await self._threads.run(self._store, store, response, request_id)

    def _store(self, store: Callable[[Response], Response], response: Response, request_id: str) -> Response:
        with self._app.app_context(), bound_contextvars(request_id=request_id):
            return store(response)

    async def claim_slot(self, seconds: float) -> Slot | None:
        """Return a slot, or None if there is none in time, too many wait, or the process is about to end."""
        if self._waiting >= self._most_waiting:
            seconds = 0
        claim = asyncio.ensure_future(self._judge.claim_slot_async(seconds))
        self._waiting += 1
        try:
            with self._waits.end() as end:
                either: list[asyncio.Future[Any]] = [claim, end]
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return claim.result() if claim.done() else None
        except BaseException:
            claim.add_done_callback(_release)
            raise
        finally:
            self._waiting -= 1
            claim.cancel()


def _release(claim: asyncio.Future[Slot | None]) -> None:
    """Release a slot that came too late."""
    if not claim.cancelled() and (slot := claim.result()) is not None:
        slot.release()
