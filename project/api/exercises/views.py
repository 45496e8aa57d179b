"""The catalogue of exercises."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response

from project.api.exercises import queries
from project.api.exercises.errors import ExerciseNotFound
from project.api.exercises.lint import warnings
from project.api.exercises.models import Exercise, ExerciseVersion
from project.api.exercises.saving import ExerciseRefused, SolutionRefused, check_solutions, store_inputs, stored_values
from project.api.exercises.schemas import (
    CheckAnswer,
    ExerciseAnswer,
    ExercisePayload,
    ExerciseQuery,
    ExercisesAnswer,
    ExerciseWritten,
    VersionAnswer,
    VersionsAnswer,
)
from project.api.exercises.solutions import try_solutions
from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import page
from project.api.schemas import ListQuery, Message
from project.extensions import db
from project.web.auth import allow, is_allowed
from project.web.conditional import PreconditionFailed, wanted
from project.web.errors import ApiError
from project.web.http_caching import strong_tag
from project.web.idempotency.handling import IgnoreKey
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import success

exercises_blueprint = Blueprint("exercises", __name__)


class VersionNotFound(ApiError):
    """There is no such version of an exercise."""

    http_status = 404
    status = "fail"
    message = "Version does not exist"


class SlugTaken(ApiError):
    """Another exercise has that slug."""

    http_status = 400
    status = "fail"
    message = "Sorry. That slug already exists."

    def __init__(self) -> None:
        super().__init__(errors={"slug": ["Another exercise has this slug."]})


CONFLICTS = {"uq_exercises_slug": SlugTaken}


@exercises_blueprint.get("/exercises")
@allow(Action.READ_EXERCISES)
@operation("List exercises, by id", {200: ExercisesAnswer}, query=ExerciseQuery, replica=True)
def list_exercises(query: ExerciseQuery) -> Response:
    """List the exercises; admins see tests and solutions too."""
    statement = queries.exercises(query.model_dump(exclude_none=True), for_admin=is_allowed(Action.MANAGE_EXERCISES))
    return page("exercises", statement, Exercise.id, query)


@exercises_blueprint.get("/exercises/<exercise:exercise_id>")
@allow(Action.READ_EXERCISES)
@operation("Read an exercise", {200: ExerciseAnswer}, errors=(ExerciseNotFound,), replica=True)
def read_exercise(exercise_id: str) -> Response:
    """Read one exercise; admins see tests and solution too."""
    statement = queries.exercise(
        identifier(exercise_id, ExerciseNotFound), for_admin=is_allowed(Action.MANAGE_EXERCISES)
    )
    return _answer(_one(statement, ExerciseNotFound))


@exercises_blueprint.post("/exercises")
@allow(Action.MANAGE_EXERCISES)
@operation(
    "Add an exercise",
    {201: ExerciseWritten},
    body=ExercisePayload,
    most_bytes="EXERCISE_MAX_BYTES",
    errors=(ExerciseRefused, SolutionRefused),
    conflicts=CONFLICTS,
    limit=Limit.WRITE,
)
def add_exercise(payload: ExercisePayload) -> Response:
    """Add an exercise to the catalogue, once its solutions were tried."""
    values = _checked_values(payload)
    row = db.session.execute(queries.add(store_inputs(values))).mappings().one()
    db.session.commit()
    return _answer(dict(row), "New exercise was added!", 201, warnings=warnings(values))


@exercises_blueprint.post("/exercises/check")
@allow(Action.MANAGE_EXERCISES)
@operation(
    "Try an exercise, saving nothing",
    {200: CheckAnswer},
    body=ExercisePayload,
    most_bytes="EXERCISE_MAX_BYTES",
    errors=(ExerciseRefused,),
    limit=Limit.WRITE,
    idempotency=IgnoreKey(),
)
def check_exercise(payload: ExercisePayload) -> Response:
    """Judge the solutions of an exercise by its cases, and tell how each case ended."""
    values = stored_values(payload)
    db.session.rollback()  # gives the connection back while the solutions are judged
    trial = try_solutions(values)
    errors = trial.errors()
    languages = {name: trial_in_language.as_json() for name, trial_in_language in trial.languages.items()}
    data = {"savable": not errors, "errors": errors, **trial.as_json(), "languages": languages}
    return success(data, "Exercise was tried!", warnings=warnings(values))


@exercises_blueprint.put("/exercises/<exercise:exercise_id>")
@allow(Action.MANAGE_EXERCISES)
@operation(
    "Replace an exercise",
    {200: ExerciseWritten},
    body=ExercisePayload,
    most_bytes="EXERCISE_MAX_BYTES",
    errors=(ExerciseNotFound, ExerciseRefused, SolutionRefused),
    conflicts=CONFLICTS,
    limit=Limit.WRITE,
    conditional=True,
)
def update_exercise(exercise_id: str, payload: ExercisePayload) -> Response:
    """Replace an exercise. What learners can notice makes a new version; submissions keep theirs."""
    found, states = identifier(exercise_id, ExerciseNotFound), wanted()
    current = _one(queries.exercise(found, for_admin=True), ExerciseNotFound)
    if states is not None and current["state"] not in states:
        raise PreconditionFailed  # before any solution is tried
    values = _checked_values(payload)
    row = db.session.execute(queries.replace(found, store_inputs(values), states)).mappings().one_or_none()
    if row is None:
        raise _error_of_write(found)
    db.session.commit()
    return _answer(dict(row), "Exercise was updated!", warnings=warnings(values))


@exercises_blueprint.delete("/exercises/<exercise:exercise_id>")
@allow(Action.MANAGE_EXERCISES)
@operation("Delete an exercise", {200: Message}, errors=(ExerciseNotFound,), limit=Limit.WRITE, conditional=True)
def delete_exercise(exercise_id: str) -> Response:
    """Take an exercise out of the catalogue. Its versions, submissions and scores stay."""
    found, states = identifier(exercise_id, ExerciseNotFound), wanted()
    if db.session.execute(queries.delete(found, states)).first() is None:
        raise _error_of_write(found)
    db.session.commit()
    return success(message="Exercise was deleted!")


@exercises_blueprint.get("/exercises/<exercise_id>/versions")
@allow(Action.MANAGE_EXERCISES)
@operation(
    "List the versions of an exercise, newest first", {200: VersionsAnswer}, query=ListQuery, errors=(ExerciseNotFound,)
)
def list_versions(exercise_id: str, query: ListQuery) -> Response:
    """List what an exercise was like, also when it is deleted."""
    statement = queries.versions(identifier(exercise_id, ExerciseNotFound))
    if not db.session.execute(statement.limit(1)).first():
        raise ExerciseNotFound
    return page("versions", statement, ExerciseVersion.version, query, newest_first=True)


@exercises_blueprint.get("/exercises/<exercise_id>/versions/<version>")
@allow(Action.MANAGE_EXERCISES)
@operation("Read a version of an exercise", {200: VersionAnswer}, errors=(VersionNotFound,))
def read_version(exercise_id: str, version: str) -> Response:
    """Read what an exercise was like when a submission was judged by this version of it."""
    statement = queries.versions(identifier(exercise_id, VersionNotFound))
    number = identifier(version, VersionNotFound)
    return success(_one(statement.where(ExerciseVersion.version == number), VersionNotFound))


def _checked_values(payload: ExercisePayload) -> dict[str, Any]:
    values = stored_values(payload)
    db.session.rollback()  # gives the connection back while the solutions are judged
    check_solutions(values)
    return values


def _answer(exercise: dict[str, Any], *message: Any, **keys: Any) -> Response:
    """Return an exercise, with its state as its tag."""
    return success(exercise, *message, tag=strong_tag(exercise.pop("state")), **keys)


def _error_of_write(exercise_id: int) -> ApiError:
    """Return why a write found no exercise in the requested states."""
    found = db.session.execute(queries.exercise(exercise_id, for_admin=True)).first()
    return ExerciseNotFound() if found is None else PreconditionFailed()


def _one(statement: sa.Executable, missing: type[ApiError]) -> dict[str, Any]:
    row = db.session.execute(statement).mappings().one_or_none()
    if row is None:
        raise missing
    return dict(row)
