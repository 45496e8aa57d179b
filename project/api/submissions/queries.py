"""The statements about submissions: handing in, taking, ending, and finding what was lost."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from project.api.exercises.models import Exercise, ExerciseVersion
from project.api.scores.grading import COUNT
from project.api.submissions.models import Submission
from project.api.submissions.states import State
from project.api.submissions.usage import ADD_FOR_FINISHED, PRIORITY, SETBACK_THEN
from project.postgres.prepared import Statement

# That a submission has its verdict. Takes: id.
ANNOUNCE = Statement("SELECT pg_notify('eval_verdicts', CAST(:id AS text))")
LISTEN = "LISTEN eval_verdicts"

LISTED = (
    Submission.id,
    Submission.user_id,
    Submission.exercise_id,
    Submission.exercise_version,
    Submission.language,
    Submission.state,
    Submission.verdict,
    Submission.points,
    Submission.max_points,
    Submission.isolation_level,
    Submission.limits,
    Submission.cpu_ms,
    Submission.wall_ms,
    Submission.created_at,
    Submission.started_at,
    Submission.finished_at,
)
WHOLE = (*LISTED, Submission.answer, Submission.cases)
TIMES = ("created_at", "started_at", "finished_at")

# Takes: id, run, lease. A row comes back for one caller only, and for none when that run is over or was never due.
CLAIM = sa.text("""
    UPDATE submissions
    SET state = 'running', run = :run, started_at = clock_timestamp(),
        leased_until = clock_timestamp() + make_interval(secs => :lease)
    WHERE id = :id AND state = 'queued' AND run = :run - 1
    RETURNING id, user_id, exercise_id, exercise_version, language, run, answer
""")

# Takes: id, run, policy, what judging brought, and what `usage.used` returns. The score follows in the same statement.
# Nothing happens, and no row comes back, when the run was given up before.
FINISH = Statement(f"""
    WITH finished AS (
        UPDATE submissions
        SET state = 'done', leased_until = NULL, finished_at = clock_timestamp(),
            verdict = :verdict, cases = :cases, points = :points, max_points = :max_points,
            isolation_level = :isolation_level, limits = :limits, cpu_ms = :cpu_ms, wall_ms = :wall_ms
        WHERE id = :id AND state = 'running' AND run = :run
        RETURNING *
    ), counted AS ({COUNT}), used AS ({ADD_FOR_FINISHED})
    SELECT {", ".join(TIMES)} FROM finished
""")  # noqa: S608 - constants

# Takes the same. A row comes back when FINISH was carried out for this run, and not when the sweep gave it up.
FINISHED = Statement(
    """
    SELECT created_at, started_at, finished_at FROM submissions
    WHERE id = :id AND run = :run AND state = 'done' AND cases IS NOT NULL
    """,
    only_reads=True,
)

# Whether a submission that is queued goes before one that has had a slot for so long. Takes what `usage.Sender.keys`
# returns, and slot_seconds.
OTHERS_FIRST = Statement(
    f"""
    SELECT EXISTS (
        SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'eval:grade'
        AND priority > (SELECT {PRIORITY} FROM ({SETBACK_THEN}) AS own)
    )
    """,  # noqa: S608 - constants
    only_reads=True,
)
# Queues a run's submission anew, and adds the time that it had a slot. Takes: id, run, and what `usage.used` returns.
# The priority of its next job comes back; nothing happens, and none does, when the run was given up before.
PUT_BACK = Statement(f"""
    WITH finished AS (
        UPDATE submissions SET state = 'queued', leased_until = NULL, queued_at = clock_timestamp()
        WHERE id = :id AND state = 'running' AND run = :run
        RETURNING id
    ), used AS ({ADD_FOR_FINISHED})
    SELECT {PRIORITY} FROM finished CROSS JOIN ({SETBACK_THEN}) AS own
""")  # noqa: S608 - constants

# Takes: id, run.
WITHDRAW = sa.text("DELETE FROM submissions WHERE id = :id AND state = 'running' AND run = :run")

# What is not done, and everybody's or one user's. The sweep's statements take user_id: null for everybody.
PENDING = "state <> 'done' AND (CAST(:user_id AS bigint) IS NULL OR user_id = :user_id)"
IS_LOST = "state = 'running' AND leased_until < clock_timestamp()"
# Both take: max_runs.
REQUEUE = sa.text(f"""
    UPDATE submissions SET state = 'queued', leased_until = NULL, queued_at = clock_timestamp()
    WHERE id IN (
        SELECT id FROM submissions WHERE {PENDING} AND {IS_LOST} AND run < :max_runs FOR UPDATE SKIP LOCKED
    )
    RETURNING id, run
""")  # noqa: S608 - constants
GIVE_UP = sa.text(f"""
    UPDATE submissions
    SET state = 'done', verdict = 'sandbox_error', leased_until = NULL, finished_at = clock_timestamp()
    WHERE id IN (
        SELECT id FROM submissions
        WHERE {PENDING} AND {IS_LOST} AND run >= :max_runs
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id
""")  # noqa: S608 - constants
# Those that no job will take: theirs was deleted, or lost with its worker before it began. One look-up each, since a
# join would compare every submission that waits with every job. Takes: seconds.
FORGOTTEN = sa.text(f"""
    SELECT id, run FROM submissions
    WHERE {PENDING} AND state = 'queued' AND queued_at < clock_timestamp() - make_interval(secs => :seconds)
    AND (
        SELECT id FROM procrastinate_jobs
        WHERE status = 'todo' AND queueing_lock = format('submission %s, run %s', submissions.id, run + 1)
    ) IS NULL
    FOR UPDATE SKIP LOCKED
""")  # noqa: S608 - constants
# Takes: id, run. Its process is known to be gone, so nobody waits for the lease to end.
EXPIRE = sa.text("""
    UPDATE submissions SET leased_until = clock_timestamp() WHERE id = :id AND state = 'running' AND run = :run
""")
WAITING = sa.text("SELECT count(*) FROM submissions WHERE state = 'queued'")

FILTERS: Mapping[str, Any] = {
    "user_id": Submission.user_id.__eq__,
    "exercise_id": Submission.exercise_id.__eq__,
    "verdict": Submission.verdict.__eq__,
    "state": Submission.state.__eq__,
}


# An exercise as it is to be judged now; a deleted one is not. Takes: exercise_id.
CURRENT_VERSION = (
    sa.select(*ExerciseVersion.__table__.columns)
    .join(
        Exercise,
        sa.and_(ExerciseVersion.exercise_id == Exercise.id, ExerciseVersion.version == Exercise.version),
    )
    .where(Exercise.id == sa.bindparam("exercise_id"), Exercise.deleted_at.is_(None))
)


# The same as one JSON text, of any version. Takes: exercise_id, version.
VERSION = Statement("""
    SELECT json_build_object(
        'language', language, 'test_code', test_code, 'test_code_solution', test_code_solution, 'cases', cases,
        'limits', limits, 'shared_sandbox', shared_sandbox, 'policy', policy,
        'stop_after_time_limits', stop_after_time_limits
    ) FROM exercise_versions WHERE exercise_id = :exercise_id AND version = :version
""")


def version(exercise_id: int, number: int) -> sa.Select[*tuple[Any, ...]]:
    """Return an exercise as it was judged in a version of it."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*ExerciseVersion.__table__.columns)
    return statement.where(ExerciseVersion.exercise_id == exercise_id, ExerciseVersion.version == number)


# Whether a version has a hidden case. Read once for each version: its cases may be long.
_HIDES = sa.literal_column(
    "EXISTS (SELECT 1 FROM json_array_elements(exercise_versions.cases) AS c WHERE c ->> 'hidden' = 'true')", sa.Boolean
)


def hiding_versions(versions: Collection[tuple[int, int]]) -> sa.Select[int, int]:
    """Return those of the versions, given by (exercise_id, version), that have a hidden case."""
    columns = ExerciseVersion.exercise_id, ExerciseVersion.version
    return sa.select(*columns).where(sa.tuple_(*columns).in_(versions), _HIDES)


def submissions(wanted: Mapping[str, object], user_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    """Return the submissions that pass the filters in `wanted`; of one user, if given."""
    conditions = [FILTERS[name](value) for name, value in wanted.items() if name in FILTERS]
    if user_id is not None:
        conditions.append(Submission.user_id == user_id)
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*LISTED)
    return statement.where(*conditions)


def submission(submission_id: int, user_id: int | None, state: State | None) -> sa.Select[*tuple[Any, ...]]:
    """Return one submission with its answer and cases, if it is of that user and in that state."""
    conditions = [Submission.id == submission_id]
    if user_id is not None:
        conditions.append(Submission.user_id == user_id)
    if state is not None:
        conditions.append(Submission.state == state)
    hides = (
        sa.select(_HIDES)
        .where(
            ExerciseVersion.exercise_id == Submission.exercise_id,
            ExerciseVersion.version == Submission.exercise_version,
        )
        .scalar_subquery()
    )
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*WHOLE, sa.func.coalesce(hides, False).label("has_hidden_case"))
    return statement.where(*conditions)
