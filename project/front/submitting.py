"""POST /submissions on the hot path, for answers that this process can grade at once. Others are left to Flask."""

import asyncio

from flask import Flask

from project.api.payload import parse_json, validate, validate_query
from project.api.submissions import grading
from project.api.submissions.errors import OthersFirst
from project.api.submissions.grading_threads import SLOT_SECONDS, SLOTS_TAKEN, threads_of
from project.api.submissions.handing_in import HandedIn, hand_in
from project.api.submissions.schemas import SubmissionPayload, WaitQuery
from project.api.submissions.waiting import AwaitedVerdict, await_verdict
from project.front.hot_path import Call, LeftToFlask
from project.front.request_threads import RequestThreads
from project.front.verdicts import Verdicts
from project.front.waits import retrieve_error
from project.grading.local_judge import judge_of
from project.grading.slots import Slot
from project.web.auth import TokenHolder
from project.web.rate_limits import Limit, limits_of
from project.web.responses import JsonResponse


class Submitter:
    """Accepts an answer if a slot is free or becomes free soon, grades it, and returns the verdict."""

    def __init__(self, app: Flask, threads: RequestThreads, verdicts: Verdicts) -> None:
        self._app = app
        self._threads = threads
        self._verdicts = verdicts
        self._database = app.extensions["statement_pool"]
        self._judge = judge_of(app)
        self._grading_threads = threads_of(app)
        limits = limits_of(app, Limit.GRADING)
        self._limit = limits[0] if limits else None
        self.is_hot = len(limits) <= 1  # limits with several windows are left to Flask

    async def __call__(self, call: Call) -> JsonResponse:
        """Respond to the request."""
        try:
            query = validate_query(WaitQuery, call.parameters())
            payload = validate(SubmissionPayload, parse_json(call.body()))
        except ValueError:
            raise LeftToFlask from None
        if payload.files:
            raise LeftToFlask  # it reads the exercise first, for the names that are taken
        holder = call.recognise()
        if query.wait <= SLOT_SECONDS:
            raise LeftToFlask
        slot = await self._judge.claim_slot_async(SLOT_SECONDS)
        if slot is None:
            call.environ[SLOTS_TAKEN] = True
            raise LeftToFlask
        starting = asyncio.ensure_future(self._start(call, holder, payload, query.wait, slot))
        starting.add_done_callback(retrieve_error)
        # Shielded, since its thread keeps the slot when the request is cancelled.
        return await self._verdicts.response(await asyncio.shield(starting))

    async def _start(
        self, call: Call, holder: TokenHolder, payload: SubmissionPayload, wait: float, slot: Slot
    ) -> AwaitedVerdict:
        """Pass the slot on to a thread that grades, or release it."""
        with slot.released_on_failure():
            return await self._threads.run(self._start_grading, call, holder, payload, wait, slot)

    def _start_grading(
        self, call: Call, holder: TokenHolder, payload: SubmissionPayload, wait: float, slot: Slot
    ) -> AwaitedVerdict:
        """Record the submission, and start to grade it in a thread that releases the slot."""
        with self._app.app_context():
            if not self._judge.status().is_available:
                raise LeftToFlask
            try:
                handed = self._hand_in(call, holder, payload)
            except OthersFirst:
                call.environ[SLOTS_TAKEN] = True
                raise LeftToFlask from None
            started = self._grading_threads.start(grading.first_run(handed), slot)
        return await_verdict(handed, wait, started)

    def _hand_in(self, call: Call, holder: TokenHolder, payload: SubmissionPayload) -> HandedIn:
        limit = self._limit
        return hand_in(
            self._database.rows,
            holder,
            payload.model_dump(),
            languages=self._judge.languages.gradable(),
            allowed=call.settings["GRADING_RUNNING_PER_LEARNER"],
            lease=call.settings["GRADING_LEASE_SECONDS"],
            queue_seconds=call.settings["GRADING_QUEUE_SECONDS"],
            address=call.environ.get("REMOTE_ADDR", ""),
            limit=(limit.key_for(Limit.GRADING.value, str(holder.id)), limit) if limit else None,
        )
