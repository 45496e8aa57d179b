"""The statements of the scores API. Their WHERE clauses decide whose scores a caller may read or write."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from project.api.scores.models import ScoreChange
from project.api.users.queries import ROLE_OF_HOLDER
from project.postgres.prepared import Statement


def time(column: str) -> str:
    """Return the expression for a time in the form of the contract."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""


# A score as JSON: PostgreSQL makes it faster so than from a row, and faster than Python does. Statements about one
# score return its state too, `change_id`, which is the entity tag of the response.
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
    # Not parameters of the client: whose scores the caller may see.
    "owner": "user_id = :owner",
    "holder": f"user_id = :holder AND EXISTS ({ROLE_OF_HOLDER})",
}


# The filters by which an index finds a page, in about the same time for all, with their parameters.
INDEXED: Mapping[str, Mapping[str, str]] = {
    "user_id": {"user_id": "bigint"},
    "exercise_id": {"exercise_id": "bigint"},
    "cursor": {"cursor": "bigint"},
    "owner": {"owner": "bigint"},
    "holder": {"holder": "bigint", "issued_at": "bigint", "token_id": "uuid"},
}


# Filters that leave one learner's scores, which are few: with other filters, too, they are read quickly.
OF_ONE_LEARNER = frozenset({"user_id", "owner", "holder"})


@cache
def page_of_scores(*names: str) -> Statement:
    """Return the statement for a page of scores that pass these filters. It takes them, and: rows, at least 2.

    It returns no row if the page is empty; else one: the scores, with commas and line ends between, and the id of the
    last but one of `rows`, if there are so many.
    """
    conditions = " AND ".join(FILTERS[name] for name in names) or "true"
    sql = f"""
        SELECT string_agg(json, E',\\n'), (array_agg(id))[:rows - 1]
        FROM (SELECT {JSON} AS json, id FROM scores WHERE {conditions} ORDER BY id LIMIT :rows) AS page
        HAVING count(*) > 0
    """  # noqa: S608 - ours
    types = {"rows": "integer"}
    for name in names:
        types |= INDEXED.get(name, {})
    if INDEXED.keys() >= set(names):
        return Statement(sql, only_reads=True, types=types)
    # If few scores pass the filters, all scores are read for a page.
    return Statement(sql, only_reads=True, costly=OF_ONE_LEARNER.isdisjoint(names))


def all_scores(*names: str) -> sa.TextClause:
    """Return the query for all scores that pass these filters, in no order. It takes the filters."""
    conditions = " AND ".join(FILTERS[name] for name in names) or "true"
    return sa.text(f"SELECT {COLUMNS} FROM scores WHERE {conditions}")  # noqa: S608 - ours


_SCORE = f"SELECT {JSON}, change_id FROM scores WHERE id = :id"  # noqa: S608 - ours
SCORE = Statement(_SCORE, only_reads=True, types={"id": "bigint"})
OWN_SCORE = Statement(f"{_SCORE} AND user_id = :owner", only_reads=True)

# Who may report `correct`: a trusted caller always, a learner as the setting SELF_REPORTED_SCORES has it. The rule is
# part of each write, so that it holds for an exercise that becomes graded at the same time. docs/adr/0002.
MAY_REPORT = """(:trusted OR :policy = 'all' OR :policy = 'ungraded' AND NOT EXISTS (
    SELECT 1 FROM exercises WHERE exercises.id = :exercise_id AND exercises.grading = 'server'))"""

# Whether a report counts on no board: that of a learner, for an exercise that the catalogue does not have, unless the
# setting UNLISTED_REPORTS_COUNT (`unlisted_count`) is on.
OFF_BOARD = """(NOT :trusted AND NOT :unlisted_count AND NOT EXISTS (
    SELECT 1 FROM exercises WHERE exercises.id = :exercise_id))"""

# A report has no points, so those of an earlier submission are removed.
NO_LONGER_GRADED = "points = NULL, max_points = NULL, decided_by = NULL, submission_id = NULL, rejudge_id = NULL"

# Each takes: user_id, exercise_id, correct, source, recorded_by, trusted, policy, unlisted_count. It returns no row if
# the caller may not report the score.
ADD = Statement(f"""
    INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by, off_board)
    SELECT :user_id, :exercise_id, :correct, :source, :recorded_by, {OFF_BOARD} WHERE {MAY_REPORT}
    RETURNING {JSON}, change_id
""")
# A new `change_id` tells the trigger that this is no change by hand; the trigger puts the next number in its place.
# Also takes: id; change_ids, the states in one of which the score must be, null for any.
UPDATE = Statement(f"""
    UPDATE scores
    SET correct = :correct, source = :source, recorded_by = :recorded_by, change_id = 0,
        off_board = {OFF_BOARD}, {NO_LONGER_GRADED}
    WHERE id = :id AND user_id = :user_id AND exercise_id = :exercise_id AND {MAY_REPORT}
    AND (CAST(:change_ids AS bigint[]) IS NULL OR change_id = ANY (CAST(:change_ids AS bigint[])))
    RETURNING {JSON}, change_id
""")  # noqa: S608 - constants
# Why UPDATE changed nothing. Returns no row if there is no such score.
MAY_UPDATE = Statement(f"""
    SELECT {MAY_REPORT} FROM scores WHERE id = :id AND user_id = :user_id AND exercise_id = :exercise_id
""")  # noqa: S608 - constants


# Takes: reason. The ledger has it with all changes of this transaction.
EXPLAIN = sa.text("SELECT set_config('eval.reason', :reason, true)")

_OF_A_CHANGE = """
    c.id, c.score_id, c.user_id, c.exercise_id, c.action, c.correct, c.source, c.recorded_by, c.recorded_at, c.points,
    c.max_points, c.attempts, c.submission_id, c.rejudge_id, c.reason
"""
# Takes: user_id; exercise_id, null for all; cursor, null for the newest; limit. The entries are found by the learner's
# scores, also the deleted ones: an index of the ledger by learner would cost every write more than this costs a read.
USER_HISTORY = sa.text(f"""
    SELECT c.* FROM (
        SELECT id FROM scores
        WHERE user_id = :user_id AND (CAST(:exercise_id AS bigint) IS NULL OR exercise_id = :exercise_id)
        UNION
        SELECT score_id FROM score_changes WHERE user_id = :user_id AND action = 'deleted'
    ) AS s CROSS JOIN LATERAL (
        SELECT {_OF_A_CHANGE} FROM score_changes AS c
        WHERE c.score_id = s.id AND c.user_id = :user_id
        AND (CAST(:exercise_id AS bigint) IS NULL OR c.exercise_id = :exercise_id)
        AND c.id < coalesce(CAST(:cursor AS bigint), 9223372036854775807)
        ORDER BY c.id DESC LIMIT :limit
    ) AS c
    ORDER BY c.id DESC LIMIT :limit
""")  # noqa: S608 - constants


def history(score_id: int, user_id: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Return the ledger's entries of one score; if a user is given, only theirs."""
    change = ScoreChange
    columns = (
        *(change.id, change.action, change.correct, change.source, change.recorded_by, change.recorded_at),
        *(change.points, change.max_points, change.attempts, change.submission_id, change.rejudge_id),
        change.reason,
    )
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*columns).where(change.score_id == score_id)
    return statement if user_id is None else statement.where(change.user_id == user_id)
