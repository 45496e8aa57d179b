"""Named sets of exercises, which staff create. Each has a leaderboard."""

import re
from typing import Any

from flask import Blueprint, Response

from project.api.exercise_sets import queries
from project.api.exercise_sets.schemas import (
    ExerciseSetAnswer,
    ExerciseSetPayload,
    ExerciseSetsAnswer,
    ExerciseSetWritten,
)
from project.api.leaderboard.errors import ExerciseSetNotFound
from project.api.operation import operation
from project.api.pages import page
from project.api.schemas import MAX_NAME_LENGTH, NAME_PATTERN, ListQuery, Message
from project.api.summaries.models import ExerciseSet
from project.extensions import db
from project.web.auth import allow, check
from project.web.errors import InvalidPayload, NotPermitted
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import success

exercise_sets_blueprint = Blueprint("exercise_sets", __name__)


@exercise_sets_blueprint.get("/exercise-sets")
@allow(Action.READ_EXERCISE_SETS)
@operation("List exercise sets, by id", {200: ExerciseSetsAnswer}, query=ListQuery, replica=True)
def list_exercise_sets(query: ListQuery) -> Response:
    """List the sets and their exercises."""
    return page("exercise_sets", queries.SETS, ExerciseSet.id, query)


@exercise_sets_blueprint.get("/exercise-sets/<name>")
@allow(Action.READ_EXERCISE_SETS)
@operation("Read an exercise set", {200: ExerciseSetAnswer}, errors=(ExerciseSetNotFound,), replica=True)
def read_exercise_set(name: str) -> Response:
    """Read one set."""
    return success(_one(name))


@exercise_sets_blueprint.put("/exercise-sets/<name>")
@allow(Action.USE_ACCOUNT)
@operation(
    "Make or replace an exercise set",
    {200: ExerciseSetWritten, 201: ExerciseSetWritten},
    body=ExerciseSetPayload,
    errors=(NotPermitted,),
    limit=Limit.WRITE,
)
def put_exercise_set(name: str, payload: ExerciseSetPayload) -> Response:
    """Name a set of exercises, or give the name to other ones. For staff. Its board is there with the answer."""
    check(Action.MANAGE_EXERCISE_SETS)
    if len(name) > MAX_NAME_LENGTH or not re.fullmatch(NAME_PATTERN, name):
        raise InvalidPayload(errors={"name": ["Must be small letters and digits, with single hyphens between."]})
    db.session.execute(queries.LOCK)
    made = db.session.execute(queries.ADD, {"name": name}).one()
    values = {"id": made.id, "exercise_ids": payload.exercise_ids}
    for statement in (queries.CLEAR, queries.FILL, queries.REBUILD):
        db.session.execute(statement, values)
    data = _one(name)
    db.session.commit()
    if made.created:
        return success(data, "New exercise set was added!", 201)
    return success(data, "Exercise set was updated!")


@exercise_sets_blueprint.delete("/exercise-sets/<name>")
@allow(Action.USE_ACCOUNT)
@operation("Delete an exercise set", {200: Message}, errors=(ExerciseSetNotFound, NotPermitted), limit=Limit.WRITE)
def delete_exercise_set(name: str) -> Response:
    """Delete a set and its board; the exercises and their scores stay. For staff."""
    check(Action.MANAGE_EXERCISE_SETS)
    db.session.execute(queries.LOCK)
    if db.session.scalar(queries.DELETE, {"name": _valid_name(name)}) is None:
        raise ExerciseSetNotFound
    db.session.commit()
    return success(message="Exercise set was deleted!")


def _valid_name(name: str) -> str:
    """Return a name that can exist. Others may contain what the database cannot store."""
    if len(name) > MAX_NAME_LENGTH or not re.fullmatch(NAME_PATTERN, name):
        raise ExerciseSetNotFound
    return name


def _one(name: str) -> dict[str, Any]:
    row = db.session.execute(queries.SET, {"name": _valid_name(name)}).mappings().one_or_none()
    if row is None:
        raise ExerciseSetNotFound
    return dict(row)
