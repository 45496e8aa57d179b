"""The function fold_summaries(), which moves pending changes into the summaries.

One transaction at a time folds, and no other writes the summaries: a writer of scores never waits for a counter. A fold
deletes changes from `pending_changes` and adds them to the summaries in one transaction, so both happen or neither.
"""

from project.api.summaries.keys import ALL_EXERCISES, FIRST_POSITION, position
from project.api.summaries.plpgsql import FOLD_LOCK, LOCK_SCORES, PLANNER_SETTINGS
from project.api.summaries.reached_at import REACHED_AT


def _insert_first(table: str) -> str:
    """Return the statement that gives each board its first range, or block, where it has none."""
    return f"""
    INSERT INTO {table} (board_id, descending, reached_at, user_id)
    SELECT board_id, {FIRST_POSITION}
    FROM (SELECT {ALL_EXERCISES} AS board_id UNION ALL SELECT id FROM exercise_sets) AS board
    ON CONFLICT DO NOTHING;
    """.strip()  # noqa: S608 - constants


def _count_steps(table: str) -> str:
    """Return the statement that adds each of the `steps` to the range, or block, that its position is in."""
    return f"""
        UPDATE {table} AS r SET learners = r.learners + s.learners
        FROM (
            SELECT r.board_id, r.descending, r.reached_at, r.user_id, sum(s.n) AS learners
            FROM steps AS s
            CROSS JOIN LATERAL (
                SELECT * FROM {table} AS r
                WHERE r.board_id = s.board_id
                AND {position("r")} <= {position("s")}
                ORDER BY r.descending DESC, r.reached_at DESC, r.user_id DESC LIMIT 1
            ) AS r
            GROUP BY r.board_id, r.descending, r.reached_at, r.user_id HAVING sum(s.n) <> 0
        ) AS s
        WHERE r.board_id = s.board_id
        AND {position("r")} = {position("s")}
    """  # noqa: S608 - constants


# The first part of the fold: the changes that it is about, at most `most`, are deleted from `pending_changes`.
_DELETE_PENDING = """
    WITH gone AS (
        DELETE FROM pending_changes
        -- In the order in which they came about: what a score had is never taken away before it was given.
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM pending_changes ORDER BY change_id, n DESC LIMIT most))
        RETURNING user_id, exercise_id, attempts, solved_at, n
    ), """


def fold_function(*, variables: str = "", gone: str = _DELETE_PENDING, reached_at: str = REACHED_AT) -> str:
    """Return the statement that creates fold_summaries(most), which returns how many changes it has folded.

    `gone` is the SQL before the rest of the statement that makes the relation `gone`, the deleted changes; it needs the
    `variables`. `reached_at` is the expression of `project.api.summaries.reached_at`. The steps of the statement:

        deltas      the sums of the changes of solves, by board and learner
        moves       for each of them, the row of `standings` before and after
        moved       those in which something is different
        kept        writes `standings`: learners who have solved something
        ended       deletes from `standings`: learners who have solved nothing any more
        steps       -1 learner at each old position, +1 at each new one
        ranges      adds the steps to `rank_ranges`
        blocks      adds the steps to `rank_blocks`
        tried       adds the changes to `exercise_counts`
    """
    return f"""
CREATE OR REPLACE FUNCTION fold_summaries(most bigint) RETURNS bigint LANGUAGE plpgsql {PLANNER_SETTINGS} AS $$
DECLARE
    folded bigint;
{variables}BEGIN
    {LOCK_SCORES}
    -- Each statement must see all that the last one who folded has committed.
    IF current_setting('transaction_isolation') <> 'read committed'
       OR NOT pg_try_advisory_xact_lock({FOLD_LOCK}) THEN
        RETURN 0;
    END IF;
    {_insert_first("rank_ranges")}
    {_insert_first("rank_blocks")}
{gone}deltas AS (
        SELECT board_id, user_id, sum(n) AS solved,
               max(solved_at) FILTER (WHERE n > 0) AS gained, max(solved_at) FILTER (WHERE n < 0) AS lost
        FROM (
            SELECT {ALL_EXERCISES} AS board_id, user_id, solved_at, n FROM gone
            UNION ALL
            SELECT m.set_id, g.user_id, g.solved_at, g.n
            FROM gone AS g JOIN exercise_set_members AS m ON m.exercise_id = g.exercise_id
        ) AS change
        WHERE solved_at IS NOT NULL GROUP BY board_id, user_id
    ), moves AS MATERIALIZED (
        SELECT d.board_id, d.user_id, s.solved AS old_solved, s.reached_at AS old_reached_at,
               coalesce(s.solved, 0) + d.solved AS solved, {reached_at} AS reached_at
        FROM deltas AS d
        -- LIMIT: one look-up each, whatever the planner takes their number for.
        LEFT JOIN LATERAL (
            SELECT solved, reached_at FROM standings AS s
            WHERE s.board_id = d.board_id AND s.user_id = d.user_id LIMIT 1
        ) AS s ON true
    ), moved AS (
        SELECT * FROM moves WHERE (solved, reached_at) IS DISTINCT FROM (old_solved, old_reached_at)
    ), kept AS (
        INSERT INTO standings (board_id, user_id, solved, reached_at)
        SELECT board_id, user_id, solved, reached_at FROM moved WHERE solved > 0
        ON CONFLICT (board_id, user_id) DO UPDATE SET solved = excluded.solved, reached_at = excluded.reached_at
    ), ended AS (
        DELETE FROM standings AS s USING moved AS m
        WHERE s.board_id = m.board_id AND s.user_id = m.user_id AND m.solved <= 0
    ), steps AS (
        SELECT board_id, -old_solved AS descending, old_reached_at AS reached_at, user_id, -1 AS n
        FROM moved WHERE old_solved IS NOT NULL
        UNION ALL
        SELECT board_id, -solved, reached_at, user_id, 1 FROM moved WHERE solved > 0
    ), ranges AS ({_count_steps("rank_ranges")}
    ), blocks AS ({_count_steps("rank_blocks")}
    ), tried AS (
        INSERT INTO exercise_counts AS c (exercise_id, attempts, learners, solved)
        SELECT exercise_id, attempts, sum(n), coalesce(sum(n) FILTER (WHERE solved_at IS NOT NULL), 0)
        FROM gone GROUP BY exercise_id, attempts
        ON CONFLICT (exercise_id, attempts)
        DO UPDATE SET learners = c.learners + excluded.learners, solved = c.solved + excluded.solved
    )
    SELECT count(*) FROM gone INTO folded;

    PERFORM balance_rank_ranges();
    RETURN folded;
END $$
"""  # noqa: S608 - constants


FOLD_FUNCTION = fold_function()
