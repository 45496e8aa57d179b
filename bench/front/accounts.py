"""Adds learners and an admin to the server's database, and prints their tokens as JSON.

Run it in the server's environment.
"""

import json
import sys

import sqlalchemy as sa

from project import create_app, db
from project.api.users.tokens import issue_token

ADD_LEARNERS = sa.text("""
    INSERT INTO users (username, email, password_hash)
    SELECT 'crowd' || n, 'crowd' || n || '@example.org', 'no password' FROM generate_series(1, :count) AS n
    RETURNING id
""")
ADD_ADMIN = sa.text("""
    INSERT INTO users (username, email, password_hash, role)
    VALUES ('bench', 'bench@example.org', 'no password', 'admin')
    RETURNING id
""")


def main(count: int) -> None:
    """Add accounts that cannot log in."""
    with create_app().app_context():
        learners = db.session.scalars(ADD_LEARNERS, {"count": count}).all()
        admin = db.session.scalars(ADD_ADMIN).one()
        db.session.commit()
        tokens = {"learners": [issue_token(number) for number in learners], "admin": issue_token(admin)}
    sys.stdout.write(json.dumps(tokens))


if __name__ == "__main__":
    main(int(sys.argv[1]))
