"""Requests for an evaluation: each waits for a slot on the event loop."""

import asyncio
from typing import Any

from flask import Flask, Response

from project.api.submissions.errors import GradingBusy
from project.api.submissions.evaluations import Evaluation
from project.api.submissions.grading_threads import threads_of
from project.front.waits import Waits
from project.grading.local_judge import judge_of
from project.grading.slots import Slot


class Evaluations:
    """Carries out the evaluations of an application."""

    def __init__(self, app: Flask, waits: Waits) -> None:
        self._judge = judge_of(app)
        self._threads = threads_of(app)
        self._waits = waits

    async def response(self, evaluation: Evaluation, request_id: str) -> Response:
        """Wait for a slot, and return the response. Raises as `Evaluation.respond` does."""
        with evaluation.in_progress:
            slot = await self._slot(evaluation.seconds)
            if slot is None:
                raise GradingBusy
            return await asyncio.wrap_future(self._threads.evaluate(evaluation, slot, request_id))

    async def _slot(self, seconds: float) -> Slot | None:
        claim = asyncio.ensure_future(self._judge.claim_slot_async(seconds))
        with self._waits.end() as end:
            both: list[asyncio.Future[Any]] = [claim, end]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not claim.done():
            claim.cancel()
        try:
            return await claim
        except asyncio.CancelledError:
            return None
