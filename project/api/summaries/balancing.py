"""The function balance_rank_ranges(), which keeps ranges and blocks of ranges about as long as they should be.

Ranges and blocks make ranks cheap: a learner's rank adds up the blocks before their own, the ranges before theirs in
that block, and the learners before them in that range. These are some hundred rows for ten million learners.

A range, or block, is a row with the position at which it starts; it ends where the next one of the board starts. What
is too long is split. What is too short is merged with what is before it, in about one call of ten.
"""

from project.api.summaries.keys import position
from project.api.summaries.plpgsql import PLANNER_SETTINGS

# Learners of a range, and of a block.
RANGE = 512
BLOCK = 32 * RANGE


def _split(table: str, parts: str) -> str:
    """Return the statement that splits ranges, or blocks, of more than twice `size` learners.

    `parts` is the query for the rows that they consist of: each has a position, and counts for so many `learners`. The
    steps:

        long        what is to be split, with the position at which the next one starts
        numbered    the parts of each, in order, with the number of the piece that the part belongs to
        marks       the first part of each piece, where the piece starts, with the learners of the piece
        cut         inserts all pieces but the first, which the last step keeps in the row that was split
    """
    return f"""
        IF EXISTS (SELECT 1 FROM {table} WHERE learners > 2 * size) THEN
            WITH long AS (
                SELECT r.*, following.*
                FROM {table} AS r
                LEFT JOIN LATERAL (
                    SELECT n.descending AS next_descending, n.reached_at AS next_reached_at, n.user_id AS next_user_id
                    FROM {table} AS n
                    WHERE n.board_id = r.board_id
                    AND {position("n")} > {position("r")}
                    ORDER BY n.descending, n.reached_at, n.user_id LIMIT 1
                ) AS following ON true
                WHERE r.learners > 2 * size
            ), numbered AS (
                SELECT p.board_id, p.descending, p.reached_at, p.user_id, p.learners,
                       l.descending AS old_descending, l.reached_at AS old_reached_at, l.user_id AS old_user_id,
                       (sum(p.learners) OVER place - p.learners) / size AS number
                FROM long AS l
                JOIN ({parts}) AS p ON p.board_id = l.board_id
                AND {position("p")} >= {position("l")}
                AND (l.next_descending IS NULL OR {position("p")}
                     < (l.next_descending, l.next_reached_at, l.next_user_id))
                WINDOW place AS (
                    PARTITION BY l.board_id, l.descending, l.reached_at, l.user_id
                    ORDER BY p.descending, p.reached_at, p.user_id ROWS UNBOUNDED PRECEDING
                )
            ), marks AS (
                SELECT DISTINCT ON (board_id, old_descending, old_reached_at, old_user_id, floor(number)) *,
                       sum(learners) OVER (
                           PARTITION BY board_id, old_descending, old_reached_at, old_user_id, floor(number)
                       ) AS total
                FROM numbered
                ORDER BY board_id, old_descending, old_reached_at, old_user_id, floor(number),
                         descending, reached_at, user_id
            ), cut AS (
                INSERT INTO {table} (board_id, descending, reached_at, user_id, learners)
                SELECT board_id, descending, reached_at, user_id, total FROM marks WHERE number >= 1
            )
            UPDATE {table} AS r SET learners = m.total
            FROM marks AS m
            WHERE m.number < 1 AND r.board_id = m.board_id
            AND {position("r")} = (m.old_descending, m.old_reached_at, m.old_user_id);
        END IF;
    """.strip()  # noqa: S608 - constants


def _merge(table: str, condition: str = "true") -> str:
    """Return the statement that merges each second range, or block, `r` with the one before it.

    Both together must have no more than `size` learners, and `r` must meet the condition. The steps:

        pairs       all of a board, in order and numbered, each with the one before it
        joined      deletes each second one that can be merged; the last step adds its learners to the one before it
    """
    return f"""
        WITH pairs AS (
            SELECT board_id, descending, reached_at, user_id, learners, row_number() OVER place AS number,
                   lag(descending) OVER place AS before_descending, lag(reached_at) OVER place AS before_reached_at,
                   lag(user_id) OVER place AS before_user_id, lag(learners) OVER place AS before_learners
            FROM {table}
            WINDOW place AS (PARTITION BY board_id ORDER BY descending, reached_at, user_id)
        ), joined AS (
            DELETE FROM {table} AS r USING pairs AS p
            WHERE p.number % 2 = 0 AND p.learners + p.before_learners <= size AND r.board_id = p.board_id
            AND {position("r")} = {position("p")} AND {condition}
            RETURNING p.*
        )
        UPDATE {table} AS r SET learners = r.learners + j.learners
        FROM joined AS j
        WHERE r.board_id = j.board_id AND {position("r")}
            = (j.before_descending, j.before_reached_at, j.before_user_id);
    """.strip()  # noqa: S608 - constants


_LEARNERS = "SELECT board_id, descending, reached_at, user_id, 1 AS learners FROM standings"
_RANGES = "SELECT * FROM rank_ranges"
# A block starts where a range does, so that range stays.
_STARTS_NO_BLOCK = f"""NOT EXISTS (
                SELECT 1 FROM rank_blocks AS b WHERE b.board_id = r.board_id
                AND {position("b")} = {position("r")}
            )"""  # noqa: S608 - constants

BALANCE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION balance_rank_ranges() RETURNS void LANGUAGE plpgsql {PLANNER_SETTINGS} AS $$
DECLARE
    size bigint := {RANGE};
    joins boolean := random() < 0.1;
BEGIN
    {_split("rank_ranges", _LEARNERS)}
    IF joins THEN
        {_merge("rank_ranges", _STARTS_NO_BLOCK)}
    END IF;
    size := {BLOCK};
    {_split("rank_blocks", _RANGES)}
    IF joins THEN
        {_merge("rank_blocks")}
    END IF;
END $$
"""
