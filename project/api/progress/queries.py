"""The statement about the progress of a learner: from their own scores, so that its cost grows with these only."""

import sqlalchemy as sa

from project.api.summaries.keys import SOLVED_AT

# Takes: user_id, since, until (days in UTC, both included). An exercise counts on the day when it was first solved, as
# long as it counts as solved; a submission on the day when it was graded.
PROGRESS = sa.text(f"""
    WITH own AS MATERIALIZED (
        SELECT updated_at, {SOLVED_AT} AS solved_at FROM scores WHERE user_id = :user_id
    ), days AS MATERIALIZED (
        SELECT CAST(solved_at AT TIME ZONE 'UTC' AS date) AS day, count(*) AS solved
        FROM own WHERE solved_at IS NOT NULL GROUP BY day
    ), tries AS (
        SELECT CAST(recorded_at AT TIME ZONE 'UTC' AS date) AS day, count(*) AS submissions
        FROM score_changes
        WHERE user_id = :user_id AND submission_id IS NOT NULL
        AND recorded_at >= CAST(:since AS timestamp) AT TIME ZONE 'UTC'
        AND recorded_at < (CAST(:until AS timestamp) + interval '1 day') AT TIME ZONE 'UTC'
        GROUP BY day
    ), streaks AS (
        -- Days in a row are those whose distance from their number is the same.
        SELECT max(day) AS last_day, count(*) AS length
        FROM (SELECT day, day - CAST(row_number() OVER (ORDER BY day) AS integer) AS origin FROM days) AS numbered
        GROUP BY origin
    )
    SELECT
        count(solved_at) AS solved,
        count(updated_at) AS attempted,
        max(solved_at) AS reached_at,
        max(updated_at) AS last_activity_at,
        coalesce((SELECT max(length) FROM streaks), 0) AS longest_streak,
        -- Today is not over: a streak that lasted until yesterday goes on.
        coalesce((SELECT length FROM streaks WHERE today - last_day IN (0, 1) ORDER BY last_day DESC LIMIT 1), 0)
            AS current_streak,
        today,
        (
            SELECT coalesce(json_agg(json_build_object(
                'day', day, 'solved', coalesce(solved, 0), 'submissions', coalesce(submissions, 0)
            ) ORDER BY day), '[]')
            FROM (SELECT * FROM days WHERE day BETWEEN :since AND :until) AS day FULL JOIN tries USING (day)
        ) AS days
    FROM (SELECT CAST(now() AT TIME ZONE 'UTC' AS date) AS today) AS calendar LEFT JOIN own ON true
    GROUP BY today
""")  # noqa: S608 - constants
