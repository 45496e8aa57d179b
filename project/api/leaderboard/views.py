"""The leaderboards: of all exercises, of a named set, or of any few."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app

from project.api.leaderboard import queries
from project.api.leaderboard.errors import ExerciseSetNotFound, TwoBoards
from project.api.leaderboard.schemas import (
    BoardQuery,
    LeaderboardAnswer,
    LeaderboardQuery,
    OwnRankAnswer,
    OwnRankQuery,
    Place,
    encode_place,
)
from project.api.operation import operation
from project.api.pages import next_address, one_page
from project.api.summaries.keys import ALL_EXERCISES
from project.auth import authenticate, caller, optional_caller, public_if
from project.envelope import success
from project.extensions import db

leaderboard_blueprint = Blueprint("leaderboard", __name__)

START = {"descending": -(2**31), "reached_at": "-infinity", "user_id": -(2**63)}  # before everybody


@leaderboard_blueprint.get("/leaderboard")
@public_if("SCORES_PUBLIC")
@operation(
    "List learners by what they solved",
    {200: LeaderboardAnswer},
    query=LeaderboardQuery,
    replica=True,
    errors=(ExerciseSetNotFound, TwoBoards),
)
def list_leaderboard(query: LeaderboardQuery) -> Response:
    """List who solved most, and of equals who got there first; when scores are not public, a learner sees himself."""
    board = _board(query)
    if not _sees_all():
        own = [] if query.cursor else [row for row in _around(board, neighbours=0) if row["user_id"] is not None]
        return one_page({"leaderboard": [_shown(row) for row in own]}, None)
    place = START if query.cursor is None else {**query.cursor._asdict()}
    statement = queries.PAGE if "board_id" in board else queries.COMPUTED_PAGE
    values = {**board, **place, "limit": query.limit + 1, "own_users": _own_users()}
    rows = [dict(row) for row in db.session.execute(statement, values).mappings()]
    following = None
    if len(rows) > query.limit:
        last = rows[query.limit - 1]
        following = next_address(encode_place(Place(-last["solved"], last["reached_at"], last["user_id"])))
    return one_page({"leaderboard": rows[: query.limit]}, following)


@leaderboard_blueprint.get("/leaderboard/me")
@authenticate
@operation("Read one's own rank", {200: OwnRankAnswer}, query=OwnRankQuery, errors=(ExerciseSetNotFound, TwoBoards))
def read_own_rank(query: OwnRankQuery) -> Response:
    """Tell the caller's rank and who is next to him; when scores are not public, a learner sees no neighbours."""
    rows = _around(_board(query), query.neighbours if _sees_all() else 0)
    me = next((number for number, row in enumerate(rows) if row["user_id"] == caller().id), None)
    shown = (
        [_shown({**row, "rank": row["rank"] + number - me}) for number, row in enumerate(rows)]
        if me is not None
        else []
    )
    return success(
        {
            "rank": None if me is None else rows[me]["rank"],
            "learners": rows[0]["learners"],
            "solved": 0 if me is None else rows[me]["solved"],
            "reached_at": None if me is None else rows[me]["reached_at"],
            "before": shown[:me],
            "after": [] if me is None else shown[me + 1 :],
        }
    )


def _board(query: BoardQuery) -> dict[str, Any]:
    """Return what the statements take: the board that is kept, or the exercises of one that is not."""
    if query.exercise_set is not None and query.exercise_ids is not None:
        raise TwoBoards
    if query.exercise_set is not None:
        board_id = db.session.scalar(queries.SET_NAMED, {"name": query.exercise_set})
        if board_id is None:
            raise ExerciseSetNotFound
        return {"board_id": board_id}
    if query.exercise_ids is not None:
        ids = {"exercise_ids": query.exercise_ids}
        board_id = db.session.scalar(queries.SAME_SET, ids)
        return ids if board_id is None else {"board_id": board_id}
    return {"board_id": ALL_EXERCISES}


def _around(board: Mapping[str, Any], neighbours: int) -> list[dict[str, Any]]:
    """Return the caller and his neighbours, in order; each row has his rank and how many learners there are."""
    statement = queries.ME if "board_id" in board else queries.COMPUTED_ME
    values = {**board, "me": caller().id, "neighbours": neighbours, "own_users": _own_users()}
    return [dict(row) for row in db.session.execute(statement, values).mappings()]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("rank", "user_id", "username", "solved", "reached_at")}


def _own_users() -> bool:
    return not current_app.config["USERS_SERVICE_URL"]


def _sees_all() -> bool:
    """Whether the caller may see the scores of others."""
    user = optional_caller()
    return bool(current_app.config["SCORES_PUBLIC"] or (user and user.is_staff))
