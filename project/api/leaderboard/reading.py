"""Reading boards: what stands behind GET of a page, wherever it is answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from project.api.leaderboard import queries
from project.api.leaderboard.errors import ExerciseSetNotFound, TwoBoards
from project.api.leaderboard.schemas import BoardQuery, LeaderboardQuery, Place, encode_place
from project.api.pages import page_of_json
from project.api.summaries.keys import ALL_EXERCISES
from project.postgres.prepared import Row, Run, Statement, array, text
from project.web.read_queries import ReadQuery
from project.web.responses import JsonResponse

START = {"descending": -(2**31), "reached_at": "-infinity", "user_id": -(2**63)}  # before everybody


def page_of_board(
    values: Mapping[str, Any],
    query: LeaderboardQuery,
    path: str,
    parameters: Sequence[tuple[str, str]],
    *,
    own_users: bool,
) -> ReadQuery:
    """Return the query for a page of what `board` found, with names if the service keeps its own users."""
    statement = queries.PAGE if "board_id" in values else queries.COMPUTED_PAGE
    place = START if query.cursor is None else query.cursor._asdict()

    def make_response(rows: Sequence[Row]) -> JsonResponse:
        places = b",".join([row[0] or b"" for row in rows[: query.limit]])
        cursor = _behind(rows[query.limit - 1]) if len(rows) > query.limit else None
        return page_of_json("leaderboard", places, cursor, path, parameters)

    return ReadQuery(statement, {**values, **place, "limit": query.limit + 1, "own_users": own_users}, make_response)


def board(run: Run, query: BoardQuery) -> Mapping[str, Any]:
    """Return what the statements take of the board that a query names. Raises as `lookup_of` and `board_of` do."""
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
    """Return what the statements take: the board that is kept, or the exercises of one that is not.

    Raises:
        ExerciseSetNotFound: it is that of a set which is not there.

    """
    if found:
        return {"board_id": int(text(found[0][0]))}
    if query.exercise_set is not None:
        raise ExerciseSetNotFound
    if query.exercise_ids is not None:
        return {"exercise_ids": array(query.exercise_ids)}
    return {"board_id": ALL_EXERCISES}


def _behind(row: Row) -> str:
    _, descending, reached_at, user_id = map(text, row)
    return encode_place(Place(int(descending), datetime.fromisoformat(reached_at), int(user_id)))
