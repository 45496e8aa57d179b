"""The statements of the scores API. Whose score may be seen or written stands in the WHERE clause."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from project.api.scores.models import ScoreChange
from project.api.users.queries import ROLE_OF_HOLDER
from project.prepared import Statement


def time(column: str) -> str:
    """Return what writes a time as the contract has it."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""


# A score as JSON, which PostgreSQL writes faster so than from a row, and faster than Python does. Statements about one
# score return its state too, `change_id`: it becomes the answer's tag.
JSON = f"""
    '{{"id":' || id || ',"user_id":' || user_id || ',"exercise_id":' || exercise_id || ',"correct":' || correct::text
    || ',"source":"' || source || '","points":' || coalesce(points::text, 'null')
    || ',"max_points":' || coalesce(max_points::text, 'null') || ',"attempts":' || attempts
    || ',"created_at":"' || {time("created_at")} || '","updated_at":"' || {time("updated_at")} || '"}}'
"""

COLUMNS = "id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at"

FILTERS: Mapping[str, str] = {
    "user_id": "user_id = :user_id",
    "exercise_id": "exercise_id = :exercise_id",
    "correct": "correct = :correct",
    "since": "created_at >= :since",
    "until": "created_at < :until",
    "updated_since": "updated_at >= :updated_since",
    "cursor": "id > :cursor",
    # Not the client's to choose: whose scores the caller may see.
    "owner": "user_id = :owner",
    "holder": f"user_id = :holder AND EXISTS ({ROLE_OF_HOLDER})",
}


@cache
def page_of_scores(*names: str) -> Statement:
    """Return the statement for a page of scores that pass these filters. Takes them, and: rows."""
    conditions = " AND ".join(FILTERS[name] for name in names) or "true"
    sql = f"SELECT {JSON}, id FROM scores WHERE {conditions} ORDER BY id LIMIT :rows"  # noqa: S608 - ours
    return Statement(sql, only_reads=True)


def all_scores(*names: str) -> sa.TextClause:
    """Return the query for the columns of all scores that pass these filters, by id. Takes them."""
    conditions = " AND ".join(FILTERS[name] for name in names) or "true"
    return sa.text(f"SELECT {COLUMNS} FROM scores WHERE {conditions} ORDER BY id")  # noqa: S608 - ours


_SCORE = f"SELECT {JSON}, change_id FROM scores WHERE id = :id"  # noqa: S608 - ours
SCORE = Statement(_SCORE, only_reads=True)
OWN_SCORE = Statement(f"{_SCORE} AND user_id = :owner", only_reads=True)

# Who may say `correct`: a trusted caller always, a learner as the policy SELF_REPORTED_SCORES has it. The rule is part
# of each write, so that an exercise which becomes graded meanwhile is respected. docs/adr/0002.
MAY_REPORT = """(:trusted OR :policy = 'all' OR :policy = 'ungraded' AND NOT EXISTS (
    SELECT FROM exercises WHERE exercises.id = :exercise_id AND exercises.grading = 'server'))"""

# A report says whether the exercise is solved, and nothing of points: those that a submission got are its no more.
NO_LONGER_GRADED = "points = NULL, max_points = NULL, decided_by = NULL, submission_id = NULL, rejudge_id = NULL"

# Each takes: user_id, exercise_id, correct, source, recorded_by, trusted, policy. No row comes back when the caller may
# not report the score.
ADD = Statement(f"""
    INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by)
    SELECT :user_id, :exercise_id, :correct, :source, :recorded_by WHERE {MAY_REPORT}
    RETURNING {JSON}, change_id
""")
# And takes: id; `change_ids`, the states in one of which the score must be, null for any.
UPDATE = Statement(f"""
    UPDATE scores
    SET correct = :correct, source = :source, recorded_by = :recorded_by, change_id = nextval('score_change_ids'),
        {NO_LONGER_GRADED}
    WHERE id = :id AND user_id = :user_id AND exercise_id = :exercise_id AND {MAY_REPORT}
    AND (CAST(:change_ids AS bigint[]) IS NULL OR change_id = ANY (CAST(:change_ids AS bigint[])))
    RETURNING {JSON}, change_id
""")  # noqa: S608 - constants
# Why it changed nothing. No row comes back when there is no such score.
MAY_UPDATE = Statement(f"""
    SELECT {MAY_REPORT} FROM scores WHERE id = :id AND user_id = :user_id AND exercise_id = :exercise_id
""")  # noqa: S608 - constants


def history(score_id: int, user_id: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Return the ledger's entries of one score; if a user is given, only of his."""
    change = ScoreChange
    columns = (
        *(change.id, change.action, change.correct, change.source, change.recorded_by, change.recorded_at),
        *(change.points, change.max_points, change.attempts, change.submission_id, change.rejudge_id),
    )
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*columns).where(change.score_id == score_id)
    return statement if user_id is None else statement.where(change.user_id == user_id)
