import itertools
import uuid

import pytest

from project.tests.conftest import NOISE_USER


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json.get("message")


def replayed(answer):
    return answer.headers.get("Idempotency-Replayed") == "true"


@pytest.fixture
def key():
    return str(uuid.uuid4())


@pytest.fixture
def send(app, key, learner):
    """Send a write with the test's key: `send({"exercise_id": 7, "correct": True})`."""

    def do(body, path="/scores", method="POST", member=learner, key=key, app=app, **options):
        headers = (member.headers if member else {}) | {"Idempotency-Key": key}
        return app.test_client().open(path, method=method, json=body, headers=headers, **options)

    return do


@pytest.fixture
def written(rows):
    """Return how many scores, entries of the ledger, keys and submissions there are."""

    def count():
        noise = {"noise": NOISE_USER}
        tables = ("scores", "score_changes", "idempotency_keys", "submissions")
        return tuple(rows(f"SELECT FROM {table} WHERE user_id <> :noise", **noise) for table in tables)

    return lambda: tuple(map(len, count()))


@pytest.fixture
def numbers():
    return itertools.count(1)
