"""The statements of the leaderboard. Each is one round trip, and reads as much of a large board as of a small one.

`own_users` says whether the service keeps its own users, and so has their names.

A place on a board is (descending, reached_at, user_id), where `descending` is minus the number of solved exercises.
"""

from project.api.scores.queries import time
from project.api.summaries.keys import FIRST_PLACE, SOLVED
from project.api.summaries.queries import MOVED
from project.postgres.prepared import Statement

# The name of who stands in `row`; a sub-query, so that each is looked up, whatever the planner takes their number for.
_NAME = "(SELECT username FROM users WHERE :own_users AND users.id = row.user_id)"

# A place as JSON, and what the cursor of the page after it is made of.
_SHOWN = f"""
    '{{"rank":' || row.rank || ',"user_id":' || row.user_id
    || ',"username":' || coalesce(to_json({_NAME})::text, 'null')
    || ',"solved":' || -row.descending || ',"reached_at":"' || {time("row.reached_at")} || '"}}',
    row.descending, {time("row.reached_at")}, row.user_id
"""

# Of the two sources of a page, each sorted by its index or small: the rows after a place, or before it.
_PAGE = """
    SELECT * FROM (
        (SELECT s.descending, s.reached_at, s.user_id FROM standings AS s
         WHERE s.board_id = :board_id AND (s.descending, s.reached_at, s.user_id) {beyond} ({place})
         AND s.user_id NOT IN (SELECT user_id FROM moved)
         ORDER BY s.descending {way}, s.reached_at {way}, s.user_id {way} LIMIT :{limit})
        UNION ALL
        (SELECT m.descending, m.reached_at, m.user_id FROM moved AS m
         WHERE m.descending < 0 AND (m.descending, m.reached_at, m.user_id) {beyond} ({place}))
    ) AS row ORDER BY descending {way}, reached_at {way}, user_id {way} LIMIT :{limit}
"""

_MARK = "({0}.descending, {0}.reached_at, {0}.user_id)"


def _mark_before(table: str, name: str) -> str:
    """Return what joins the last mark of a table up to the place `p`: the first place, where there is none."""
    return f"""
    LEFT JOIN LATERAL (
        SELECT * FROM {table} AS r
        WHERE r.board_id = :board_id AND {_MARK.format("r")} <= {_MARK.format("p")}
        ORDER BY r.descending DESC, r.reached_at DESC, r.user_id DESC LIMIT 1
    ) AS {name}_mark ON true
    CROSS JOIN LATERAL (
        SELECT coalesce({name}_mark.descending, first.descending) AS descending,
               coalesce({name}_mark.reached_at, first.reached_at) AS reached_at,
               coalesce({name}_mark.user_id, first.user_id) AS user_id
        FROM (VALUES ({FIRST_PLACE})) AS first (descending, reached_at, user_id)
    ) AS {name}
    """  # noqa: S608 - constants


# How many stand before a place: all of the blocks before its own, the ranges of that before its own, those of its own
# range up to it, and what pending changes make of that.
_BEFORE = f"""
    SELECT (SELECT CAST(coalesce(sum(r.learners), 0) AS bigint) FROM rank_blocks AS r
            WHERE r.board_id = :board_id AND {_MARK.format("r")} < {_MARK.format("block")})
         + (SELECT CAST(coalesce(sum(r.learners), 0) AS bigint) FROM rank_ranges AS r
            WHERE r.board_id = :board_id AND {_MARK.format("r")} >= {_MARK.format("block")}
            AND {_MARK.format("r")} < {_MARK.format("range")})
         + (SELECT count(*) FROM standings AS s
            WHERE s.board_id = :board_id AND {_MARK.format("s")} >= {_MARK.format("range")}
            AND {_MARK.format("s")} < {_MARK.format("p")})
         + (SELECT count(*) FILTER (WHERE m.descending < 0 AND {_MARK.format("m")} < {_MARK.format("p")})
                - count(*) FILTER (WHERE (m.old_descending, m.old_reached_at, m.user_id) < {_MARK.format("p")})
            FROM moved AS m) AS before
    FROM {{place}} AS p {_mark_before("rank_blocks", "block")} {_mark_before("rank_ranges", "range")}
"""  # noqa: S608 - constants

_AFTER = ":descending, CAST(:reached_at AS timestamptz), CAST(:user_id AS bigint)"

# Takes: board_id, limit, descending, reached_at, user_id (the place after which the page begins).
PAGE = Statement(f"""
    WITH {MOVED},
    page AS MATERIALIZED ({_PAGE.format(beyond=">", place=_AFTER, way="", limit="limit")}),
    first AS (SELECT * FROM page ORDER BY descending, reached_at, user_id LIMIT 1)
    SELECT {_SHOWN} FROM (
        SELECT (SELECT before FROM ({_BEFORE.format(place="first")}) AS place)
               + row_number() OVER (ORDER BY descending, reached_at, user_id) AS rank, *
        FROM page
    ) AS row ORDER BY rank
""")  # noqa: S608 - constants

# Takes: board_id, me, neighbours. One row: rank and place of the learner (null where they have none), how many learners
# there are, and a list of the learner and their neighbours.
ME = Statement(f"""
    WITH {MOVED},
    me AS MATERIALIZED (
        SELECT descending, reached_at, user_id FROM moved WHERE user_id = :me AND descending < 0
        UNION ALL
        SELECT descending, reached_at, user_id FROM standings
        WHERE board_id = :board_id AND user_id = :me AND NOT EXISTS (SELECT 1 FROM moved WHERE user_id = :me)
    ),
    place AS MATERIALIZED ({_BEFORE.format(place="me")}),
    around AS (
        SELECT n.* FROM me CROSS JOIN LATERAL (
            {_PAGE.format(beyond="<", place="me.descending, me.reached_at, me.user_id", way="DESC", limit="neighbours")}
        ) AS n
        UNION ALL SELECT * FROM me
        UNION ALL
        SELECT n.* FROM me CROSS JOIN LATERAL (
            {_PAGE.format(beyond=">", place="me.descending, me.reached_at, me.user_id", way="", limit="neighbours")}
        ) AS n
    )
    SELECT
        (SELECT before + 1 FROM place) AS rank,
        (SELECT CAST(coalesce(sum(learners), 0) AS bigint) FROM rank_blocks WHERE board_id = :board_id)
            + (SELECT count(*) FILTER (WHERE descending < 0) - count(old_descending) FROM moved) AS learners,
        row.user_id, {_NAME} AS username, -row.descending AS solved, {time("row.reached_at")} AS reached_at
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

# A board that nobody keeps, from the scores of its exercises: its cost grows with them.
_COMPUTED = f"""
    board AS MATERIALIZED (
        SELECT CAST(-count(*) AS integer) AS descending, max(coalesce(solved_at, created_at)) AS reached_at, user_id
        FROM scores WHERE {SOLVED} AND exercise_id = ANY (CAST(:exercise_ids AS bigint[])) GROUP BY user_id
    ), ranked AS (
        SELECT row_number() OVER (ORDER BY descending, reached_at, user_id) AS rank, count(*) OVER () AS learners, *
        FROM board
    )
"""  # noqa: S608 - constants

# Take what PAGE and ME take, with exercise_ids in the place of board_id.
COMPUTED_PAGE = Statement(
    f"""
    WITH {_COMPUTED}
    SELECT {_SHOWN} FROM (
        SELECT * FROM ranked WHERE (descending, reached_at, user_id) > ({_AFTER}) ORDER BY rank LIMIT :limit
    ) AS row ORDER BY rank
""",  # noqa: S608 - constants
    costly=True,
)
COMPUTED_ME = Statement(
    f"""
    WITH {_COMPUTED}, me AS (SELECT rank FROM ranked WHERE user_id = :me)
    SELECT me.rank, (SELECT count(*) FROM board) AS learners,
           row.user_id, {_NAME} AS username, -row.descending AS solved, {time("row.reached_at")} AS reached_at
    FROM (SELECT) AS one LEFT JOIN (
        me JOIN ranked AS row ON row.rank BETWEEN me.rank - :neighbours AND me.rank + :neighbours
    ) ON true
    ORDER BY row.rank
""",  # noqa: S608 - constants
    costly=True,
)
