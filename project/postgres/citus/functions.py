"""The functions of a distributed database, where they are not those of a single one. docs/adr/0010 has the reasons.

Changes are pending on many nodes, each on the node of its score; the summaries are on one. So writers do not fold: the
workers do, on the coordinator. And Citus lets no statement delete on other nodes as a part of a larger one: the changes
to fold are fetched first.
"""

from project.api.summaries.folding import fold_function
from project.api.summaries.reached_at import latest_solve, reached_at
from project.api.summaries.triggers import note_function

# For one learner: a query of one node. It is called only where a latest solve was taken away.
LATEST_SOLVE = f"""
CREATE OR REPLACE FUNCTION latest_solve(board bigint, learner bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ({latest_solve("learner", "board")});
END $$
"""

_VARIABLES = """    last_one bigint;
    change record;
"""
_FETCH_PENDING = """
    CREATE TEMPORARY TABLE IF NOT EXISTS gone
    (user_id bigint, exercise_id bigint, attempts integer, solved_at timestamptz, n integer) ON COMMIT DROP;
    TRUNCATE gone;
    -- In the order in which they came about: what a score had is never taken away before it was given.
    last_one := (SELECT max(change_id) FROM (
        SELECT change_id FROM pending_changes ORDER BY change_id LIMIT most
    ) AS first);
    FOR change IN DELETE FROM pending_changes WHERE change_id <= last_one
        RETURNING user_id, exercise_id, attempts, solved_at, n
    LOOP
        INSERT INTO gone VALUES (change.user_id, change.exercise_id, change.attempts, change.solved_at, change.n);
    END LOOP;

    WITH """

FUNCTIONS = (
    LATEST_SOLVE,
    note_function(folds=False),
    fold_function(
        variables=_VARIABLES, gone=_FETCH_PENDING, reached_at=reached_at("latest_solve(d.board_id, d.user_id)")
    ),
)
