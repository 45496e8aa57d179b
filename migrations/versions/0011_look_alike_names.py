"""User names that look alike are one name."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# No account is renamed, and none refused: of names that were different so far and are one now, the oldest account's is
# the one that is kept from new accounts, and the others are left out of the index. Servers that still run the code
# before this go on working: the new column has a default, and the index has the name that they know.
UP = """
ALTER TABLE users ADD shares_name boolean DEFAULT false NOT NULL;
DROP INDEX uq_users_username;
UPDATE users SET shares_name = true
FROM (
    SELECT id, row_number() OVER (
        PARTITION BY "left"(normalize(lower(normalize(username, NFKC)), NFKC), 128) ORDER BY created_at, id
    ) AS number FROM users
) AS alike
WHERE alike.id = users.id AND alike.number > 1;
CREATE UNIQUE INDEX uq_users_username ON users ("left"(normalize(lower(normalize(username, NFKC)), NFKC), 128))
WHERE NOT shares_name;
"""
DOWN = """
DROP INDEX uq_users_username;
CREATE UNIQUE INDEX uq_users_username ON users (lower(username));
ALTER TABLE users DROP shares_name;
"""


def upgrade() -> None:
    op.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")  # no name comes between the count and the index
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
