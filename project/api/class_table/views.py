"""The table of a class."""

import orjson
import sqlalchemy as sa
from flask import Blueprint, Response, current_app

from project.api.class_table import queries
from project.api.class_table.schemas import TableAnswer, TableQuery
from project.api.leaderboard.errors import ExerciseSetNotFound
from project.api.operation import operation
from project.api.pages import next_address, one_page
from project.api.schemas import INT64_MIN, encode_cursor
from project.extensions import db
from project.web.auth import allow
from project.web.permissions import Action

class_table_blueprint = Blueprint("class_table", __name__)


@class_table_blueprint.get("/scores/table")
@allow(Action.READ_CLASS)
@operation(
    "List learners with their scores for each exercise",
    {200: TableAnswer},
    query=TableQuery,
    errors=(ExerciseSetNotFound,),
)
def read_table(query: TableQuery) -> Response:
    """List the learners who have a score for one of the exercises, by id, and all their scores for these."""
    exercises = _exercises(query.exercise_set)
    values = {
        "exercise_ids": [exercise["id"] for exercise in exercises],
        "cursor": INT64_MIN if query.cursor is None else query.cursor,
        "limit": query.limit + 1,
        "own_users": not current_app.config["USERS_SERVICE_URL"],
    }
    rows = db.session.execute(queries.ROWS, values).all()
    learners = [orjson.Fragment(row.json) for row in rows[: query.limit]]
    following = next_address(encode_cursor(rows[query.limit - 1].user_id)) if len(rows) > query.limit else None
    return one_page({"exercises": exercises, "learners": learners}, following)


def _exercises(set_name: str | None) -> list[dict[str, object]]:
    """Return the columns of the table."""
    if set_name is None:
        return _rows(queries.OF_THE_CATALOGUE)
    set_id = db.session.scalar(queries.SET_NAMED, {"name": set_name})
    if set_id is None:
        raise ExerciseSetNotFound
    return _rows(queries.OF_A_SET, id=set_id)


def _rows(statement: sa.TextClause, **values: object) -> list[dict[str, object]]:
    return [dict(row) for row in db.session.execute(statement, values).mappings()]
