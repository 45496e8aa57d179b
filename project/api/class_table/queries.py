"""The statements of the class table. PostgreSQL makes the JSON: there may be 200,000 scores on a page."""

import sqlalchemy as sa

MAX_EXERCISES = 1000

_MAX_POINTS = "(SELECT sum(coalesce((c ->> 'points')::int, 1)) FROM json_array_elements(e.cases) AS c)"
_COLUMNS = f"""
    SELECT w.id, e.title, e.slug,
           CASE WHEN e.id IS NOT NULL THEN coalesce({_MAX_POINTS}, 1) END AS max_points
    FROM wanted AS w LEFT JOIN exercises AS e ON e.id = w.id AND e.deleted_at IS NULL
    ORDER BY w.id
"""  # noqa: S608 - constants

SET_NAMED = sa.text("SELECT id FROM exercise_sets WHERE name = :name")
# Takes: id, of the set.
OF_A_SET = sa.text(f"""
    WITH wanted AS (SELECT exercise_id AS id FROM exercise_set_members WHERE set_id = :id) {_COLUMNS}
""")  # noqa: S608 - constants
OF_THE_CATALOGUE = sa.text(f"""
    WITH wanted AS (SELECT id FROM exercises WHERE deleted_at IS NULL ORDER BY id LIMIT {MAX_EXERCISES}) {_COLUMNS}
""")  # noqa: S608 - constants

# Takes: exercise_ids, cursor, limit, own_users. Rows of user_id and JSON, by user_id. The scores are read for one
# learner after the other: a join of all at once would read the scores of all learners.
ROWS = sa.text("""
    WITH learner AS MATERIALIZED (
        SELECT DISTINCT user_id FROM scores
        WHERE exercise_id = ANY (:exercise_ids) AND user_id > :cursor ORDER BY user_id LIMIT :limit
    )
    SELECT learner.user_id,
           '{"user_id":' || learner.user_id || ',"username":' || coalesce(to_json(username)::text, 'null')
           || ',"scores":[' || cells || ']}' AS json
    FROM learner
    CROSS JOIN LATERAL (
        SELECT string_agg(coalesce(cell, 'null'), ',' ORDER BY place) AS cells
        FROM unnest(CAST(:exercise_ids AS bigint[])) WITH ORDINALITY AS wanted (exercise_id, place)
        LEFT JOIN (
            SELECT exercise_id,
                   '[' || correct::text || ',' || coalesce(points::text, 'null') || ',' || attempts || ']' AS cell
            FROM scores WHERE user_id = learner.user_id
        ) AS own USING (exercise_id)
    ) AS line
    LEFT JOIN users ON :own_users AND users.id = learner.user_id
    ORDER BY learner.user_id
""").bindparams(sa.bindparam("exercise_ids", type_=sa.ARRAY(sa.BigInteger)))
