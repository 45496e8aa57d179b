"""SQL fragments of the statements of the leaderboard.

Fragments take `board_id`, and read `moved` of `project.api.summaries.queries`: the learners whose position differs from
that in `standings`, since changes of their scores are still pending.
"""

from project.api.scores.queries import time
from project.api.summaries.keys import FIRST_POSITION, position

# The name of the learner in `row`; a sub-query, so that each is looked up, whatever number of them the planner expects.
# Takes: own_users, whether the service keeps its own users, and so has their names.
USERNAME = "(SELECT username FROM users WHERE :own_users AND users.id = row.user_id)"

# The columns of a page, from a `row` with its rank: the learner as JSON, and the position, for the cursor.
PAGE_COLUMNS = f"""
    '{{"rank":' || row.rank || ',"user_id":' || row.user_id
    || ',"username":' || coalesce(to_json({USERNAME})::text, 'null')
    || ',"solved":' || -row.descending || ',"reached_at":"' || {time("row.reached_at")} || '"}}',
    row.descending, {time("row.reached_at")}, row.user_id
"""


def rows_after(start: str, limit: str) -> str:
    """Return the query for at most `limit` positions after `start`, the nearest first."""
    return _rows_beyond(">", start, "ASC", limit)


def rows_before(start: str, limit: str) -> str:
    """Return the query for at most `limit` positions before `start`, the nearest first."""
    return _rows_beyond("<", start, "DESC", limit)


def _rows_beyond(comparison: str, start: str, direction: str, limit: str) -> str:
    """Return the query that merges `standings`, which an index has in this order, with `moved`, which is small."""
    return f"""
    SELECT * FROM (
        (SELECT s.descending, s.reached_at, s.user_id FROM standings AS s
         WHERE s.board_id = :board_id AND {position("s")} {comparison} {start}
         AND s.user_id NOT IN (SELECT user_id FROM moved)
         ORDER BY s.descending {direction}, s.reached_at {direction}, s.user_id {direction} LIMIT {limit})
        UNION ALL
        (SELECT m.descending, m.reached_at, m.user_id FROM moved AS m
         WHERE m.descending < 0 AND {position("m")} {comparison} {start})
    ) AS row ORDER BY descending {direction}, reached_at {direction}, user_id {direction} LIMIT {limit}
    """  # noqa: S608 - constants


def learners_before(relation: str) -> str:
    """Return the query for `before`: how many learners stand before the position `p`, the only row of a relation.

    Four numbers are added up: the learners of the blocks before the one that `p` is in, those of the ranges of this
    block before the one that `p` is in, those of this range before `p`, and what pending changes add to all of that.
    """
    p, r, block, range_ = position("p"), position("r"), position("block"), position("range")
    return f"""
    SELECT (SELECT CAST(coalesce(sum(r.learners), 0) AS bigint) FROM rank_blocks AS r
            WHERE r.board_id = :board_id AND {r} < {block})
         + (SELECT CAST(coalesce(sum(r.learners), 0) AS bigint) FROM rank_ranges AS r
            WHERE r.board_id = :board_id AND {r} >= {block} AND {r} < {range_})
         + (SELECT count(*) FROM standings AS s
            WHERE s.board_id = :board_id AND {position("s")} >= {range_} AND {position("s")} < {p})
         + (SELECT count(*) FILTER (WHERE m.descending < 0 AND {position("m")} < {p})
                - count(*) FILTER (WHERE (m.old_descending, m.old_reached_at, m.user_id) < {p})
            FROM moved AS m) AS before
    FROM {relation} AS p {_join_start("rank_blocks", "block")} {_join_start("rank_ranges", "range")}
    """  # noqa: S608 - constants


def _join_start(table: str, name: str) -> str:
    """Return the join of the start of the block, or range, that position `p` is in.

    Where a board has no blocks or ranges yet, it is the first possible position.
    """
    return f"""
    LEFT JOIN LATERAL (
        SELECT * FROM {table} AS r
        WHERE r.board_id = :board_id AND {position("r")} <= {position("p")}
        ORDER BY r.descending DESC, r.reached_at DESC, r.user_id DESC LIMIT 1
    ) AS {name}_start ON true
    CROSS JOIN LATERAL (
        SELECT coalesce({name}_start.descending, first.descending) AS descending,
               coalesce({name}_start.reached_at, first.reached_at) AS reached_at,
               coalesce({name}_start.user_id, first.user_id) AS user_id
        FROM (VALUES ({FIRST_POSITION})) AS first (descending, reached_at, user_id)
    ) AS {name}
    """  # noqa: S608 - constants
