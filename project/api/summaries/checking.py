"""Comparing the summaries with the scores, and the scores with their ledger.

Each statement returns a row for each difference: `what`, `key`, `kept`, `recomputed`.
"""

from project.api.summaries.keys import SOLVED, SOLVED_AT, position
from project.api.summaries.reached_at import REACHED_AT

# Of a board, what readers see: `standings` with the pending changes.
STANDINGS = f"""
    WITH deltas AS (
        SELECT board_id, user_id, sum(n) AS solved,
               max(solved_at) FILTER (WHERE n > 0) AS gained, max(solved_at) FILTER (WHERE n < 0) AS lost
        FROM (
            SELECT CAST(0 AS bigint) AS board_id, user_id, solved_at, n FROM pending_changes
            UNION ALL
            SELECT m.set_id, p.user_id, p.solved_at, p.n
            FROM pending_changes AS p JOIN exercise_set_members AS m ON m.exercise_id = p.exercise_id
        ) AS change
        WHERE solved_at IS NOT NULL GROUP BY board_id, user_id
    ), moved AS (
        SELECT d.board_id, d.user_id, coalesce(s.solved, 0) + d.solved AS solved, {REACHED_AT} AS reached_at
        FROM deltas AS d LEFT JOIN standings AS s ON s.board_id = d.board_id AND s.user_id = d.user_id
    ), kept AS (
        SELECT board_id, user_id, solved, reached_at FROM moved WHERE solved <> 0
        UNION ALL
        SELECT board_id, user_id, solved, reached_at FROM standings AS s
        WHERE NOT EXISTS (SELECT 1 FROM deltas AS d WHERE d.board_id = s.board_id AND d.user_id = s.user_id)
    ), recomputed AS (
        SELECT board_id, user_id, count(*) AS solved, max(coalesce(solved_at, created_at)) AS reached_at
        FROM (
            SELECT CAST(0 AS bigint) AS board_id, user_id, solved_at, created_at FROM scores WHERE {SOLVED}
            UNION ALL
            SELECT m.set_id, s.user_id, s.solved_at, s.created_at
            FROM scores AS s JOIN exercise_set_members AS m ON m.exercise_id = s.exercise_id WHERE {SOLVED}
        ) AS score
        GROUP BY board_id, user_id
    )
    SELECT 'standings' AS what, format('board %s, user %s', board_id, user_id) AS key,
           CAST(to_json(k) AS text) AS kept, CAST(to_json(r) AS text) AS recomputed
    FROM kept AS k FULL JOIN recomputed AS r USING (board_id, user_id)
    WHERE (k.solved, k.reached_at) IS DISTINCT FROM (r.solved, r.reached_at)
"""  # noqa: S608 - constants


def _ranks(table: str) -> str:
    """Return the statement that compares the learners of ranges, or blocks, with `standings`."""
    return f"""
        WITH ranges AS (
            SELECT *, row_number() OVER (PARTITION BY board_id ORDER BY descending, reached_at, user_id) AS number
            FROM {table}
        ), marks AS (
            SELECT board_id, descending, reached_at, user_id, true AS is_range FROM {table}
            UNION ALL SELECT board_id, descending, reached_at, user_id, false FROM standings
        ), counted AS (
            SELECT board_id, number, count(*) FILTER (WHERE NOT is_range) AS learners
            FROM (
                SELECT board_id, is_range, count(*) FILTER (WHERE is_range) OVER (
                    PARTITION BY board_id ORDER BY descending, reached_at, user_id, is_range DESC
                ) AS number FROM marks
            ) AS mark
            GROUP BY board_id, number
        )
        SELECT '{table}' AS what, format('board %s, range %s', board_id, number) AS key,
               CAST(r.learners AS text) AS kept, CAST(c.learners AS text) AS recomputed
        FROM ranges AS r FULL JOIN counted AS c USING (board_id, number)
        WHERE coalesce(r.learners, 0) <> coalesce(c.learners, 0) OR r.number IS NULL
    """  # noqa: S608 - constants


# A block consists of whole ranges.
BLOCKS = f"""
    SELECT 'rank_blocks' AS what, format('board %s, user %s', board_id, user_id) AS key,
           CAST(to_json(b) AS text) AS kept, 'no range that begins there' AS recomputed
    FROM rank_blocks AS b
    WHERE NOT EXISTS (
        SELECT 1 FROM rank_ranges AS r WHERE r.board_id = b.board_id
        AND {position("r")} = {position("b")}
    )
"""  # noqa: S608 - constants

EXERCISE_COUNTS = f"""
    WITH kept AS (
        SELECT exercise_id, attempts, sum(learners) AS learners, sum(solved) AS solved
        FROM (
            SELECT exercise_id, attempts, learners, solved FROM exercise_counts
            UNION ALL
            SELECT exercise_id, attempts, n, CASE WHEN solved_at IS NULL THEN 0 ELSE n END FROM pending_changes
        ) AS count
        GROUP BY exercise_id, attempts HAVING sum(learners) <> 0 OR sum(solved) <> 0
    ), recomputed AS (
        SELECT exercise_id, attempts, count(*) AS learners, count({SOLVED_AT}) AS solved
        FROM scores GROUP BY exercise_id, attempts
    )
    SELECT 'exercise_counts' AS what, format('exercise %s, attempts %s', exercise_id, attempts) AS key,
           CAST(to_json(k) AS text) AS kept, CAST(to_json(r) AS text) AS recomputed
    FROM kept AS k FULL JOIN recomputed AS r USING (exercise_id, attempts)
    WHERE (k.learners, k.solved) IS DISTINCT FROM (r.learners, r.solved)
"""  # noqa: S608 - constants

_STATE = "user_id, exercise_id, correct, source, points, max_points, attempts"
SCORES = f"""
    WITH entries AS (
        SELECT DISTINCT ON (score_id) id AS change_id, score_id, action, {_STATE}
        FROM score_changes ORDER BY score_id, id DESC
    ), ledger AS (SELECT score_id AS id, change_id, {_STATE} FROM entries WHERE action <> 'deleted'),
    kept AS (SELECT id, change_id, {_STATE} FROM scores)
    SELECT 'scores' AS what, format('score %s', id) AS key,
           CAST(to_json(k) AS text) AS kept, CAST(to_json(l) AS text) AS recomputed
    FROM kept AS k FULL JOIN ledger AS l USING (id)
    WHERE CAST(k AS text) IS DISTINCT FROM CAST(l AS text)
"""  # noqa: S608 - constants

SUMMARIES = (STANDINGS, _ranks("rank_ranges"), _ranks("rank_blocks"), BLOCKS, EXERCISE_COUNTS)
