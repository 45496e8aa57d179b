"""The statements of the leaderboard: a page of a board, and one learner with their neighbours.

There is a pair for the boards that are kept, that of all exercises and those of named sets, and one for other sets of
exercises, whose boards are computed from the scores. Each statement is one round trip. On a board that is kept, it
reads as many rows of a large board as of a small one.
"""

from project.api.leaderboard.fragments import (
    PAGE_COLUMNS,
    USERNAME,
    learners_before,
    rows_after,
    rows_before,
)
from project.api.scores.queries import time
from project.api.summaries.keys import SOLVED, position
from project.api.summaries.queries import MOVED
from project.postgres.prepared import Statement

_CURSOR = "(:descending, CAST(:reached_at AS timestamptz), CAST(:user_id AS bigint))"

# Takes: board_id; limit; descending, reached_at and user_id, the position after which the page begins; own_users.
PAGE = Statement(f"""
    WITH {MOVED},
    page AS MATERIALIZED ({rows_after(_CURSOR, limit=":limit")}),
    first AS (SELECT * FROM page ORDER BY descending, reached_at, user_id LIMIT 1)
    SELECT {PAGE_COLUMNS} FROM (
        SELECT (SELECT before FROM ({learners_before("first")}) AS place)
               + row_number() OVER (ORDER BY descending, reached_at, user_id) AS rank, *
        FROM page
    ) AS row ORDER BY rank
""")  # noqa: S608 - constants

# Takes: board_id, me, neighbours, own_users. Rows: the neighbours before the learner, the learner, those after. Each
# has the rank of the learner, and how many learners there are. A learner without rank gets one row, without user.
ME = Statement(f"""
    WITH {MOVED},
    me AS MATERIALIZED (
        SELECT descending, reached_at, user_id FROM moved WHERE user_id = :me AND descending < 0
        UNION ALL
        SELECT descending, reached_at, user_id FROM standings
        WHERE board_id = :board_id AND user_id = :me AND NOT EXISTS (SELECT 1 FROM moved WHERE user_id = :me)
    ),
    place AS MATERIALIZED ({learners_before("me")}),
    around AS (
        SELECT n.* FROM me CROSS JOIN LATERAL ({rows_before(position("me"), limit=":neighbours")}) AS n
        UNION ALL SELECT * FROM me
        UNION ALL
        SELECT n.* FROM me CROSS JOIN LATERAL ({rows_after(position("me"), limit=":neighbours")}) AS n
    )
    SELECT
        (SELECT before + 1 FROM place) AS rank,
        (SELECT CAST(coalesce(sum(learners), 0) AS bigint) FROM rank_blocks WHERE board_id = :board_id)
            + (SELECT count(*) FILTER (WHERE descending < 0) - count(old_descending) FROM moved) AS learners,
        row.user_id, {USERNAME} AS username, -row.descending AS solved, {time("row.reached_at")} AS reached_at
    FROM (SELECT) AS one LEFT JOIN around AS row ON true
    ORDER BY row.descending, row.reached_at, row.user_id
""")  # noqa: S608 - constants

# The set that has exactly these exercises, if there is one. Takes: exercise_ids, sorted.
SAME_SET = Statement("""
    SELECT m.set_id FROM exercise_set_members AS m
    WHERE m.set_id IN (
        SELECT set_id FROM exercise_set_members WHERE exercise_id = (CAST(:exercise_ids AS bigint[]))[1]
    )
    GROUP BY m.set_id HAVING array_agg(m.exercise_id ORDER BY m.exercise_id) = CAST(:exercise_ids AS bigint[])
    LIMIT 1
""")
SET_NAMED = Statement("SELECT id FROM exercise_sets WHERE name = :name")

# A board that is computed: `ranked` reads all scores of the exercises, so its cost grows with them.
_RANKED = f"""
    board AS MATERIALIZED (
        SELECT CAST(-count(*) AS integer) AS descending, max(coalesce(solved_at, created_at)) AS reached_at, user_id
        FROM scores WHERE {SOLVED} AND exercise_id = ANY (CAST(:exercise_ids AS bigint[])) GROUP BY user_id
    ), ranked AS (
        SELECT row_number() OVER (ORDER BY descending, reached_at, user_id) AS rank, count(*) OVER () AS learners, *
        FROM board
    )
"""  # noqa: S608 - constants

# What PAGE and ME return. Take the same, with exercise_ids in the place of board_id.
COMPUTED_PAGE = Statement(
    f"""
    WITH {_RANKED}
    SELECT {PAGE_COLUMNS} FROM (
        SELECT * FROM ranked WHERE (descending, reached_at, user_id) > {_CURSOR} ORDER BY rank LIMIT :limit
    ) AS row ORDER BY rank
""",  # noqa: S608 - constants
    costly=True,
)
COMPUTED_ME = Statement(
    f"""
    WITH {_RANKED}, me AS (SELECT rank FROM ranked WHERE user_id = :me)
    SELECT me.rank, (SELECT count(*) FROM board) AS learners,
           row.user_id, {USERNAME} AS username, -row.descending AS solved, {time("row.reached_at")} AS reached_at
    FROM (SELECT) AS one LEFT JOIN (
        me JOIN ranked AS row ON row.rank BETWEEN me.rank - :neighbours AND me.rank + :neighbours
    ) ON true
    ORDER BY row.rank
""",  # noqa: S608 - constants
    costly=True,
)
