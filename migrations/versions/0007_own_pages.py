"""Indexes for a page of one's own scores, and of one's own submissions."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# While they are made, nobody writes scores or submissions. Who has so many that this takes long makes them before, with
# CREATE INDEX CONCURRENTLY, under the same names: docs/operations.md.
INDEXES = (("ix_scores_user_id_id", "scores"), ("ix_submissions_user_id_id", "submissions"))


def upgrade() -> None:
    for name, table in INDEXES:
        op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} (user_id, id)")


def downgrade() -> None:
    for name, _ in INDEXES:
        op.execute(f"DROP INDEX {name}")
