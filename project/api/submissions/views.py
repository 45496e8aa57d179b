"""Handing in answers, and reading how they were graded."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, Response, current_app

from project.api.exercises.problems import problem
from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import page
from project.api.submissions import grading, queries, tasks
from project.api.submissions.errors import (
    GradingBusy,
    GradingUnavailable,
    LanguageDiffers,
    StillGrading,
    SubmissionNotFound,
    UnknownExercise,
)
from project.api.submissions.inline import given_back_on_failure, inline_grading, until
from project.api.submissions.models import Submission
from project.api.submissions.schemas import (
    EvaluationAnswer,
    SubmissionAnswer,
    SubmissionGraded,
    SubmissionPayload,
    SubmissionPending,
    SubmissionQuery,
    SubmissionsAnswer,
    WaitQuery,
)
from project.api.submissions.states import State
from project.auth import authenticate, caller
from project.envelope import success
from project.errors import NotPermitted
from project.extensions import db
from project.grader import grader
from project.idempotency.repeats import Referred, StoredAfterwards, claim, refer_to
from project.judging.languages import LANGUAGES
from project.judging.results import Judgement, for_learner
from project.rate_limits import Limit
from project.sandbox.errors import SandboxUnavailable

submissions_blueprint = Blueprint("submissions", __name__)

# To wait so long for a slot of this process costs less than to queue the submission.
SLOT_SECONDS = 0.5


def repeated(submission_id: int) -> Response | None:
    """Answer a repeat: with the submission as it is now, unless it was withdrawn."""
    found = _find(submission_id)
    if found is None:
        return None
    return _graded(found) if found["state"] == State.DONE else _pending(found)


@submissions_blueprint.post("/submissions")
@authenticate
@operation(
    "Hand in an answer",
    {201: SubmissionGraded, 202: SubmissionPending},
    body=SubmissionPayload,
    query=WaitQuery,
    errors=(UnknownExercise, LanguageDiffers, StillGrading, GradingUnavailable),
    limit=Limit.GRADING,
    repeats=Referred(repeated),
)
def submit(payload: SubmissionPayload, query: WaitQuery) -> Response:
    """Grade an answer and let the score follow: 201 if that is done in time, else 202."""
    exercise = _exercise(payload)
    with inline_grading().seconds_to_wait(query.wait) as seconds:
        slot = grader.try_slot(min(seconds, SLOT_SECONDS))
        with given_back_on_failure(slot):
            row = _add(payload, exercise, queued=slot is None)
        if slot is None:
            done = until(lambda: _find(row["id"], state=State.DONE), seconds)
        else:
            done = inline_grading().finish(grading.run_of(row, exercise), slot, seconds)
    return _graded(done) if done else _pending(_read(row["id"]))


@submissions_blueprint.post("/evaluations")
@authenticate
@operation(
    "Try an answer, recording nothing",
    {200: EvaluationAnswer},
    body=SubmissionPayload,
    query=WaitQuery,
    errors=(UnknownExercise, LanguageDiffers, StillGrading, GradingUnavailable, GradingBusy),
    limit=Limit.GRADING,
    repeats=StoredAfterwards(),
)
def evaluate(payload: SubmissionPayload, query: WaitQuery) -> Response:
    """Judge an answer. `wait` is for a free slot: what runs is waited for."""
    exercise = _exercise(payload)
    user = caller()
    with nullcontext() if user.is_staff else inline_grading().alone(user.id):
        judged = _try(exercise, payload.answer, query.wait)
    asked = {name: exercise[name] for name in ("exercise_id", "language")}
    return success(_visible(judged | asked | {"exercise_version": exercise["version"]}), "Answer was judged!")


@submissions_blueprint.get("/submissions")
@authenticate
@operation("List submissions, newest first", {200: SubmissionsAnswer}, query=SubmissionQuery, errors=(NotPermitted,))
def list_submissions(query: SubmissionQuery) -> Response:
    """List the caller's submissions; graders and admins list everybody's."""
    user = caller()
    if not user.is_staff and query.user_id not in {None, user.id}:
        raise NotPermitted
    statement = queries.submissions(query.model_dump(exclude_none=True), None if user.is_staff else user.id)
    return page("submissions", statement, Submission.id, query, newest_first=True)


@submissions_blueprint.get("/submissions/<submission_id>")
@authenticate
@operation("Read a submission", {200: SubmissionAnswer}, errors=(SubmissionNotFound,))
def read_submission(submission_id: str) -> Response:
    """Read one of the caller's submissions; graders and admins read anybody's."""
    owner = None if caller().is_staff else caller().id
    number = identifier(submission_id, SubmissionNotFound)
    found = _read(number, owner)
    # Also where no worker sweeps, no submission stays pending for ever.
    if found["state"] != State.DONE and tasks.sweep(found["user_id"]):
        found = _read(number, owner)
    return success(_visible(found))


def _exercise(payload: SubmissionPayload) -> Mapping[str, Any]:
    """Return the exercise as it is now, if it can be graded."""
    row = db.session.execute(queries.CURRENT_VERSION, {"exercise_id": payload.exercise_id}).mappings().one_or_none()
    db.session.rollback()  # no connection is kept while others are graded
    if row is None:
        raise UnknownExercise
    exercise = dict(row)
    if payload.language not in {None, exercise["language"]}:
        raise LanguageDiffers(exercise["language"])
    language = LANGUAGES.get(exercise["language"])
    if language is None or not language.available or not grader.status()["ok"]:
        raise GradingUnavailable
    return exercise


def _add(payload: SubmissionPayload, exercise: Mapping[str, Any], *, queued: bool) -> Mapping[str, Any]:
    """Hand in the answer, to be graded by a worker or at once by this process."""
    user = caller()
    values = {
        "user_id": user.id,
        "exercise_id": payload.exercise_id,
        "exercise_version": exercise["version"],
        "language": exercise["language"],
        "answer": payload.answer,
    }
    allowed = None if user.is_staff else current_app.config["GRADING_RUNNING_PER_LEARNER"]
    claim()
    row = grading.add(values, allowed, queued=queued)
    if row is None:
        raise StillGrading
    refer_to(row["id"])
    db.session.commit()
    return row


def _try(exercise: Mapping[str, Any], answer: str, wait: float) -> dict[str, Any]:
    """Judge an answer in a slot of this process, once there is one."""
    with inline_grading().seconds_to_wait(wait) as seconds:
        slot = grader.try_slot(seconds)
        if slot is None:
            raise GradingBusy
        with slot:
            return _judge(exercise, answer).as_json()


def _judge(exercise: Mapping[str, Any], answer: str) -> Judgement:
    try:
        return grading.judge(problem(exercise), answer)
    except SandboxUnavailable:
        raise GradingUnavailable from None


def _find(submission_id: int, owner: int | None = None, state: State | None = None) -> dict[str, Any] | None:
    """Return a submission, if it has that owner and state. No connection is kept."""
    row = db.session.execute(queries.submission(submission_id, owner, state)).mappings().one_or_none()
    db.session.rollback()
    return dict(row) if row else None


def _read(submission_id: int, owner: int | None = None) -> dict[str, Any]:
    found = _find(submission_id, owner)
    if found is None:
        raise SubmissionNotFound
    return found


def _graded(submission: dict[str, Any]) -> Response:
    return _answer(submission, "Submission was graded!", 201)


def _pending(submission: dict[str, Any]) -> Response:
    return _answer(submission, "Submission is being graded.", 202)


def _answer(submission: dict[str, Any], message: str, http_status: int) -> Response:
    response = success(_visible(submission), message, http_status)
    response.headers["Location"] = f"/submissions/{submission['id']}"
    return response


def _visible(judged: dict[str, Any]) -> dict[str, Any]:
    """Return what the caller may see of how an answer was judged."""
    if caller().is_staff or not judged["cases"]:
        return judged
    # The sums would tell a hidden case's times, which an answer can make say what it was asked.
    times = {"cpu_ms": None, "wall_ms": None} if any(case["hidden"] for case in judged["cases"]) else {}
    return judged | times | {"cases": [for_learner(case) for case in judged["cases"]]}
