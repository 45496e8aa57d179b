"""Judging the submissions of an exercise again, and changing the scores accordingly."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app

from project.api.exercises.errors import ExerciseNotFound
from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import page
from project.api.rejudges import queries, tasks
from project.api.rejudges.models import Rejudge, RejudgeChange
from project.api.rejudges.schemas import (
    ChangesAnswer,
    RejudgeAnswer,
    RejudgeQueued,
    RejudgesAnswer,
    RejudgeWritten,
)
from project.api.schemas import ListQuery
from project.extensions import db
from project.web.auth import allow, caller
from project.web.errors import ApiError
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import success

rejudges_blueprint = Blueprint("rejudges", __name__)


class RejudgeNotFound(ApiError):
    """There is no such rejudge."""

    http_status = 404
    status = "fail"
    message = "Rejudge does not exist"


class NotReadyToApply(ApiError):
    """The rejudge is not ready, has been applied, or the exercise has changed since."""

    http_status = 400
    status = "fail"
    message = "Sorry. Only a rejudge that is ready, of an exercise that has not changed since, can be applied."


class NotApplied(ApiError):
    """The rejudge has not been applied, or has been undone."""

    http_status = 400
    status = "fail"
    message = "Sorry. Only a rejudge that has been applied can be undone."


@rejudges_blueprint.post("/exercises/<exercise_id>/rejudge")
@allow(Action.REJUDGE)
@operation(
    "Judge the submissions of an exercise anew",
    {202: RejudgeQueued},
    errors=(ExerciseNotFound,),
    limit=Limit.WRITE,
)
def add_rejudge(exercise_id: str) -> Response:
    """Judge them by the exercise as it is now, and find which scores would change; no score is changed yet."""
    values = {"id": identifier(exercise_id, ExerciseNotFound), "requested_by": caller().id}
    row = db.session.execute(queries.ADD, values).mappings().one_or_none()
    if row is None:
        raise ExerciseNotFound
    tasks.queue(row["id"])
    db.session.commit()
    response = success(dict(row), "New rejudge was queued!", 202)
    response.headers["Location"] = f"/rejudges/{row['id']}"
    return response


@rejudges_blueprint.get("/exercises/<exercise_id>/rejudges")
@allow(Action.REJUDGE)
@operation(
    "List the rejudges of an exercise, newest first",
    {200: RejudgesAnswer},
    query=ListQuery,
    errors=(ExerciseNotFound,),
)
def list_rejudges(exercise_id: str, query: ListQuery) -> Response:
    """List the rejudges of an exercise; one that does not exist has none."""
    statement = queries.rejudges(identifier(exercise_id, ExerciseNotFound))
    return page("rejudges", statement, Rejudge.id, query, newest_first=True)


@rejudges_blueprint.get("/rejudges/<rejudge_id>")
@allow(Action.REJUDGE)
@operation("Read how far a rejudge is", {200: RejudgeAnswer}, errors=(RejudgeNotFound,))
def read_rejudge(rejudge_id: str) -> Response:
    """Read one rejudge."""
    return success(_one(identifier(rejudge_id, RejudgeNotFound)))


@rejudges_blueprint.get("/rejudges/<rejudge_id>/changes")
@allow(Action.REJUDGE)
@operation(
    "List the scores that a rejudge would change", {200: ChangesAnswer}, query=ListQuery, errors=(RejudgeNotFound,)
)
def list_changes(rejudge_id: str, query: ListQuery) -> Response:
    """List what the scores are, and what they would be."""
    number = identifier(rejudge_id, RejudgeNotFound)
    _one(number)
    own_users = not current_app.config["USERS_SERVICE_URL"]
    return page("changes", queries.changes(number, own_users=own_users), RejudgeChange.score_id, query)


@rejudges_blueprint.post("/rejudges/<rejudge_id>/apply")
@allow(Action.REJUDGE)
@operation(
    "Change the scores that a rejudge would change",
    {200: RejudgeWritten},
    errors=(RejudgeNotFound, NotReadyToApply),
    limit=Limit.WRITE,
)
def apply_rejudge(rejudge_id: str) -> Response:
    """Change the scores that still are as the rejudge found them."""
    return _step(rejudge_id, queries.TO_APPLIED, queries.APPLY, NotReadyToApply, "Rejudge was applied!")


@rejudges_blueprint.post("/rejudges/<rejudge_id>/undo")
@allow(Action.REJUDGE)
@operation(
    "Change back what a rejudge changed",
    {200: RejudgeWritten},
    errors=(RejudgeNotFound, NotApplied),
    limit=Limit.WRITE,
)
def undo_rejudge(rejudge_id: str) -> Response:
    """Change the scores back that still are as the rejudge left them."""
    return _step(rejudge_id, queries.TO_UNDONE, queries.UNDO, NotApplied, "Rejudge was undone!")


def _step(
    rejudge_id: str, permit: sa.TextClause, change: sa.TextClause, refusal: type[ApiError], message: str
) -> Response:
    """Change scores, if it is the rejudge's turn."""
    number = identifier(rejudge_id, RejudgeNotFound)
    _one(number)
    if db.session.execute(permit, {"id": number}).first() is None:
        raise refusal
    row = db.session.execute(change, {"id": number, "recorded_by": caller().id}).mappings().one()
    db.session.commit()
    return success(dict(row), message)


def _one(rejudge_id: int) -> dict[str, Any]:
    row = db.session.execute(queries.rejudge(rejudge_id)).mappings().one_or_none()
    if row is None:
        raise RejudgeNotFound
    return dict(row)
