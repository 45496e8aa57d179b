"""Adds learners and an exercise to the server's database, and prints JSON: their tokens, and its id.

`python -m bench.grading.database` is a process of its own, since the settings in its environment name the database, and
are read when the service is imported.
"""

import json
import sys
from typing import Any

import sqlalchemy as sa

from bench.grading.answers import EXPECTED, TEST_CODE
from project import create_app
from project.api.exercises.models import Exercise
from project.api.users.tokens import issue_token
from project.extensions import db

LEARNERS = 2000  # so many that none has two submissions at the same time

ADD_LEARNERS = sa.text("""
    INSERT INTO users (username, email, password_hash)
    SELECT 'learner' || number, 'learner' || number || '@example.org', '' FROM generate_series(1, :count) AS number
    RETURNING id
""")


def prepare() -> dict[str, Any]:
    """Add learners and an exercise; return the learners' tokens and the exercise's id."""
    exercise = Exercise(exercise_body="Add two numbers.", test_code=TEST_CODE, test_code_solution=EXPECTED)
    db.session.add(exercise)
    learners = db.session.scalars(ADD_LEARNERS, {"count": LEARNERS}).all()
    db.session.commit()
    return {"exercise_id": exercise.id, "tokens": [issue_token(learner) for learner in learners]}


if __name__ == "__main__":
    with create_app().app_context():
        json.dump(prepare(), sys.stdout)
