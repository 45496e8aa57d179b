"""The statements about submissions, from claiming to finishing, and about those that were lost."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from project.api.exercises.models import Exercise, ExerciseVersion
from project.api.scores.grading import COUNT
from project.api.submissions.models import Submission
from project.api.submissions.states import State
from project.api.submissions.usage import ADD_FOR_FINISHED, PRIORITY, SETBACK_THEN
from project.postgres.prepared import Statement

# Notifies listeners that a submission has its verdict. Parameter: id.
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
_FILES = sa.func.coalesce(Submission.files, sa.text("'{}'::json"), type_=sa.JSON).label("files")
DETAILS = (*LISTED, Submission.answer, _FILES, Submission.cases, Submission.diagnostics, Submission.compilation)


class FinishedTimes(NamedTuple):
    """The row of FINISH and FINISHED, as PostgreSQL writes it."""

    created_at: bytes | None
    started_at: bytes | None
    finished_at: bytes | None


# Parameters: id, run, lease. Returns a row to one caller only, and to none if that run is over or was never due.
CLAIM = sa.text("""
    UPDATE submissions
    SET state = 'running', run = :run, started_at = clock_timestamp(),
        leased_until = clock_timestamp() + make_interval(secs => :lease)
    WHERE id = :id AND state = 'queued' AND run = :run - 1
    RETURNING id, user_id, exercise_id, exercise_version, language, run, answer, files
""")

# Stores a verdict, and the score that follows. Parameters: id, run, policy, the judgement, and those of `usage.used`.
# Returns no row, and changes nothing, if the run was given up before.
FINISH = Statement(f"""
    WITH finished AS (
        UPDATE submissions
        SET state = 'done', leased_until = NULL, finished_at = clock_timestamp(),
            verdict = :verdict, cases = :cases, diagnostics = :diagnostics, compilation = :compilation,
            points = :points, max_points = :max_points,
            isolation_level = :isolation_level, limits = :limits, cpu_ms = :cpu_ms, wall_ms = :wall_ms
        WHERE id = :id AND state = 'running' AND run = :run
        RETURNING *
    ), counted AS ({COUNT}), used AS ({ADD_FOR_FINISHED})
    SELECT {", ".join(FinishedTimes._fields)} FROM finished
""")  # noqa: S608 - constants

# The same parameters. Returns a row if FINISH was executed for this run, and none if the sweep gave the run up.
FINISHED = Statement(
    f"""
    SELECT {", ".join(FinishedTimes._fields)} FROM submissions
    WHERE id = :id AND run = :run AND state = 'done' AND cases IS NOT NULL
    """,  # noqa: S608 - constants
    only_reads=True,
)

# Whether a queued submission goes before one that has had a slot for so long. Parameters: those of
# `usage.Sender.keys`, and slot_seconds.
OTHERS_FIRST = Statement(
    f"""
    SELECT EXISTS (
        SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'eval:grade'
        AND priority > (SELECT {PRIORITY} FROM ({SETBACK_THEN}) AS own)
    )
    """,  # noqa: S608 - constants
    only_reads=True,
)
# Queues a submission again, and adds the time that it had a slot. Parameters: id, run, and those of `usage.used`.
# Returns the priority of its next job; or no row, and changes nothing, if the run was given up before.
PUT_BACK = Statement(f"""
    WITH finished AS (
        UPDATE submissions SET state = 'queued', leased_until = NULL, queued_at = clock_timestamp()
        WHERE id = :id AND state = 'running' AND run = :run
        RETURNING id
    ), used AS ({ADD_FOR_FINISHED})
    SELECT {PRIORITY} FROM finished CROSS JOIN ({SETBACK_THEN}) AS own
""")  # noqa: S608 - constants

# Parameters: id, run.
WITHDRAW = sa.text("DELETE FROM submissions WHERE id = :id AND state = 'running' AND run = :run")

# Pending submissions, of one user or all. The statements of the sweep have the parameter user_id: null for all users.
PENDING = "state <> 'done' AND (CAST(:user_id AS bigint) IS NULL OR user_id = :user_id)"
IS_LOST = "state = 'running' AND leased_until < clock_timestamp()"
# Both have the parameter max_runs.
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
# Queued submissions without a job: it was deleted, or lost with its worker before it began. One subquery each, since a
# join would compare every queued submission with every job. Parameter: seconds.
FORGOTTEN = sa.text(f"""
    SELECT id, run FROM submissions
    WHERE {PENDING} AND state = 'queued' AND queued_at < clock_timestamp() - make_interval(secs => :seconds)
    AND (
        SELECT id FROM procrastinate_jobs
        WHERE status = 'todo' AND queueing_lock = format('submission %s, run %s', submissions.id, run + 1)
    ) IS NULL
    FOR UPDATE SKIP LOCKED
""")  # noqa: S608 - constants
# Ends the lease of a run whose process is known to be gone. Parameters: id, run.
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


# The present version of an exercise, unless it is deleted. Parameter: exercise_id.
CURRENT_VERSION = (
    sa.select(*ExerciseVersion.__table__.columns)
    .join(
        Exercise,
        sa.and_(ExerciseVersion.exercise_id == Exercise.id, ExerciseVersion.version == Exercise.version),
    )
    .where(Exercise.id == sa.bindparam("exercise_id"), Exercise.deleted_at.is_(None))
)


# Which other files its answers may have. Parameter: exercise_id.
FILES_OF_EXERCISE = sa.select(Exercise.language, Exercise.support_files).where(
    Exercise.id == sa.bindparam("exercise_id"), Exercise.deleted_at.is_(None)
)


# Any version of an exercise, as one JSON text. Parameters: exercise_id, version.
VERSION = Statement("""
    SELECT json_build_object(
        'language', language, 'languages', languages, 'test_code', test_code, 'test_code_solution', test_code_solution,
        'cases', cases, 'limits', limits, 'shared_sandbox', shared_sandbox, 'policy', policy,
        'stop_after_time_limits', stop_after_time_limits, 'support_files', support_files
    ) FROM exercise_versions WHERE exercise_id = :exercise_id AND version = :version
""")


def version(exercise_id: int, number: int) -> sa.Select[*tuple[Any, ...]]:
    """Return a version of an exercise."""
    statement: sa.Select[*tuple[Any, ...]] = sa.select(*ExerciseVersion.__table__.columns)
    return statement.where(ExerciseVersion.exercise_id == exercise_id, ExerciseVersion.version == number)


# Whether a version has a hidden case. Evaluated once for each version, since its cases may be long.
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
    statement: sa.Select[*tuple[Any, ...]] = sa.select(
        *DETAILS, sa.func.coalesce(hides, False).label("has_hidden_case")
    )
    return statement.where(*conditions)
