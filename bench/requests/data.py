"""Fills the service's database: `python -m bench.requests.data USERS`.

It is a process of its own, since the settings in its environment name the database, and are read when the service is
imported. It prints as JSON the learners whose tokens are used, with these tokens.
"""

import json
import sys
from typing import Any

import click
import flask_migrate
import sqlalchemy as sa

from project import create_app
from project.api.users.tokens import issue_token
from project.extensions import db

EXERCISES = 50
LEARNERS = 2000  # whose tokens are used; so many that none reaches their rate limit

ADD_EXERCISES = sa.text("""
    INSERT INTO exercises (exercise_body, test_code, test_code_solution)
    SELECT 'Exercise ' || number, '', '' FROM generate_series(1, :exercises) AS number
""")
ADD_USERS = sa.text("""
    INSERT INTO users (username, email, password_hash)
    SELECT 'learner' || number, 'learner' || number || '@example.org', '' FROM generate_series(1, :users) AS number
""")
# Exercise by exercise, as learners solve them: in the table, the scores of an exercise are together and those of a
# learner far apart. Learners solve different numbers of exercises, so that the leaderboard has to be sorted.
ADD_SCORES = sa.text("""
    INSERT INTO scores (user_id, exercise_id, correct, source)
    SELECT number, :exercise, (number * 7919 + :exercise * 104729) % 100 < 30 + number % 67, 'self_reported'
    FROM generate_series(1, :users) AS number
""")


def fill(users: int) -> None:
    """Create the tables by the migrations, and fill them. The triggers run as in production."""
    flask_migrate.upgrade()
    db.session.execute(ADD_EXERCISES, {"exercises": EXERCISES})
    db.session.execute(ADD_USERS, {"users": users})
    db.session.commit()
    with click.progressbar(range(1, EXERCISES + 1), label="Loading the scores", file=sys.stderr) as exercises:
        for exercise in exercises:
            db.session.execute(ADD_SCORES, {"exercise": exercise, "users": users})
            db.session.commit()


def learners(users: int) -> list[dict[str, Any]]:
    """Return the learners whose tokens are used, with evenly spaced ids."""
    step = max(1, users // LEARNERS)
    return [{"id": number, "token": issue_token(number)} for number in range(step, users + 1, step)][:LEARNERS]


if __name__ == "__main__":
    with create_app().app_context():
        fill(int(sys.argv[1]))
        json.dump(learners(int(sys.argv[1])), sys.stdout)
