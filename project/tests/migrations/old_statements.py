"""The statements by which earlier versions wrote, as they stood in the code that landed with each migration."""

MAY_REPORT = """(%(trusted)s OR %(policy)s = 'all' OR %(policy)s = 'ungraded' AND NOT EXISTS (
    SELECT FROM exercises WHERE exercises.id = %(exercise_id)s AND exercises.grading = 'server'))"""
NO_LONGER_GRADED = "points = NULL, max_points = NULL, decided_by = NULL, submission_id = NULL, rejudge_id = NULL"

_RECORD = """
    INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by)
    SELECT %(user_id)s, %(exercise_id)s, %(correct)s, %(source)s, %(recorded_by)s WHERE {may_report}
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
        correct = excluded.correct, source = excluded.source,
        recorded_by = excluded.recorded_by, change_id = excluded.change_id{more}
    RETURNING id, user_id, exercise_id, correct, source, created_at, xmax = 0 AS created
"""
RECORD_BEFORE_SUBMISSIONS = _RECORD.format(may_report=MAY_REPORT, more="")
RECORD = _RECORD.format(may_report=MAY_REPORT, more=f", {NO_LONGER_GRADED}")

BEGIN = """
    INSERT INTO submissions (
        user_id, exercise_id, exercise_version, language, answer, state, run, started_at, leased_until
    )
    VALUES (%(user_id)s, %(exercise_id)s, 1, 'python', 'x', 'running', 1, now(), now() + interval '1 hour')
    RETURNING id
"""

REPLACES = """
    s.source <> 'override' AND (s.source = 'self_reported' OR CASE %(policy)s
        WHEN 'latest' THEN s.decided_by IS NULL OR excluded.decided_by > s.decided_by
        WHEN 'first' THEN excluded.decided_by < s.decided_by
        ELSE (excluded.correct, excluded.points) > (s.correct, coalesce(s.points, -1))
    END)
"""
RESULT = ("correct", "source", "points", "max_points", "decided_by")
TAKEN_OVER = ", ".join(f"{name} = CASE WHEN {REPLACES} THEN excluded.{name} ELSE s.{name} END" for name in RESULT)
FINISH = f"""
    WITH finished AS (
        UPDATE submissions
        SET state = 'done', leased_until = NULL, finished_at = clock_timestamp(),
            verdict = %(verdict)s, cases = '[]', points = %(points)s, max_points = 1,
            isolation_level = 3, limits = '{{}}', cpu_ms = 1, wall_ms = 1
        WHERE id = %(id)s AND state = 'running' AND run = 1
        RETURNING *
    ), counted AS (
        INSERT INTO scores AS s (
            user_id, exercise_id, correct, source, points, max_points, decided_by, attempts, submission_id
        )
        SELECT user_id, exercise_id, verdict = 'accepted', 'graded', points, max_points, id, 1, id
        FROM finished WHERE verdict <> 'sandbox_error'
        ON CONFLICT (user_id, exercise_id) DO UPDATE SET
            {TAKEN_OVER},
            attempts = s.attempts + 1, submission_id = excluded.submission_id, rejudge_id = NULL,
            recorded_by = NULL, change_id = excluded.change_id
    )
    SELECT id, created_at, started_at, finished_at FROM finished
"""
