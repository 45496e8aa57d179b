"""Handing in answers, and reading how they were graded."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request

from project.api.exercises.further_languages import offered
from project.api.exercises.problems import problem
from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import page
from project.api.submissions import grading, queries, tasks, usage
from project.api.submissions.answer_files import check_files
from project.api.submissions.errors import (
    GradingBusy,
    GradingUnavailable,
    LanguageDiffers,
    OthersFirst,
    StillGrading,
    SubmissionNotFound,
    UnknownExercise,
)
from project.api.submissions.evaluations import Evaluation, evaluations
from project.api.submissions.grading_threads import SLOT_SECONDS, SLOTS_TAKEN, grading_threads
from project.api.submissions.handing_in import HandedIn, hand_in
from project.api.submissions.models import Submission
from project.api.submissions.own_runs import own_case
from project.api.submissions.responses import find, graded, pending, visible, visible_list
from project.api.submissions.schemas import (
    EvaluationAnswer,
    EvaluationPayload,
    SubmissionAnswer,
    SubmissionGraded,
    SubmissionPayload,
    SubmissionPending,
    SubmissionQuery,
    SubmissionsAnswer,
    WaitQuery,
)
from project.api.submissions.states import State
from project.api.submissions.waiting import AwaitedVerdict, await_verdict, wait_in_thread
from project.extensions import db
from project.grading.local_judge import local_judge
from project.grading.slots import Slot
from project.judging.languages import LANGUAGES
from project.operations.observability import DEFERS, NOTED_LATER
from project.postgres.prepared import run_in_session
from project.web.auth import TokenHolder, allow, caller, check, is_allowed, owner
from project.web.errors import NotPermitted
from project.web.idempotency.handling import StoreReference, StoreResponseAfterwards, claim_key, store_reference
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import JSON, DeferredBody, success, to_flask

submissions_blueprint = Blueprint("submissions", __name__)


def repeated(submission_id: int) -> Response | None:
    """Answer a repeat: with the submission as it is now, unless it was withdrawn."""
    found = find(submission_id)
    if found is None:
        return None
    shown = graded if found["state"] == State.DONE else pending
    return to_flask(shown(found, is_allowed(Action.READ_JUDGING)))


@submissions_blueprint.post("/submissions")
@allow(Action.SUBMIT)
@operation(
    "Hand in an answer",
    {201: SubmissionGraded, 202: SubmissionPending},
    body=SubmissionPayload,
    query=WaitQuery,
    errors=(UnknownExercise, LanguageDiffers, StillGrading, GradingUnavailable, GradingBusy),
    limit=Limit.GRADING,
    idempotency=StoreReference(repeated),
)
def submit(payload: SubmissionPayload, query: WaitQuery) -> Response:
    """Grade an answer and let the score follow: 201 if that is done in time, else 202."""
    check_files(payload.files, payload.answer, payload.exercise_id, payload.language)
    judge = local_judge()
    if not judge.status().is_available:
        raise GradingUnavailable
    slot = judge.claim_slot(0 if SLOTS_TAKEN in request.environ else min(query.wait, SLOT_SECONDS))
    if slot is not None:
        try:
            return _when_judged(_grade_here(payload, query, slot))
        except OthersFirst:
            db.session.rollback()
    return _when_judged(await_verdict(_hand_in(payload, queued=True), query.wait))


def _grade_here(payload: SubmissionPayload, query: WaitQuery, slot: Slot) -> AwaitedVerdict:
    """Hand in the answer, and let a grading thread of this process hold the slot and grade. Raises `OthersFirst`."""
    with slot.released_on_failure():
        handed = _hand_in(payload, queued=False)
        started = grading_threads().start(grading.first_run(handed), slot)
    return await_verdict(handed, query.wait, started)


def _when_judged(awaited: AwaitedVerdict) -> Response:
    """Return the response to an answer that was handed in; the front sends it when there is a verdict."""
    if DEFERS not in request.environ or awaited.seconds <= 0:
        return to_flask(wait_in_thread(awaited))
    location = {"Location": f"/submissions/{awaited.submission_id}"}
    return _respond_later(awaited, HTTPStatus.ACCEPTED, location)


def _respond_later(body: DeferredBody, status: HTTPStatus, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response that the front sends, and logs, once its body is made."""
    request.environ[NOTED_LATER] = None
    return Response(body, status, headers, mimetype=JSON, direct_passthrough=True)


@submissions_blueprint.post("/evaluations")
@allow(Action.SUBMIT)
@operation(
    "Try an answer, recording nothing",
    {200: EvaluationAnswer},
    body=EvaluationPayload,
    query=WaitQuery,
    errors=(UnknownExercise, LanguageDiffers, StillGrading, GradingUnavailable, GradingBusy),
    limit=Limit.GRADING,
    idempotency=StoreResponseAfterwards(),
)
def evaluate(payload: EvaluationPayload, query: WaitQuery) -> Response:
    """Judge an answer, or run it with `input` or `call` only. `wait` is for a free slot: what runs is waited for."""
    exercise, language = _exercise(payload)
    check_files(payload.files, payload.answer, payload.exercise_id, payload.language)
    case = own_case(payload, LANGUAGES[language])
    task = problem(exercise, language)
    sender = usage.Sender(caller().id, request.remote_addr or "")
    with ExitStack() as in_progress:
        if not is_allowed(Action.CALL_WITHOUT_LIMIT):
            in_progress.enter_context(evaluations().one_at_a_time(sender.id))
        if usage.is_behind(sender):
            raise GradingBusy
        evaluation = Evaluation(
            task if case is None else replace(task, cases=(case,)),
            case is not None,
            payload.answer,
            payload.files,
            sender,
            query.wait,
            {
                "exercise_id": exercise["exercise_id"],
                "exercise_version": exercise["version"],
                "language": language,
            },
            is_allowed(Action.READ_JUDGING),
            in_progress.pop_all(),
        )
    if DEFERS not in request.environ:
        return to_flask(evaluation.respond(local_judge().claim_slot(query.wait)))
    return _respond_later(evaluation, HTTPStatus.OK)


@submissions_blueprint.get("/submissions")
@allow(Action.READ_SUBMISSIONS)
@operation("List submissions, newest first", {200: SubmissionsAnswer}, query=SubmissionQuery, errors=(NotPermitted,))
def list_submissions(query: SubmissionQuery) -> Response:
    """List the caller's submissions; graders and admins list everybody's."""
    check(Action.READ_SUBMISSIONS, query.user_id)
    statement = queries.submissions(query.model_dump(exclude_none=True), owner(Action.READ_SUBMISSIONS))
    show = partial(visible_list, reads_judging=is_allowed(Action.READ_JUDGING))
    return page("submissions", statement, Submission.id, query, newest_first=True, show=show)


@submissions_blueprint.get("/submissions/<submission_id>")
@allow(Action.READ_SUBMISSIONS)
@operation("Read a submission", {200: SubmissionAnswer}, errors=(SubmissionNotFound,))
def read_submission(submission_id: str) -> Response:
    """Read one of the caller's submissions; graders and admins read anybody's."""
    owner_id = owner(Action.READ_SUBMISSIONS)
    number = identifier(submission_id, SubmissionNotFound)
    found = _read(number, owner_id)
    # So that no submission stays pending for ever where there is no worker.
    if found["state"] != State.DONE and tasks.sweep(found["user_id"]):
        found = _read(number, owner_id)
    return success(visible(found, is_allowed(Action.READ_JUDGING)))


def _exercise(payload: SubmissionPayload) -> tuple[Mapping[str, Any], str]:
    """Return the exercise as it is now, and the chosen language, if it can be graded."""
    row = db.session.execute(queries.CURRENT_VERSION, {"exercise_id": payload.exercise_id}).mappings().one_or_none()
    db.session.rollback()  # releases the connection before the wait for a slot
    if row is None:
        raise UnknownExercise
    exercise = dict(row)
    chosen: str = exercise["language"] if payload.language is None else payload.language
    if chosen not in offered(exercise):
        raise LanguageDiffers(", ".join(offered(exercise)))
    judge = local_judge()
    if not judge.status().is_available or chosen not in judge.languages.gradable():
        raise GradingUnavailable
    return exercise, chosen


def _hand_in(payload: SubmissionPayload, *, queued: bool) -> HandedIn:
    """Hand in the answer, to be graded by a worker or at once by this process."""
    user, config = caller(), current_app.config
    claim_key()
    handed = hand_in(
        run_in_session,
        TokenHolder(user.id, user.token, user.role),
        payload.model_dump(),
        languages=local_judge().languages.gradable(),
        allowed=config["GRADING_RUNNING_PER_LEARNER"],
        lease=None if queued else config["GRADING_LEASE_SECONDS"],
        queue_seconds=config["GRADING_QUEUE_SECONDS"],
        address=request.remote_addr or "",
    )
    if queued:
        grading.queue(handed.id, 1, handed.priority, handed.address)
    store_reference(handed.id)
    db.session.commit()
    return handed


def _read(submission_id: int, owner: int | None = None) -> dict[str, Any]:
    found = find(submission_id, owner)
    if found is None:
        raise SubmissionNotFound
    return found
