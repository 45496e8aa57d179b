"""Why a score was changed, in the ledger; and the times by which ended submissions are found."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Servers that still run the code before this go on working: the one column that the ledger gets may be null.
TABLES = """
ALTER TABLE score_changes ADD reason text;
CREATE INDEX ix_score_changes_user_id_score_id ON score_changes (user_id, score_id) WHERE action = 'deleted';
CREATE INDEX ix_submissions_finished_at ON submissions (finished_at) WHERE finished_at IS NOT NULL;
"""

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
                                   points, max_points, attempts)
        SELECT nextval('score_change_ids'), id, user_id, exercise_id, 'deleted', correct, 'override',
               points, max_points, attempts FROM changed;
    ELSE
        INSERT INTO score_changes (id, score_id, user_id, exercise_id, action, correct, source, recorded_by,
                                   points, max_points, attempts, submission_id, rejudge_id{column})
        SELECT change_id, id, user_id, exercise_id,
               CASE TG_OP WHEN 'INSERT' THEN 'created' ELSE 'changed' END, correct, source, recorded_by,
               points, max_points, attempts, submission_id, rejudge_id{value} FROM changed;
    END IF;
    RETURN NULL;
END $$
"""
REASON = {"column": ", reason", "value": ",\n               (SELECT nullif(current_setting('eval.reason', true), ''))"}
NO_REASON = {"column": "", "value": ""}


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(RECORD_FUNCTION.format(**REASON))


def downgrade() -> None:
    op.execute(RECORD_FUNCTION.format(**NO_REASON))
    op.execute("DROP INDEX ix_submissions_finished_at")
    op.execute("DROP INDEX ix_score_changes_user_id_score_id")
    op.execute("ALTER TABLE score_changes DROP reason")
