"""Sending many scores, and reading what became of them."""

import json

import pytest

NDJSON, CSV = "application/x-ndjson", "text/csv"


def ndjson(*scores):
    """Return lines of NDJSON for (user, exercise, correct)."""
    names = ("user_id", "exercise_id", "correct")
    return "".join(json.dumps(dict(zip(names, score, strict=True))) + "\n" for score in scores).encode()


@pytest.fixture
def load(client, grader):
    """Send a body: `load(body, "text/csv", atomic="true")` returns status and JSON."""

    def send(body, content_type=NDJSON, member=grader, headers=(), **query):
        headers = member.headers | {"Content-Type": content_type} | dict(headers)
        answer = client.post("/scores/bulk", data=body, headers=headers, query_string=query)
        return answer.status_code, answer.json

    return send


@pytest.fixture
def written(rows):
    """Return the scores of users from 1,000 to 9,999 as (user, exercise, correct)."""
    statement = """SELECT user_id, exercise_id, correct FROM scores
        WHERE user_id BETWEEN 1000 AND 9999 ORDER BY user_id, exercise_id"""
    return lambda: [tuple(row.values()) for row in rows(statement)]


@pytest.fixture
def ledger(rows):
    """Return how many entries the ledger has for those users."""
    statement = "SELECT count(*) AS n FROM score_changes WHERE user_id BETWEEN 1000 AND 9999"
    return lambda: rows(statement)[0]["n"]
