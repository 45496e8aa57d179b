"""Exercises whose tests were wrong, and rejudges of what was handed in for them."""

import pytest
import sqlalchemy as sa

from project import db
from project.api.rejudges import tasks
from project.tests.submissions.conftest import (
    WRONG,
    exercise_id,
    grade,
    hand_in,
    idle,
    ledger_of,
    make_exercise,
    record,
    score_of,
)

__all__ = ["exercise_id", "grade", "hand_in", "idle", "ledger_of", "make_exercise", "record", "score_of"]

BY_TESTS = {"correct": False, "points": 0, "max_points": 1}
RIGHT = {"correct": True, "points": 1, "max_points": 1}


@pytest.fixture
def call(client, admin):
    """Call the API as an admin, and return the answer's data: `call("POST", "/rejudges/1/apply")`."""

    def send(method, path, status=200):
        answer = client.open(path, method=method, headers=admin.headers)
        assert answer.status_code == status, answer.text
        return answer.json["data"]

    return send


@pytest.fixture
def work(app):
    """Do all that a worker would do for the rejudges that are queued."""

    def run():
        with app.app_context():
            take = sa.text("DELETE FROM procrastinate_jobs WHERE task_name = 'eval:rejudge' RETURNING args")
            while jobs := db.session.scalars(take).all():
                db.session.commit()
                for arguments in jobs:
                    tasks.rejudge(**arguments)

    return run


@pytest.fixture
def rejudge(call, work):
    """Rejudge an exercise until it is ready, and return the rejudge."""

    def do(exercise_id):
        queued = call("POST", f"/exercises/{exercise_id}/rejudge", 202)
        work()
        return call("GET", f"/rejudges/{queued['id']}")

    return do


def result(shown):
    """Return what a change says of a score, without the submission that decides."""
    return {key: shown[key] for key in RIGHT}


@pytest.fixture
def changes(call):
    """Return what a rejudge would change, by user: (before, after)."""

    def read(rejudge):
        found = call("GET", f"/rejudges/{rejudge['id']}/changes")["changes"]
        return {change["user_id"]: (result(change["before"]), result(change["after"])) for change in found}

    return read


@pytest.fixture
def mend(change):
    """Correct the tests of an exercise, so that what was called wrong is right: subtraction is wanted."""

    def do(exercise_id):
        change("UPDATE exercises SET test_code_solution = '-1' WHERE id = :id", id=exercise_id)

    return do


@pytest.fixture
def wrongly_judged(hand_in, record):
    """Hand in an answer that is right once the tests are mended, but was called wrong; return its id."""

    def do(user_id, exercise_id, result, answer=WRONG):
        handed = hand_in(user_id, exercise_id, answer=answer)
        record(handed.claimed, result)
        return handed.id

    return do
