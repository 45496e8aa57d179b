"""The statements about rejudges. Each takes `id`, that of the rejudge, and the parameters that its comment names."""

from typing import Any

import sqlalchemy as sa

from project.api.rejudges.models import Rejudge, RejudgeChange
from project.api.users.models import User

COLUMNS = tuple(column for column in Rejudge.__table__.columns if column.key != "lost")
RETURNING = ", ".join(column.key for column in COLUMNS)

# A submission that ended with a sandbox error was never counted, and is not judged again.
TO_JUDGE = "s.state = 'done' AND s.verdict <> 'sandbox_error'"

# Takes the id of the exercise instead, and requested_by. Returns no row for an exercise that does not exist.
ADD = sa.text(f"""
    INSERT INTO rejudges (exercise_id, exercise_version, requested_by, submissions)
    SELECT e.id, e.version, :requested_by,
           (SELECT count(*) FROM submissions AS s WHERE s.exercise_id = e.id AND {TO_JUDGE})
    FROM exercises AS e WHERE e.id = :id AND e.deleted_at IS NULL
    RETURNING {RETURNING}
""")  # noqa: S608 - constants
BEGIN = sa.text("""
    UPDATE rejudges SET state = 'running' WHERE id = :id AND state IN ('queued', 'running')
    RETURNING exercise_id, exercise_version, lost, created_at
""")
# Takes: exercise_id, created_at.
NEXT = sa.text(f"""
    SELECT s.id, s.user_id, s.language, s.answer, s.files FROM submissions AS s
    WHERE s.exercise_id = :exercise_id AND {TO_JUDGE} AND s.finished_at <= :created_at
    AND s.id > coalesce((SELECT max(submission_id) FROM rejudge_results WHERE rejudge_id = :id), 0)
    ORDER BY s.id LIMIT 1
""")  # noqa: S608 - constants
# Takes: submission_id, user_id, verdict, points, max_points.
RECORD = sa.text("""
    WITH result AS (
        INSERT INTO rejudge_results (rejudge_id, submission_id, user_id, verdict, points, max_points)
        VALUES (:id, :submission_id, :user_id, :verdict, :points, :max_points)
        ON CONFLICT DO NOTHING RETURNING rejudge_id
    )
    UPDATE rejudges SET judged = judged + 1, lost = 0 FROM result WHERE rejudges.id = result.rejudge_id
""")

# Applies the policy of the exercise for all learners at once: `best` is the submission that decides a learner's score.
# Only scores that a submission decided can change, not those that were reported, imported or set by an admin. Where the
# rejudge ended with a sandbox error, the old result of the submission is `kept`.
FIND_CHANGES = sa.text("""
    INSERT INTO rejudge_changes (
        rejudge_id, score_id, user_id, change_id,
        before_correct, before_points, before_max_points, before_decided_by,
        after_correct, after_points, after_max_points, after_decided_by
    )
    SELECT
        :id, score.id, score.user_id, score.change_id,
        score.correct, score.points, score.max_points, score.decided_by,
        best.correct, best.points, best.max_points, best.submission_id
    FROM (
        SELECT DISTINCT ON (user_id) user_id, submission_id, correct, points, max_points
        FROM (
            SELECT
                s.user_id, s.id AS submission_id, again.kept, v.policy,
                CASE WHEN again.kept THEN s.verdict ELSE new.verdict END = 'accepted' AS correct,
                CASE WHEN again.kept THEN s.points ELSE new.points END AS points,
                CASE WHEN again.kept THEN s.max_points ELSE new.max_points END AS max_points
            FROM rejudges AS r
            JOIN exercise_versions AS v ON v.exercise_id = r.exercise_id AND v.version = r.exercise_version
            JOIN rejudge_results AS new ON new.rejudge_id = r.id
            JOIN submissions AS s ON s.id = new.submission_id AND s.user_id = new.user_id
            CROSS JOIN LATERAL (SELECT new.verdict = 'sandbox_error' AS kept) AS again
            WHERE r.id = :id
        ) AS result
        ORDER BY
            user_id,
            CASE policy WHEN 'latest' THEN -submission_id WHEN 'first' THEN submission_id END,
            correct DESC, points DESC, submission_id
    ) AS best
    JOIN rejudges AS r ON r.id = :id
    JOIN scores AS score ON score.user_id = best.user_id AND score.exercise_id = r.exercise_id
    WHERE score.decided_by IS NOT NULL
    AND (score.correct, score.points, score.max_points) IS DISTINCT FROM (best.correct, best.points, best.max_points)
""")
# Each of these changes the state of a rejudge, if it is in the state before that. END takes: state.
END = sa.text("""
    UPDATE rejudges SET state = :state, ready_at = CASE WHEN :state = 'ready' THEN clock_timestamp() END
    WHERE id = :id AND state = 'running'
""")
# Returns no row if the exercise has changed since.
TO_APPLIED = sa.text("""
    UPDATE rejudges AS r SET state = 'applied', applied_at = clock_timestamp()
    FROM exercises AS e
    WHERE r.id = :id AND r.state = 'ready' AND e.id = r.exercise_id AND e.version = r.exercise_version
    RETURNING r.id
""")
TO_UNDONE = sa.text("""
    UPDATE rejudges SET state = 'undone', undone_at = clock_timestamp() WHERE id = :id AND state = 'applied'
    RETURNING id
""")


def _change_scores(to: str, *, seen: str) -> str:
    """Return the statement that changes the scores to the result `before` or `after`. It takes: recorded_by.

    A score whose `change_id` is not the one in the column `seen` has been changed since, and is left. The trigger puts
    the next number in the place of `change_id = 0`.
    """
    return f"""
    UPDATE scores AS s
    SET correct = c.{to}_correct, points = c.{to}_points, max_points = c.{to}_max_points,
        decided_by = c.{to}_decided_by, submission_id = NULL, rejudge_id = :id, recorded_by = :recorded_by,
        change_id = 0
    FROM rejudge_changes AS c
    WHERE c.rejudge_id = :id AND s.id = c.score_id AND s.user_id = c.user_id AND s.change_id = c.{seen}
    RETURNING s.id, s.change_id
    """  # noqa: S608 - constants


APPLY = sa.text(f"""
    WITH changed AS ({_change_scores("after", seen="change_id")}),
    noted AS (
        UPDATE rejudge_changes AS c SET applied_change_id = changed.change_id
        FROM changed WHERE c.rejudge_id = :id AND c.score_id = changed.id
    )
    UPDATE rejudges
    SET applied = (SELECT count(*) FROM changed),
        skipped = (SELECT count(*) FROM rejudge_changes WHERE rejudge_id = :id) - (SELECT count(*) FROM changed)
    WHERE id = :id RETURNING {RETURNING}
""")  # noqa: S608 - constants
UNDO = sa.text(f"""
    WITH changed AS ({_change_scores("before", seen="applied_change_id")})
    UPDATE rejudges SET restored = (SELECT count(*) FROM changed) WHERE id = :id RETURNING {RETURNING}
""")  # noqa: S608 - constants

# Rejudges whose job was lost with its worker: no job of their name is queued or running. Both are found by an index,
# whatever the length of the queue. Takes nothing.
WITHOUT_JOB = sa.text("""
    UPDATE rejudges SET lost = lost + 1
    WHERE id IN (
        SELECT id FROM rejudges
        WHERE state IN ('queued', 'running')
        AND (
            SELECT id FROM procrastinate_jobs AS j
            WHERE j.status = 'todo' AND j.queueing_lock = format('rejudge %s', rejudges.id)
        ) IS NULL
        AND (
            SELECT id FROM procrastinate_jobs AS j
            WHERE j.status = 'doing' AND j.lock = format('rejudge %s', rejudges.id)
        ) IS NULL
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id
""")


def rejudge(rejudge_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Return one rejudge."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*COLUMNS)
    return statement.where(Rejudge.id == rejudge_id)


def rejudges(exercise_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the rejudges of an exercise."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*COLUMNS)
    return statement.where(Rejudge.exercise_id == exercise_id)


def changes(rejudge_id: int, *, own_users: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the scores that would change; with usernames, if the service keeps its own users."""
    change = RejudgeChange
    # A sub-query is run for the rows of the page only; a join might read all users.
    username = sa.select(User.username).where(sa.literal(own_users), User.id == change.user_id).scalar_subquery()
    statement: sa.Select[*tuple[Any, ...]] = sa.select(
        change.score_id.label("id"),  # by which the pages go
        change.score_id,
        change.user_id,
        username.label("username"),
        _result("before").label("before"),
        _result("after").label("after"),
    )
    return statement.where(change.rejudge_id == rejudge_id)


def _result(when: str) -> sa.Function[Any]:
    columns = {name: getattr(RejudgeChange, f"{when}_{name}") for name in ("correct", "points", "max_points")}
    columns["submission_id"] = getattr(RejudgeChange, f"{when}_decided_by")
    return sa.func.jsonb_build_object(*(part for named in columns.items() for part in named))
