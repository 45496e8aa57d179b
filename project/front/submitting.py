"""POST /submissions on the hot path: answers that this process grades at once. All others are left to Flask."""

from contextlib import AbstractContextManager

from flask import Flask

from project.api.payload import parse_json, validate, validate_query
from project.api.submissions import grading
from project.api.submissions.errors import OthersFirst
from project.api.submissions.handing_in import HandedIn, hand_in
from project.api.submissions.inline import SLOT_SECONDS, SLOTS_TAKEN, InlineGrading, given_back_on_failure
from project.api.submissions.schemas import SubmissionPayload, WaitQuery
from project.api.submissions.waiting import AwaitedVerdict
from project.front.hot_path import Call, LeftToFlask
from project.front.request_threads import RequestThreads
from project.front.verdicts import Verdicts
from project.grading.grader import grader
from project.web.auth import TokenHolder
from project.web.concurrency import Busy
from project.web.rate_limits import Limit, limits_of
from project.web.responses import JsonResponse


class Submitter:
    """Accepts an answer while a slot is free, or soon will be; grades it, and returns the verdict."""

    def __init__(self, app: Flask, threads: RequestThreads, verdicts: Verdicts) -> None:
        self._app = app
        self._threads = threads
        self._verdicts = verdicts
        self._database = app.extensions["prepared"]
        self._grading: InlineGrading = app.extensions["inline_grading"]
        limits = limits_of(app, Limit.GRADING)
        self._limit = limits[0] if limits else None
        self.is_hot = len(limits) <= 1  # several windows are counted by Flask

    async def __call__(self, call: Call) -> JsonResponse:
        """Answer the request."""
        try:
            query = validate_query(WaitQuery, call.parameters())
            payload = validate(SubmissionPayload, parse_json(call.body()))
        except ValueError:
            raise LeftToFlask from None
        holder = call.recognise()
        if query.wait <= SLOT_SECONDS:
            raise LeftToFlask
        slot = await grader.slot_soon(SLOT_SECONDS)
        if slot is None:
            call.environ[SLOTS_TAKEN] = True
            raise LeftToFlask
        try:
            awaited = await self._threads.run(self._start, call, holder, payload, query.wait, slot)
        except Busy:
            with slot:  # gives it back
                raise
        return await self._verdicts.response(awaited)

    def _start(
        self,
        call: Call,
        holder: TokenHolder,
        payload: SubmissionPayload,
        wait: float,
        slot: AbstractContextManager[None],
    ) -> AwaitedVerdict:
        """Hand in, and begin to grade."""
        with self._app.app_context(), given_back_on_failure(slot):
            if not grader.status()["ok"]:
                raise LeftToFlask
            try:
                handed = self._hand_in(call, holder, payload)
            except OthersFirst:
                call.environ[SLOTS_TAKEN] = True
                raise LeftToFlask from None
            run = grading.first_run(handed)
        return AwaitedVerdict(handed.id, handed.is_of_staff, wait, self._grading.start(run, slot))

    def _hand_in(self, call: Call, holder: TokenHolder, payload: SubmissionPayload) -> HandedIn:
        limit = self._limit
        return hand_in(
            self._database.rows,
            holder,
            payload.model_dump(),
            allowed=call.settings["GRADING_RUNNING_PER_LEARNER"],
            lease=call.settings["GRADING_LEASE_SECONDS"],
            queue_seconds=call.settings["GRADING_QUEUE_SECONDS"],
            address=call.environ.get("REMOTE_ADDR", ""),
            limit=(limit.key_for(Limit.GRADING.value, str(holder.id)), limit) if limit else None,
        )
