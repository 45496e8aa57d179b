"""The triggers that carry changes of scores into the summaries, also those of a bulk load or of psql.

A write only appends to `pending_changes`, so writers do not wait for each other. Some writes, at random, also fold what
is pending into the summaries; readers add what is still pending. docs/adr/0010.

The migrations hold their own copy, frozen; a test compares what both make.
"""

from project.api.summaries.balancing import BALANCE_FUNCTION
from project.api.summaries.folding import FOLD_FUNCTION
from project.api.summaries.keys import SOLVED_AT
from project.api.summaries.plpgsql import LOCK_SUMMARIES
from project.api.summaries.rebuilding import REBUILD_BOARD_FUNCTION, REBUILD_FUNCTION

# Pending changes that readers have to add up, on average; each fold costs a writer some milliseconds.
PENDING = 512
# Changes that a writer of one row folds at most: after a large load, more may be pending.
FOLDED = 2000

COLUMNS = "user_id, exercise_id, attempts, solved_at, change_id"
_INSERT = f"INSERT INTO pending_changes ({COLUMNS}, n)"
_STATE = COLUMNS.replace("solved_at", SOLVED_AT)
# The columns of a score that the summaries depend on.
_SUMMARIZED = "user_id, exercise_id, attempts, correct, off_board, solved_at, created_at"

_FOLD_AT_RANDOM = f"""    GET DIAGNOSTICS noted = ROW_COUNT;
    IF random() * {PENDING} < noted THEN
        PERFORM fold_summaries({FOLDED} + 2 * noted);
    END IF;
"""


def note_function(*, folds: bool) -> str:
    """Return the statement that creates the trigger function which appends changes; whether it also folds them.

    The states that rows had before are appended with n = -1, those that they have now with n = 1. Of a row whose states
    are the same in the columns that count, nothing is appended. Nearly all statements write one row, for which there is
    a shorter statement. Several rows are grouped, not joined: the plan is kept, and must be good for ten thousand rows
    also if it was made for two.
    """
    variables = "DECLARE\n    noted bigint;\n" if folds else ""
    return f"""
CREATE OR REPLACE FUNCTION note_score_changes() RETURNS trigger LANGUAGE plpgsql AS $$
{variables}BEGIN
    IF TG_OP = 'INSERT' THEN
        {_INSERT} SELECT {_STATE}, 1 FROM added;
    ELSIF TG_OP = 'DELETE' THEN
        {_INSERT} SELECT {_STATE}, -1 FROM removed;
    ELSIF (SELECT count(*) FROM added) > 1 THEN
        {_INSERT}
        SELECT user_id, exercise_id, attempts, since, min(change_id), sum(n) FROM (
            SELECT user_id, exercise_id, attempts, {SOLVED_AT} AS since, change_id, 1 AS n FROM added
            UNION ALL
            SELECT user_id, exercise_id, attempts, {SOLVED_AT}, change_id, -1 FROM removed
        ) AS change
        GROUP BY user_id, exercise_id, attempts, since HAVING sum(n) <> 0;
    ELSIF (SELECT ({_SUMMARIZED}) FROM added) IS DISTINCT FROM (SELECT ({_SUMMARIZED}) FROM removed) THEN
        {_INSERT} SELECT {_STATE}, 1 FROM added UNION ALL SELECT {_STATE}, -1 FROM removed;
    ELSE
        RETURN NULL;
    END IF;
{_FOLD_AT_RANDOM if folds else ""}    RETURN NULL;
END $$
"""  # noqa: S608 - constants


NOTE_FUNCTION = note_function(folds=True)
NOTE_TRIGGERS = [
    f"""
CREATE OR REPLACE TRIGGER summarize_{operation.lower()} AFTER {operation} ON scores
REFERENCING {transition} FOR EACH STATEMENT EXECUTE FUNCTION note_score_changes()
"""
    for operation, transition in (
        ("INSERT", "NEW TABLE AS added"),
        ("UPDATE", "OLD TABLE AS removed NEW TABLE AS added"),
        ("DELETE", "OLD TABLE AS removed"),
    )
]

FORGET_FUNCTION = f"""
CREATE OR REPLACE FUNCTION forget_summaries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'truncate scores in READ COMMITTED: an older snapshot does not see all that must go with them'
            USING ERRCODE = 'feature_not_supported';
    END IF;
    {LOCK_SUMMARIES}
    DELETE FROM pending_changes;
    DELETE FROM standings;
    DELETE FROM rank_ranges;
    DELETE FROM rank_blocks;
    DELETE FROM exercise_counts;
    RETURN NULL;
END $$
"""  # noqa: S608 - constants
FORGET_TRIGGER = """
CREATE OR REPLACE TRIGGER forget_truncate AFTER TRUNCATE ON scores
FOR EACH STATEMENT EXECUTE FUNCTION forget_summaries()
"""

CREATE = [
    BALANCE_FUNCTION,
    FOLD_FUNCTION,
    REBUILD_BOARD_FUNCTION,
    REBUILD_FUNCTION,
    NOTE_FUNCTION,
    *NOTE_TRIGGERS,
    FORGET_FUNCTION,
    FORGET_TRIGGER,
]
DROP = [
    "DROP FUNCTION IF EXISTS note_score_changes()",
    "DROP FUNCTION IF EXISTS forget_summaries()",
    "DROP FUNCTION IF EXISTS rebuild_summaries()",
    "DROP FUNCTION IF EXISTS rebuild_board(bigint)",
    "DROP FUNCTION IF EXISTS fold_summaries(bigint)",
    "DROP FUNCTION IF EXISTS balance_rank_ranges()",
]
