"""The statements about the statistics of exercises: from the counts that are kept, and pending changes."""

import sqlalchemy as sa

_PENDING = """
    pending AS MATERIALIZED (
        SELECT exercise_id, attempts, sum(n) AS learners,
               coalesce(sum(n) FILTER (WHERE solved_at IS NOT NULL), 0) AS solved
        FROM pending_changes GROUP BY exercise_id, attempts
    )
"""

# The median needs no list of learners, since they are counted by their attempts. For an even number of learners it is
# between the two in the middle. Learners without a graded submission have no attempts, and are not in it.
_STATISTICS = """
    counts AS (
        SELECT exercise_id, attempts, sum(learners) AS learners, sum(solved) AS solved
        FROM (
            -- OFFSET: a look-up for each exercise, whatever the planner takes their number for.
            SELECT kept.* FROM wanted AS w CROSS JOIN LATERAL (
                SELECT exercise_id, attempts, learners, solved FROM exercise_counts AS c
                WHERE c.exercise_id = w.exercise_id OFFSET 0
            ) AS kept
            UNION ALL
            SELECT * FROM pending WHERE exercise_id IN (SELECT exercise_id FROM wanted)
        ) AS count
        GROUP BY exercise_id, attempts HAVING sum(learners) > 0
    ), medians AS (
        SELECT exercise_id, (min(attempts) FILTER (WHERE 2 * up_to >= total)
                             + min(attempts) FILTER (WHERE 2 * up_to > total)) / 2.0 AS median
        FROM (
            SELECT exercise_id, attempts, sum(learners) OVER (PARTITION BY exercise_id ORDER BY attempts) AS up_to,
                   sum(learners) OVER (PARTITION BY exercise_id) AS total
            FROM counts WHERE attempts > 0
        ) AS tried GROUP BY exercise_id
    )
    SELECT exercise_id, CAST(sum(attempts * learners) AS bigint) AS attempts, CAST(sum(learners) AS bigint) AS learners,
           CAST(sum(solved) AS bigint) AS solved, CAST(sum(solved) / sum(learners) AS double precision) AS solve_rate,
           CAST(min(median) AS double precision) AS median_attempts
    FROM counts LEFT JOIN medians USING (exercise_id)
    GROUP BY exercise_id ORDER BY exercise_id
"""

# Takes: cursor, limit. It reads more exercises than that, since pending changes may leave some without learners.
PAGE = sa.text(f"""
    WITH {_PENDING}, wanted AS (
        SELECT * FROM (
            SELECT exercise_id FROM exercise_counts WHERE exercise_id > :cursor AND learners > 0
            GROUP BY exercise_id ORDER BY exercise_id
            LIMIT :limit + (SELECT count(DISTINCT exercise_id) FROM pending)
        ) AS kept
        UNION SELECT exercise_id FROM pending WHERE exercise_id > :cursor
    ), {_STATISTICS} LIMIT :limit
""")  # noqa: S608 - constants
# Takes: id.
ONE = sa.text(f"WITH {_PENDING}, wanted AS (SELECT CAST(:id AS bigint) AS exercise_id), {_STATISTICS}")

# Takes: id. Only the latest graded submissions count, which an index finds: so the cost has a bound. A case that did
# not run is not counted; one that was renamed is another case.
LATEST = 1000
VERDICTS = sa.text(f"""
    WITH latest AS MATERIALIZED (
        SELECT id, verdict, cases FROM submissions
        WHERE exercise_id = :id AND state = 'done' AND verdict <> 'sandbox_error' ORDER BY id DESC LIMIT {LATEST}
    ), mix AS (
        SELECT verdict, count(*) AS n FROM latest GROUP BY verdict
    ), judged AS (
        SELECT c.name, count(*) AS submissions, count(*) FILTER (WHERE c.verdict <> 'accepted') AS failed,
               (array_agg(c.hidden ORDER BY latest.id DESC))[1] AS hidden
        FROM latest
        CROSS JOIN jsonb_to_recordset(coalesce(latest.cases, '[]')) AS c (name text, verdict text, hidden boolean)
        WHERE c.verdict NOT IN ('not_run', 'sandbox_error')
        GROUP BY c.name
    )
    SELECT (SELECT count(*) FROM latest) AS submissions,
           (SELECT coalesce(jsonb_object_agg(verdict, n), '{{}}') FROM mix) AS verdicts,
           (SELECT coalesce(json_agg(json_build_object(
               'name', name, 'hidden', hidden, 'submissions', submissions, 'failed', failed,
               'failure_rate', failed / CAST(submissions AS double precision)
            ) ORDER BY failed / CAST(submissions AS double precision) DESC, name), '[]') FROM judged) AS cases
""")  # noqa: S608 - constants
EXISTS = sa.text("SELECT EXISTS (SELECT 1 FROM exercises WHERE id = :id AND deleted_at IS NULL)")
