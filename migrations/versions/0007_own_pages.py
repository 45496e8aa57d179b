"""Indexes for a page of one's own scores, and of one's own submissions."""

from alembic import op

from project.postgres.migrating import create_index, outside_transaction

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = (("ix_scores_user_id_id", "scores"), ("ix_submissions_user_id_id", "submissions"))


def upgrade() -> None:
    with outside_transaction():
        for name, table in INDEXES:
            create_index(name, table, "(user_id, id)")


def downgrade() -> None:
    for name, _ in INDEXES:
        op.execute(f"DROP INDEX {name}")
