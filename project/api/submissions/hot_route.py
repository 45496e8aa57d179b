"""POST /submissions on the hot path: answers that are graded at once, by this process. All others are left to Flask."""

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
from project.grader import grader
from project.hot_path import Call, HotPath, HotRoute, LeftToFlask
from project.rate_limits import Limit, limits_of

ADDRESS = "/submissions"


class _Submitter:
    """Takes an answer while a slot is free, or soon is; grades it, and tells how that went."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._grading: InlineGrading = app.extensions["inline_grading"]
        limits = limits_of(app, Limit.GRADING)
        self._limit = limits[0] if limits else None
        self.is_hot = len(limits) <= 1  # several windows are counted by Flask

    def __call__(self, call: Call) -> Answer:
        try:
            query = validate_query(WaitQuery, call.parameters())
            payload = validate(SubmissionPayload, parse_json(call.body()))
        except ValueError:
            raise LeftToFlask from None
        holder = call.recognise()
        if query.wait <= SLOT_SECONDS or not grader.status()["ok"]:
            raise LeftToFlask
        with self._grading.seconds_to_wait(query.wait) as seconds, self._app.app_context():
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
            call.database.rows,
            holder,
            payload.model_dump(),
            allowed=call.settings["GRADING_RUNNING_PER_LEARNER"],
            lease=call.settings["GRADING_LEASE_SECONDS"],
            queue_seconds=call.settings["GRADING_QUEUE_SECONDS"],
            address=call.environ.get("REMOTE_ADDR", ""),
            limit=(limit.key_for(Limit.GRADING.value, str(holder.id)), limit) if limit else None,
        )


def init_app(app: Flask) -> None:
    """Add the route to those of the hot path."""
    hot_path: HotPath = app.extensions["hot_path"]
    submitter = _Submitter(app)
    if submitter.is_hot:
        hot_path.routes = {**hot_path.routes, ("POST", ADDRESS): HotRoute(ADDRESS, submitter)}
