"""POST /submissions on the hot path: answers that this process grades at once. All others are left to Flask."""

from flask import Flask

from project.api.payload import parse_json, validate, validate_query
from project.api.submissions import grading
from project.api.submissions.answers import find, graded, pending
from project.api.submissions.errors import OthersFirst, SubmissionNotFound
from project.api.submissions.handing_in import HandedIn, hand_in
from project.api.submissions.inline import SLOT_SECONDS, SLOTS_TAKEN, InlineGrading, given_back_on_failure
from project.api.submissions.schemas import SubmissionPayload, WaitQuery
from project.auth import Holder
from project.envelope import Answer
from project.front.hot_path import Call, LeftToFlask
from project.front.request_threads import RequestThreads
from project.grader import grader
from project.rate_limits import Limit, limits_of


class Submitter:
    """Accepts an answer while a slot is free, or soon will be; grades it, and returns the verdict."""

    def __init__(self, app: Flask, threads: RequestThreads) -> None:
        self._app = app
        self._threads = threads
        self._database = app.extensions["prepared"]
        self._grading: InlineGrading = app.extensions["inline_grading"]
        limits = limits_of(app, Limit.GRADING)
        self._limit = limits[0] if limits else None
        self.is_hot = len(limits) <= 1  # several windows are counted by Flask

    async def __call__(self, call: Call) -> Answer:
        """Answer the request."""
        try:
            query = validate_query(WaitQuery, call.parameters())
            payload = validate(SubmissionPayload, parse_json(call.body()))
        except ValueError:
            raise LeftToFlask from None
        holder = call.recognise()
        if query.wait <= SLOT_SECONDS:
            raise LeftToFlask
        return await self._threads.run(self._submit, call, holder, payload, query.wait)

    def _submit(self, call: Call, holder: Holder, payload: SubmissionPayload, wait: float) -> Answer:
        if not grader.status()["ok"]:
            raise LeftToFlask
        with self._grading.seconds_to_wait(wait) as seconds, self._app.app_context():
            slot = grader.try_slot(SLOT_SECONDS)
            if slot is None:
                call.environ[SLOTS_TAKEN] = True
                raise LeftToFlask
            with given_back_on_failure(slot):
                try:
                    handed = self._hand_in(call, holder, payload)
                except OthersFirst:
                    call.environ[SLOTS_TAKEN] = True
                    raise LeftToFlask from None
                run = grading.first_run(handed)
            done = self._grading.finish(run, slot, seconds)
            if done:
                return graded(done, handed.is_of_staff)
            found = find(handed.id)
            if found is None:
                raise SubmissionNotFound
            return pending(found, handed.is_of_staff)

    def _hand_in(self, call: Call, holder: Holder, payload: SubmissionPayload) -> HandedIn:
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
