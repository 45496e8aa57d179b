"""What the tests of summaries have in common."""

import pytest

from project.cli.check import check as check_command
from project.extensions import db


@pytest.fixture
def check(app):
    """Run `manage.py check`: returns its exit status and what it printed."""

    def run(*options):
        result = app.test_cli_runner().invoke(check_command, options)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


@pytest.fixture
def connect(app):
    """Open connections to the database, each its own, and close them."""
    opened = []

    def make():
        with app.app_context():
            opened.append(db.engine.connect())
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture
def add(change):
    """Add a score: `add(user_id, exercise_id, "2026-11-01 10:00+00")`; without a time it is not solved."""

    def write(user_id, exercise_id, solved_at=None, attempts=0):
        change(
            "INSERT INTO scores (user_id, exercise_id, correct, created_at, attempts) VALUES (:u, :e, :c, coalesce("
            "CAST(:t AS timestamptz), now()), :a)",
            u=user_id,
            e=exercise_id,
            c=solved_at is not None,
            t=solved_at,
            a=attempts,
        )

    return write
