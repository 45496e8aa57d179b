"""The first part of the statements that read a board: the positions of learners whose changes are still pending."""

from project.api.summaries.keys import ALL_EXERCISES
from project.api.summaries.reached_at import REACHED_AT

# Takes: board_id. `moved` has a row for each learner with pending changes: their position now, and the old one, which
# is that in `standings` and null for those who have none there. A learner who has lost all solves has `descending` 0.
MOVED = f"""
    deltas AS (
        SELECT CAST(:board_id AS bigint) AS board_id, user_id, sum(n) AS solved,
               max(solved_at) FILTER (WHERE n > 0) AS gained, max(solved_at) FILTER (WHERE n < 0) AS lost
        FROM pending_changes
        WHERE solved_at IS NOT NULL AND (:board_id = {ALL_EXERCISES} OR exercise_id IN (
            SELECT exercise_id FROM exercise_set_members WHERE set_id = :board_id
        ))
        GROUP BY user_id
    ), moved AS MATERIALIZED (
        SELECT d.user_id, -s.solved AS old_descending, s.reached_at AS old_reached_at,
               CAST(-(coalesce(s.solved, 0) + d.solved) AS integer) AS descending, {REACHED_AT} AS reached_at
        FROM deltas AS d
        LEFT JOIN LATERAL (
            SELECT solved, reached_at FROM standings AS s
            WHERE s.board_id = d.board_id AND s.user_id = d.user_id LIMIT 1
        ) AS s ON true
    )
"""  # noqa: S608 - constants
