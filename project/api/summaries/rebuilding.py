"""Functions that compute summaries from the scores: of a new exercise set, and where a check found a difference.

Scores can be written at the same time: a summary is computed from the scores without the changes that are still
pending, both in one snapshot.
"""

from project.api.summaries.keys import ALL_EXERCISES, FIRST_POSITION, SOLVED, SOLVED_AT
from project.api.summaries.plpgsql import LOCK_SCORES, LOCK_SUMMARIES


def _insert_standings(condition: str) -> str:
    """Return the statement that inserts the standings of `board`, from the scores that meet a condition."""
    return f"""
        INSERT INTO standings (board_id, user_id, solved, reached_at)
        SELECT board, user_id, sum(n), max(solved_at)
        FROM (
            SELECT user_id, exercise_id, coalesce(solved_at, created_at) AS solved_at, 1 AS n
            FROM scores WHERE {SOLVED}
            UNION ALL
            SELECT user_id, exercise_id, solved_at, -n FROM pending_changes WHERE solved_at IS NOT NULL
        ) AS change
        WHERE {condition}
        GROUP BY user_id HAVING sum(n) > 0;
    """  # noqa: S608 - constants


_IN_SET = "exercise_id = ANY (ARRAY(SELECT exercise_id FROM exercise_set_members WHERE set_id = board))"

REBUILD_BOARD_FUNCTION = f"""
CREATE OR REPLACE FUNCTION rebuild_board(board bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {LOCK_SCORES}
    {LOCK_SUMMARIES}
    DELETE FROM standings WHERE board_id = board;
    DELETE FROM rank_ranges WHERE board_id = board;
    DELETE FROM rank_blocks WHERE board_id = board;
    IF board = {ALL_EXERCISES} THEN
        {_insert_standings("true")}
    ELSE
        {_insert_standings(_IN_SET)}
    END IF;
    INSERT INTO rank_ranges (board_id, descending, reached_at, user_id, learners)
    SELECT board, {FIRST_POSITION}, count(*) FROM standings WHERE board_id = board;
    INSERT INTO rank_blocks (board_id, descending, reached_at, user_id, learners)
    SELECT board_id, descending, reached_at, user_id, learners FROM rank_ranges WHERE board_id = board;
    PERFORM balance_rank_ranges();
END $$
"""  # noqa: S608 - constants

REBUILD_FUNCTION = f"""
CREATE OR REPLACE FUNCTION rebuild_summaries() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {LOCK_SCORES}
    {LOCK_SUMMARIES}
    DELETE FROM standings;
    DELETE FROM rank_ranges;
    DELETE FROM rank_blocks;
    PERFORM rebuild_board(board)
    FROM (SELECT {ALL_EXERCISES}::bigint AS board UNION ALL SELECT id FROM exercise_sets) AS boards;
    DELETE FROM exercise_counts;
    INSERT INTO exercise_counts (exercise_id, attempts, learners, solved)
    SELECT exercise_id, attempts, sum(n), coalesce(sum(n) FILTER (WHERE since IS NOT NULL), 0)
    FROM (
        SELECT exercise_id, attempts, {SOLVED_AT} AS since, 1 AS n FROM scores
        UNION ALL
        SELECT exercise_id, attempts, solved_at, -n FROM pending_changes
    ) AS change
    GROUP BY exercise_id, attempts;
END $$
"""  # noqa: S608 - constants
