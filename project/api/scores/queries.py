"""The statements of the scores API. Whose score may be seen or written stands in the WHERE clause."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from project.api.scores.models import Score, ScoreChange

COLUMNS = (
    Score.id,
    Score.user_id,
    Score.exercise_id,
    Score.correct,
    Score.source,
    Score.points,
    Score.max_points,
    Score.attempts,
    Score.created_at,
    Score.updated_at,
)
# Of one score also the name of its state, which becomes its tag.
RETURNING = ", ".join(column.key for column in (*COLUMNS, Score.change_id))

# Who may say `correct`: a trusted caller always, a learner as the policy SELF_REPORTED_SCORES has it. The rule is part
# of each write, so that an exercise which becomes graded meanwhile is respected. docs/adr/0002.
MAY_REPORT = """(:trusted OR :policy = 'all' OR :policy = 'ungraded' AND NOT EXISTS (
    SELECT FROM exercises WHERE exercises.id = :exercise_id AND exercises.grading = 'server'))"""

INSERT = f"""
    INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by)
    SELECT :user_id, :exercise_id, :correct, :source, :recorded_by WHERE {MAY_REPORT}
"""

# A report says whether the exercise is solved, and nothing of points: those that a submission got are its no more.
NO_LONGER_GRADED = "points = NULL, max_points = NULL, decided_by = NULL, submission_id = NULL, rejudge_id = NULL"

# Each takes: user_id, exercise_id, correct, source, recorded_by, trusted, policy. No row comes back when the caller may
# not report the score.
ADD = sa.text(f"{INSERT} RETURNING {RETURNING}")
UPSERT = sa.text(f"""
    {INSERT}
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
        correct = excluded.correct, source = excluded.source,
        recorded_by = excluded.recorded_by, change_id = excluded.change_id, {NO_LONGER_GRADED}
    RETURNING {RETURNING}, xmax = 0 AS created
""")  # xmax is 0 in a row that no transaction has replaced or locked: one that was just inserted
# And takes: id; `change_ids`, the states in one of which the score must be, null for any.
UPDATE = sa.text(f"""
    UPDATE scores
    SET correct = :correct, source = :source, recorded_by = :recorded_by, change_id = nextval('score_change_ids'),
        {NO_LONGER_GRADED}
    WHERE id = :id AND user_id = :user_id AND exercise_id = :exercise_id AND {MAY_REPORT}
    AND (CAST(:change_ids AS bigint[]) IS NULL OR change_id = ANY (:change_ids))
    RETURNING {RETURNING}
""")  # noqa: S608 - constants
# Why it changed nothing. No row comes back when there is no such score.
MAY_UPDATE = sa.text(f"""
    SELECT {MAY_REPORT} FROM scores WHERE id = :id AND user_id = :user_id AND exercise_id = :exercise_id
""")  # noqa: S608 - constants

FILTERS: Mapping[str, Any] = {
    "user_id": Score.user_id.__eq__,
    "exercise_id": Score.exercise_id.__eq__,
    "correct": Score.correct.is_,
    "since": Score.created_at.__ge__,
    "until": Score.created_at.__lt__,
    "updated_since": Score.updated_at.__ge__,
}


def scores(wanted: Mapping[str, object], user_id: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Return the scores that pass the filters in `wanted`; of one user, if given."""
    conditions = [FILTERS[name](value) for name, value in wanted.items() if name in FILTERS]
    if user_id is not None:
        conditions.append(Score.user_id == user_id)
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*COLUMNS)
    return statement.where(*conditions)


def score(score_id: int, user_id: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Return one score; if a user is given, only his."""
    return scores({}, user_id).add_columns(Score.change_id).where(Score.id == score_id)


def history(score_id: int, user_id: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Return the ledger's entries of one score; if a user is given, only of his."""
    change = ScoreChange
    columns = (
        *(change.id, change.action, change.correct, change.source, change.recorded_by, change.recorded_at),
        *(change.points, change.max_points, change.attempts, change.submission_id, change.rejudge_id),
    )
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*columns).where(change.score_id == score_id)
    return statement if user_id is None else statement.where(change.user_id == user_id)
