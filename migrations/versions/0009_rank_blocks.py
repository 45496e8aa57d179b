"""Blocks of ranges, so that the cost of a rank does not grow with the learners."""

import re
from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Servers that still run the code before this go on working: the ranges are as they were.
TABLE = """
CREATE TABLE rank_blocks (
    board_id bigint NOT NULL,
    descending integer NOT NULL,
    reached_at timestamptz NOT NULL,
    user_id bigint NOT NULL,
    learners bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pk_rank_blocks PRIMARY KEY (board_id, descending, reached_at, user_id)
) WITH (fillfactor = 50);
"""
# Of a table of one learner, statistics say that each has a board of his own.
FEW_BOARDS = "ALTER TABLE standings ALTER COLUMN board_id SET (n_distinct = 20)"
# Nobody folds meanwhile; who folds holds the scores first.
HOLD = """
LOCK TABLE scores IN ACCESS SHARE MODE;
SELECT pg_advisory_xact_lock(20261123);
"""
FILL = """
INSERT INTO rank_blocks (board_id, descending, reached_at, user_id, learners)
SELECT r.board_id, r.descending, r.reached_at, r.user_id, whole.learners
FROM (SELECT board_id, sum(learners) AS learners FROM rank_ranges GROUP BY board_id) AS whole
CROSS JOIN LATERAL (
    SELECT * FROM rank_ranges WHERE board_id = whole.board_id ORDER BY descending, reached_at, user_id LIMIT 1
) AS r;
SELECT balance_rank_ranges();
"""

HERE = Path(__file__)
FUNCTIONS = HERE.with_suffix(".sql")
BEFORE = HERE.with_name("0006_summaries.sql")
CHANGED = ("balance_rank_ranges", "fold_summaries", "rebuild_board", "rebuild_summaries", "forget_summaries")
FUNCTION = re.compile(rf"^CREATE (FUNCTION (?:{'|'.join(CHANGED)})\(.*?^END \$\$;)", re.MULTILINE | re.DOTALL)


def upgrade() -> None:
    op.execute(HOLD)
    op.execute(TABLE)
    op.execute(FEW_BOARDS)
    op.execute(FUNCTIONS.read_text())
    op.execute(FILL)


def downgrade() -> None:
    op.execute(HOLD)
    for function in FUNCTION.findall(BEFORE.read_text()):
        op.execute(f"CREATE OR REPLACE {function}")
    op.execute("ALTER TABLE standings ALTER COLUMN board_id RESET (n_distinct)")
    op.execute("DROP TABLE rank_blocks")
