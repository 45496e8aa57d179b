"""The triggers that maintain scores and their ledger, also for a bulk load or psql.

The migrations hold their own copy, frozen; a test compares what both make.
"""

TOUCH_FUNCTION = """
CREATE OR REPLACE FUNCTION touch_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.change_id = OLD.change_id THEN
        -- Nobody said who he is; the one who wrote last must not be named for it.
        NEW.recorded_by := NULL;
        NEW.source := 'override';
        NEW.decided_by := NULL;
        NEW.submission_id := NULL;
        NEW.rejudge_id := NULL;
    END IF;
    NEW.off_board := NEW.off_board AND NEW.source = 'self_reported';
    -- Taken when the row is locked: of two writers at once, the one that comes second gets the larger number.
    NEW.change_id := nextval('score_change_ids');
    NEW.updated_at := clock_timestamp();
    -- The first time that it was solved stays with the score, also when it is taken away and given back.
    IF NEW.correct <> OLD.correct AND NEW.solved_at IS NULL THEN
        NEW.solved_at := CASE WHEN OLD.correct THEN OLD.created_at ELSE NEW.updated_at END;
    END IF;
    RETURN NEW;
END $$
"""
TOUCH_TRIGGER = """
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON scores FOR EACH ROW EXECUTE FUNCTION touch_score()
"""

# It runs once for a statement, for all its rows: a bulk load of a million scores writes the ledger with one INSERT. The
# reason is that of the transaction (`eval.reason`), and no column of scores, so that no later change inherits it.
RECORD_FUNCTION = """
CREATE OR REPLACE FUNCTION record_score_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source,
                                   points, max_points, attempts)
        SELECT nextval('score_change_ids'), id, user_id, exercise_id, 'deleted', correct, 'override',
               points, max_points, attempts FROM scores;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source,
                                   points, max_points, attempts, reason)
        SELECT nextval('score_change_ids'), id, user_id, exercise_id, 'deleted', correct, 'override',
               points, max_points, attempts, (SELECT nullif(current_setting('eval.reason', true), '')) FROM changed;
    ELSE
        INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source, recorded_by,
                                   points, max_points, attempts, submission_id, rejudge_id, reason)
        SELECT change_id, id, user_id, exercise_id,
               CASE TG_OP WHEN 'INSERT' THEN 'created' ELSE 'changed' END, correct, source, recorded_by,
               points, max_points, attempts, submission_id, rejudge_id,
               (SELECT nullif(current_setting('eval.reason', true), '')) FROM changed;
    END IF;
    RETURN NULL;
END $$
"""
RECORD_TRIGGERS = [
    f"""
CREATE OR REPLACE TRIGGER record_{operation.lower()} AFTER {operation} ON scores
REFERENCING {transition} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_score_changes()
"""
    for operation, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
]
RECORD_TRIGGERS.append("""
CREATE OR REPLACE TRIGGER record_truncate BEFORE TRUNCATE ON scores
FOR EACH STATEMENT EXECUTE FUNCTION record_score_changes()
""")

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
# ALWAYS: also for a session with session_replication_role = replica.
REFUSE_TRIGGERS = [
    """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON score_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
""",
    "ALTER TABLE score_changes ENABLE ALWAYS TRIGGER append_only",
    # Only the triggers insert entries.
    """
CREATE OR REPLACE TRIGGER by_trigger_only BEFORE INSERT ON score_changes
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_ledger_change()
""",
]

CREATE = [TOUCH_FUNCTION, TOUCH_TRIGGER, RECORD_FUNCTION, *RECORD_TRIGGERS, REFUSE_FUNCTION, *REFUSE_TRIGGERS]
DROP = [
    "DROP FUNCTION IF EXISTS touch_score()",
    "DROP FUNCTION IF EXISTS record_score_changes()",
    "DROP FUNCTION IF EXISTS refuse_ledger_change()",
]
