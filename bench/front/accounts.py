"""Adds learners to the server's database, and prints a token of each as JSON. Run it in the server's environment."""

import json
import sys

import sqlalchemy as sa

from project import create_app, db
from project.api.users.tokens import issue_token

ADD = sa.text("""
    INSERT INTO users (username, email, password_hash)
    SELECT 'crowd' || n, 'crowd' || n || '@example.org', 'no password' FROM generate_series(1, :count) AS n
    RETURNING id
""")


def main(count: int) -> None:
    """Add learners who cannot log in."""
    with create_app().app_context():
        ids = db.session.scalars(ADD, {"count": count}).all()
        db.session.commit()
        sys.stdout.write(json.dumps([issue_token(number) for number in ids]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
