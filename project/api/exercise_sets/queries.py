"""The statements about exercise sets. Each has the parameter `name`."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from project.api.summaries.models import ExerciseSet, ExerciseSetMember
from project.api.summaries.plpgsql import FOLD_LOCK, LOCK_SCORES

# While the set's exercises change, no summary is computed by them. The first statement, so that changes are serialized
# here.
LOCK = sa.text(f"{LOCK_SCORES} SELECT pg_advisory_xact_lock({FOLD_LOCK})")

_MEMBERS = (
    sa.select(sa.func.array_agg(aggregate_order_by(ExerciseSetMember.exercise_id, ExerciseSetMember.exercise_id)))
    .where(ExerciseSetMember.set_id == ExerciseSet.id)
    .scalar_subquery()
)
SETS = sa.select(
    ExerciseSet.id,
    ExerciseSet.name,
    _MEMBERS.label("exercise_ids"),
    ExerciseSet.created_at,
    ExerciseSet.updated_at,
)
SET = SETS.where(ExerciseSet.name == sa.bindparam("name"))

ADD = sa.text("""
    INSERT INTO exercise_sets AS s (name) VALUES (:name)
    ON CONFLICT (name) DO UPDATE SET updated_at = clock_timestamp()
    RETURNING s.id, xmax = 0 AS created
""")
# These have the parameter `id`, of the set.
CLEAR = sa.text("DELETE FROM exercise_set_members WHERE set_id = :id")
FILL = sa.text("""
    INSERT INTO exercise_set_members (exercise_id, set_id) SELECT DISTINCT unnest(:exercise_ids), :id
""").bindparams(sa.bindparam("exercise_ids", type_=sa.ARRAY(sa.BigInteger)))
REBUILD = sa.text("SELECT rebuild_board(:id)")
DELETE = sa.text("""
    WITH gone AS (DELETE FROM exercise_sets WHERE name = :name RETURNING id),
    members AS (DELETE FROM exercise_set_members USING gone WHERE set_id = gone.id),
    places AS (DELETE FROM standings USING gone WHERE board_id = gone.id),
    ranges AS (DELETE FROM rank_ranges USING gone WHERE board_id = gone.id),
    blocks AS (DELETE FROM rank_blocks USING gone WHERE board_id = gone.id)
    SELECT id FROM gone
""")
