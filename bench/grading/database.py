"""Fills the server's database before the benchmark, and counts rows afterwards.

`python -m bench.grading.database prepare|count` is a process of its own, since the settings in its environment name the
database, and are read when the service is imported. It prints JSON.
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
COUNT = sa.text("""
    SELECT
        (SELECT count(*) FROM submissions WHERE state = 'done' AND verdict = 'accepted') AS accepted,
        (SELECT count(*) FROM submissions WHERE state = 'done' AND verdict = 'wrong_answer') AS wrong_answer,
        (SELECT count(*) FROM submissions) AS submissions,
        (SELECT coalesce(sum(attempts), 0) FROM scores) AS attempts,
        (SELECT count(*) FROM score_changes WHERE source = 'graded') AS changes,
        (
            SELECT count(*) FROM scores AS s WHERE correct IS DISTINCT FROM EXISTS (
                SELECT 1 FROM submissions WHERE user_id = s.user_id AND verdict = 'accepted'
            )
        ) AS wrong_scores,
        current_setting('server_version') AS postgresql
""")


def prepare() -> dict[str, Any]:
    """Add learners and an exercise; return the learners' tokens and the exercise's id."""
    exercise = Exercise(exercise_body="Add two numbers.", test_code=TEST_CODE, test_code_solution=EXPECTED)
    db.session.add(exercise)
    learners = db.session.scalars(ADD_LEARNERS, {"count": LEARNERS}).all()
    db.session.commit()
    return {"exercise_id": exercise.id, "tokens": [issue_token(learner) for learner in learners]}


def count() -> dict[str, Any]:
    """Return the numbers of recorded rows."""
    return dict(db.session.execute(COUNT).mappings().one())


if __name__ == "__main__":
    with create_app().app_context():
        json.dump({"prepare": prepare, "count": count}[sys.argv[1]](), sys.stdout, default=int)
