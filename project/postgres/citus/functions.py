"""The functions of a distributed database, where they are not those of a single one. docs/adr/0010 says why.

Changes are pending on many nodes, beside the scores that they are of; the summaries are on one. So no writer folds any
more: the workers' sweep does, on the coordinator. And Citus lets no statement delete on other nodes as a part of a
larger one: what is folded is fetched first.
"""

from project.api.summaries.folding import FOLD_FUNCTION, REACHED_AT
from project.api.summaries.triggers import NOTE_FUNCTION


def _replaced(text: str, old: str, new: str) -> str:
    """Return a text with a piece of it replaced. It must be there, once."""
    if text.count(old) != 1:
        raise AssertionError(f"no, or more than one: {old}")
    return text.replace(old, new)


def _changed(text: str, start: str, end: str, new: str) -> str:
    """Return a text with what is from `start` up to `end` replaced. Both must be there, `start` once."""
    old = start + text.partition(start)[2].partition(end)[0]
    return _replaced(text, old + end, new + end)


# Nobody waits for the coordinator.
NOTE = _changed(NOTE_FUNCTION, "    GET DIAGNOSTICS noted", "    RETURN NULL;\nEND $$", "")
NOTE = _replaced(NOTE, "DECLARE\n    noted bigint;\n", "")

# Of one learner: a query of one node. Asked only where a latest solve was taken away.
LATEST_SOLVE = """
CREATE OR REPLACE FUNCTION latest_solve(board bigint, learner bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT max(coalesce(s.solved_at, s.created_at)) FROM scores AS s
        WHERE s.user_id = learner AND s.correct AND (board = 0 OR EXISTS (
            SELECT 1 FROM exercise_set_members AS m WHERE m.exercise_id = s.exercise_id AND m.set_id = board
        ))
    );
END $$
"""

_REACHED_AT = _changed(REACHED_AT, "THEN coalesce((", ", d.lost)", "THEN coalesce(latest_solve(d.board_id, d.user_id)")

_FETCH = """
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

FOLD = _changed(FOLD_FUNCTION, "    WITH gone AS (\n", "deltas AS (", _FETCH)
FOLD = _replaced(FOLD, REACHED_AT, _REACHED_AT)
FOLD = _replaced(FOLD, "    folded bigint;\n", "    folded bigint;\n    last_one bigint;\n    change record;\n")

FUNCTIONS = (LATEST_SOLVE, NOTE, FOLD)
