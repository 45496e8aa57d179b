"""Large inputs of cases are stored once, by their digests."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# A case refers to its input by the digest. Versions of exercises are kept as they were, and so are the inputs.
UP = """
CREATE TABLE case_inputs (
    digest text NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT pk_case_inputs PRIMARY KEY (digest),
    CONSTRAINT ck_case_inputs_digest_of_content CHECK (digest = encode(sha256(content), 'hex'))
);
ALTER TABLE case_inputs ALTER content SET STORAGE EXTERNAL;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_inputs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();
"""
DOWN = "DROP TABLE case_inputs;"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
