"""What a compiler reports about an answer, and what it uses."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a default, no row is written.
    op.execute("ALTER TABLE submissions ADD diagnostics jsonb, ADD compilation jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE submissions DROP diagnostics, DROP compilation")
