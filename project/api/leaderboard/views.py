"""The leaderboards: of all exercises, of a named set, or of any few."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, Response, current_app, request

from project.api.leaderboard import queries, reading
from project.api.leaderboard.errors import ExerciseSetNotFound, TwoBoards
from project.api.leaderboard.schemas import (
    BoardQuery,
    LeaderboardAnswer,
    LeaderboardQuery,
    OwnRankAnswer,
    OwnRankQuery,
)
from project.api.operation import operation
from project.api.pages import one_page
from project.extensions import db
from project.postgres.prepared import run_in_session
from project.web.auth import allow, caller, owner
from project.web.costly_reads import costly_reads, read_in_session
from project.web.permissions import Action
from project.web.responses import success, to_flask

leaderboard_blueprint = Blueprint("leaderboard", __name__)


@leaderboard_blueprint.get("/leaderboard")
@allow(Action.READ_SCORES)
@operation(
    "List learners by what they solved",
    {200: LeaderboardAnswer},
    query=LeaderboardQuery,
    replica=True,
    errors=(ExerciseSetNotFound, TwoBoards),
)
def list_leaderboard(query: LeaderboardQuery) -> Response:
    """List who solved most, and of equals who got there first; when scores are not public, learners see themselves."""
    if not _sees_all():
        own = [_shown(row) for row in _around(query, neighbours=0) if row["user_id"] is not None]
        return one_page({"leaderboard": [] if query.cursor else own}, None)
    parameters = list(request.args.items(multi=True))
    board = reading.board(read_in_session, query)
    read_query = reading.page_of_board(board, query, request.path, parameters, own_users=_own_users())
    return to_flask(read_query.execute(read_in_session))


@leaderboard_blueprint.get("/leaderboard/me")
@allow(Action.READ_OWN_SCORES)
@operation("Read one's own rank", {200: OwnRankAnswer}, query=OwnRankQuery, errors=(ExerciseSetNotFound, TwoBoards))
def read_own_rank(query: OwnRankQuery) -> Response:
    """Tell the caller's rank and who is next to them; when scores are not public, a learner sees no neighbours."""
    rows = _around(query, query.neighbours if _sees_all() else 0)
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


def _around(query: BoardQuery, neighbours: int) -> list[dict[str, Any]]:
    """Return the caller and their neighbours, in order; each row has the caller's rank and the number of learners."""
    board = reading.board(run_in_session, query)
    statement = queries.ME if "board_id" in board else queries.COMPUTED_ME
    values = {**board, "me": caller().id, "neighbours": neighbours, "own_users": _own_users()}
    with costly_reads().authenticated.acquire() if statement.costly else nullcontext():
        return [dict(row) for row in db.session.execute(statement.text, values).mappings()]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("rank", "user_id", "username", "solved", "reached_at")}


def _own_users() -> bool:
    return not current_app.config["USERS_SERVICE_URL"]


def _sees_all() -> bool:
    """Whether the caller may see the scores of others."""
    return owner(Action.READ_SCORES) is None
