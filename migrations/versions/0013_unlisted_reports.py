"""Learners' reports of exercises that the catalogue does not have count on no board; those of graded ones go."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HERE = Path(__file__)
FUNCTIONS = HERE.with_suffix(".sql")
SETTLE = HERE.with_name("0013_settle_reports.sql")
# What these functions have more than those before them.
ADDED = (
    " AND NOT score.off_board",
    " AND NOT off_board",
    ", off_board",
    "    NEW.off_board := NEW.off_board AND NEW.source = 'self_reported';\n",
)
DELETED = "attempts, (SELECT nullif(current_setting('eval.reason', true), '')) FROM changed;"


def upgrade() -> None:
    # No row is changed: servers that still run the code before this go on working, and scores that are there count as
    # they did until `manage.py check --repair`. So a site whose catalogue is elsewhere can change the setting first.
    op.execute("ALTER TABLE scores ADD off_board boolean DEFAULT false NOT NULL")
    op.execute(FUNCTIONS.read_text())
    op.execute(SETTLE.read_text())


def downgrade() -> None:
    op.execute("DROP TRIGGER settle_insert ON exercises")
    op.execute("DROP TRIGGER settle_update ON exercises")
    op.execute("DROP FUNCTION settle_self_reports()")
    before = FUNCTIONS.read_text()
    for text in ADDED:
        before = before.replace(text, "")
    before = before.replace(DELETED, "attempts FROM changed;")
    op.execute(before.replace("points, max_points, attempts, reason)\n        SELECT nextval", WITHOUT_REASON))
    op.execute("ALTER TABLE scores DROP off_board")
    # Boards count all again.
    op.execute("SELECT rebuild_summaries()")


WITHOUT_REASON = "points, max_points, attempts)\n        SELECT nextval"
