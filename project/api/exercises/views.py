"""The catalogue of exercises."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response

from project.api.exercises.models import Exercise
from project.api.exercises.schemas import ExerciseAnswer, ExercisePayload, ExercisesAnswer, ExerciseWritten
from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import page
from project.api.schemas import ListQuery
from project.auth import admins_only, optional_caller, public_with_more_for_admins
from project.envelope import success
from project.errors import ApiError
from project.extensions import db
from project.rate_limits import Limit

exercises_blueprint = Blueprint("exercises", __name__)

LEARNER_COLUMNS = (Exercise.id, Exercise.exercise_body, Exercise.grading, Exercise.created_at)
ADMIN_COLUMNS = (*LEARNER_COLUMNS, Exercise.test_code, Exercise.test_code_solution)


class ExerciseNotFound(ApiError):
    """There is no such exercise."""

    http_status = 404
    status = "fail"
    message = "Exercise does not exist"


@exercises_blueprint.get("/exercises")
@public_with_more_for_admins
@operation("List exercises, by id", {200: ExercisesAnswer}, query=ListQuery)
def list_exercises(query: ListQuery) -> Response:
    """List the exercises; admins see tests and solutions too."""
    return page("exercises", _visible(), Exercise.id, query)


@exercises_blueprint.get("/exercises/<exercise_id>")
@public_with_more_for_admins
@operation("Read an exercise", {200: ExerciseAnswer}, errors=(ExerciseNotFound,))
def read_exercise(exercise_id: str) -> Response:
    """Read one exercise; admins see test and solution too."""
    statement = _visible().where(Exercise.id == identifier(exercise_id, ExerciseNotFound))
    row = db.session.execute(statement).mappings().one_or_none()
    if row is None:
        raise ExerciseNotFound
    return success(dict(row))


@exercises_blueprint.post("/exercises")
@admins_only
@operation("Add an exercise", {201: ExerciseWritten}, body=ExercisePayload, limit=Limit.WRITE)
def add_exercise(payload: ExercisePayload) -> Response:
    """Add an exercise to the catalogue."""
    statement = sa.insert(Exercise).values(**payload.model_dump()).returning(*ADMIN_COLUMNS)
    row = db.session.execute(statement).mappings().one()
    db.session.commit()
    return success(dict(row), "New exercise was added!", 201)


def _visible() -> sa.Select[*tuple[Any, ...]]:
    """Return the exercises with the columns that the caller may see."""
    user = optional_caller()
    return sa.select(*(ADMIN_COLUMNS if user and user.is_admin else LEARNER_COLUMNS))
