"""The verdict of answers that a compiler rejects."""

from alembic import op

from project.postgres.migrating import outside_transaction

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE = (
    *("accepted", "wrong_answer", "runtime_error", "syntax_error", "memory_limit", "time_limit", "forbidden_call"),
    *("protocol_violation", "output_limit", "sandbox_error"),
)
AFTER = (*BEFORE[:4], "compile_error", *BEFORE[4:])


def replace_constraint(verdicts: tuple[str, ...]) -> None:
    """Replace the constraint without reading the table: every row fulfils the narrower one already."""
    known = ", ".join(f"'{verdict}'" for verdict in verdicts)
    op.execute(f"""
        ALTER TABLE submissions
            DROP CONSTRAINT ck_submissions_known_verdict,
            ADD CONSTRAINT ck_submissions_known_verdict CHECK (verdict IN ({known})) NOT VALID
    """)


def upgrade() -> None:
    replace_constraint(AFTER)
    with outside_transaction():
        # This reads the table, and writers go on meanwhile.
        op.execute("ALTER TABLE submissions VALIDATE CONSTRAINT ck_submissions_known_verdict")


def downgrade() -> None:
    op.execute("UPDATE submissions SET verdict = 'syntax_error' WHERE verdict = 'compile_error'")
    op.execute("UPDATE rejudge_results SET verdict = 'syntax_error' WHERE verdict = 'compile_error'")
    replace_constraint(BEFORE)
    op.execute("ALTER TABLE submissions VALIDATE CONSTRAINT ck_submissions_known_verdict")
