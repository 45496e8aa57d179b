"""How learners fare with exercises."""

from flask import Blueprint, Response

from project.api.exercises.errors import ExerciseNotFound
from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import next_address, one_page
from project.api.schemas import INT64_MIN, ListQuery, encode_cursor
from project.api.statistics import queries
from project.api.statistics.schemas import StatisticsAnswer, StatisticsListAnswer, VerdictsAnswer
from project.extensions import db
from project.web.auth import allow
from project.web.permissions import Action
from project.web.responses import success

statistics_blueprint = Blueprint("statistics", __name__)

NONE = {"attempts": 0, "learners": 0, "solved": 0, "solve_rate": None, "median_attempts": None}


@statistics_blueprint.get("/exercises/stats")
@allow(Action.READ_SCORES)
@operation("List how learners fare with exercises", {200: StatisticsListAnswer}, query=ListQuery, replica=True)
def list_statistics(query: ListQuery) -> Response:
    """List the figures of all exercises that somebody has a score for, by the exercise's id."""
    cursor = INT64_MIN if query.cursor is None else query.cursor
    rows = db.session.execute(queries.PAGE, {"cursor": cursor, "limit": query.limit + 1}).mappings().all()
    more = len(rows) > query.limit
    following = next_address(encode_cursor(rows[query.limit - 1]["exercise_id"])) if more else None
    return one_page({"statistics": [dict(row) for row in rows[: query.limit]]}, following)


@statistics_blueprint.get("/exercises/<exercise_id>/stats")
@allow(Action.READ_SCORES)
@operation("Read how learners fare with an exercise", {200: StatisticsAnswer}, errors=(ExerciseNotFound,), replica=True)
def read_statistics(exercise_id: str) -> Response:
    """Read the figures of one exercise: one of the catalogue, or one that somebody has a score for."""
    values = {"id": identifier(exercise_id, ExerciseNotFound)}
    row = db.session.execute(queries.ONE, values).mappings().one_or_none()
    if row is None:
        if not db.session.scalar(queries.EXISTS, values):
            raise ExerciseNotFound
        return success({"exercise_id": values["id"], **NONE})
    return success(dict(row))


@statistics_blueprint.get("/exercises/<exercise_id>/stats/verdicts")
@allow(Action.READ_CLASS)
@operation("Read how the latest submissions to an exercise ended", {200: VerdictsAnswer}, errors=(ExerciseNotFound,))
def read_verdicts(exercise_id: str) -> Response:
    """Count the verdicts and the failures of each case; for staff, since learners need not know of hidden cases."""
    values = {"id": identifier(exercise_id, ExerciseNotFound)}
    row = db.session.execute(queries.VERDICTS, values).mappings().one()
    if not row["submissions"] and not db.session.scalar(queries.EXISTS, values):
        raise ExerciseNotFound
    return success({"exercise_id": values["id"], **row})
