"""Reading boards: what Flask's views and the hot routes of the front have in common."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from project.api.leaderboard import queries
from project.api.leaderboard.errors import ExerciseSetNotFound, TwoBoards
from project.api.leaderboard.schemas import BoardPosition, BoardQuery, LeaderboardQuery, encode_position
from project.api.pages import page_of_json
from project.api.summaries.keys import ALL_EXERCISES
from project.postgres.prepared import Row, RunStatement, Statement, array, decoded
from project.web.read_queries import ReadQuery
from project.web.responses import JsonResponse

START = {"descending": -(2**31), "reached_at": "-infinity", "user_id": -(2**63)}  # before all positions


class PageRow(NamedTuple):
    """A row of PAGE or COMPUTED_PAGE: a learner as JSON, and their position."""

    json: bytes | None
    descending: bytes | None
    reached_at: bytes | None
    user_id: bytes | None


def page_of_board(
    values: Mapping[str, Any],
    query: LeaderboardQuery,
    path: str,
    parameters: Sequence[tuple[str, str]],
    *,
    own_users: bool,
) -> ReadQuery:
    """Return the read query for a page of a board, with names if the service keeps its own users.

    `values` are the parameters that `board` returns.
    """
    statement = queries.PAGE if "board_id" in values else queries.COMPUTED_PAGE
    start = START if query.cursor is None else query.cursor._asdict()

    def make_response(rows: Sequence[Row]) -> JsonResponse:
        learners = b",".join([json or b"" for json, _, _, _ in rows[: query.limit]])  # a PageRow for each would be slow
        cursor = _cursor_after(PageRow(*rows[query.limit - 1])) if len(rows) > query.limit else None
        return page_of_json("leaderboard", learners, cursor, path, parameters)

    return ReadQuery(statement, {**values, **start, "limit": query.limit + 1, "own_users": own_users}, make_response)


def board(run: RunStatement, query: BoardQuery) -> Mapping[str, Any]:
    """Return the parameters by which statements find the board that a query names.

    Raises:
        TwoBoards: it is named in two ways.
        ExerciseSetNotFound: it is that of a set that does not exist.

    """
    lookup = lookup_of(query)
    return board_of(query, run(*lookup) if lookup else ())


def lookup_of(query: BoardQuery) -> tuple[Statement, Mapping[str, Any]] | None:
    """Return the statement that finds the board, with its values; None for the board of all exercises.

    Raises:
        TwoBoards: it is named in two ways.

    """
    if query.exercise_set is not None and query.exercise_ids is not None:
        raise TwoBoards
    if query.exercise_set is not None:
        return queries.SET_NAMED, {"name": query.exercise_set}
    if query.exercise_ids is not None:
        return queries.SAME_SET, {"exercise_ids": array(query.exercise_ids)}
    return None


def board_of(query: BoardQuery, found: Sequence[Row]) -> Mapping[str, Any]:
    """Return the parameters of the board: its id if it is kept, else its exercises. `found` are the rows of the lookup.

    Raises:
        ExerciseSetNotFound: it is that of a set that does not exist.

    """
    for (set_id,) in found:  # at most one
        return {"board_id": int(decoded(set_id))}
    if query.exercise_set is not None:
        raise ExerciseSetNotFound
    if query.exercise_ids is not None:
        return {"exercise_ids": array(query.exercise_ids)}
    return {"board_id": ALL_EXERCISES}


def _cursor_after(row: PageRow) -> str:
    """Return the cursor of the page after a row."""
    reached_at = datetime.fromisoformat(decoded(row.reached_at))
    return encode_position(BoardPosition(int(decoded(row.descending)), reached_at, int(decoded(row.user_id))))
