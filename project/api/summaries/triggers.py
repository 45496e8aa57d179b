"""How changes of scores reach the summaries, whoever writes: our API, a bulk load, or psql.

A write only appends what came and what went to `pending_changes`: it waits for nobody, and nobody for it. Now and then
a writer folds what is pending into the summaries; who reads adds what is still pending. docs/adr/0010.

The migrations hold their own copy, frozen; a test compares what both make.
"""

from project.api.summaries.folding import BALANCE_FUNCTION, FOLD_FUNCTION, LOCK
from project.api.summaries.keys import SOLVED_AT
from project.api.summaries.rebuilding import REBUILD_BOARD_FUNCTION, REBUILD_FUNCTION

# Pending changes that readers have to add up, on average; each fold costs a writer some milliseconds.
PENDING = 512
# What a writer of one row folds at most: more may be there after a large load.
FOLDED = 2000

COLUMNS = "user_id, exercise_id, attempts, solved_at, change_id"
_NOTE = f"INSERT INTO pending_changes ({COLUMNS}, n)"
_STATE = COLUMNS.replace("solved_at", SOLVED_AT)
_COUNTS = "user_id, exercise_id, attempts, correct, off_board, solved_at, created_at"

# Of a row that was changed in nothing that counts, what came and what went are the same, and nothing is noted. One row
# is what nearly all statements write, and has a short way. Many are grouped, not joined: the plan, which is kept, must
# be good for ten thousand rows also when it was made for two.
NOTE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION note_score_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        {_NOTE} SELECT {_STATE}, 1 FROM added;
    ELSIF TG_OP = 'DELETE' THEN
        {_NOTE} SELECT {_STATE}, -1 FROM removed;
    ELSIF (SELECT count(*) FROM added) > 1 THEN
        {_NOTE}
        SELECT user_id, exercise_id, attempts, since, min(change_id), sum(n) FROM (
            SELECT user_id, exercise_id, attempts, {SOLVED_AT} AS since, change_id, 1 AS n FROM added
            UNION ALL
            SELECT user_id, exercise_id, attempts, {SOLVED_AT}, change_id, -1 FROM removed
        ) AS change
        GROUP BY user_id, exercise_id, attempts, since HAVING sum(n) <> 0;
    ELSIF (SELECT ({_COUNTS}) FROM added) IS DISTINCT FROM (SELECT ({_COUNTS}) FROM removed) THEN
        {_NOTE} SELECT {_STATE}, 1 FROM added UNION ALL SELECT {_STATE}, -1 FROM removed;
    ELSE
        RETURN NULL;
    END IF;
    GET DIAGNOSTICS noted = ROW_COUNT;
    IF random() * {PENDING} < noted THEN
        PERFORM fold_summaries({FOLDED} + 2 * noted);
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608 - constants
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
    {LOCK}
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
