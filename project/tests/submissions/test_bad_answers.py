"""Requests that are refused with the name of the field, and store nothing. General cases are in test_bad_input."""

import json

import pytest

from project.sandbox.limits import MAX_ANSWER_BYTES
from project.tests.submissions.conftest import GOOD

PATHS = ["/submissions", "/evaluations"]
each_path = pytest.mark.parametrize("path", PATHS)


@pytest.fixture
def refused(client, learner, rows):
    """Send a body that is refused, and return its errors."""

    def send(path, **body):
        text = json.dumps({"answer": GOOD} | body)
        answer = client.post(path, data=text, content_type="application/json", headers=learner.headers)
        assert (answer.status_code, answer.json["status"]) == (400, "fail"), answer.text
        assert rows("SELECT id FROM submissions WHERE user_id = :id", id=learner.id) == []
        return list(answer.json["errors"])

    return send


@each_path
@pytest.mark.parametrize(
    "answer",
    ["x" * (MAX_ANSWER_BYTES + 1), "é" * (MAX_ANSWER_BYTES // 2) + "x", "a\0b", "\ud800", 5, None, ["x"]],
    ids=["bytes", "bytes in UTF-8", "NUL", "surrogate", "number", "null", "list"],
)
def test_an_answer_that_is_too_long_or_no_text_is_refused(refused, exercise_id, path, answer):
    assert refused(path, exercise_id=exercise_id, answer=answer) == ["answer"]


@each_path
@pytest.mark.parametrize("answer", ["#" * MAX_ANSWER_BYTES, "#" + "é" * (MAX_ANSWER_BYTES // 2 - 1), ""])
def test_an_answer_of_the_maximum_length_is_accepted(client, exercise_id, learner, path, answer):
    reply = client.post(f"{path}?wait=30", json={"exercise_id": exercise_id, "answer": answer}, headers=learner.headers)
    assert reply.json["data"]["verdict"] == "runtime_error"


@each_path
def test_an_exercise_that_is_unknown_or_deleted_is_refused(refused, change, exercise_id, path):
    assert refused(path, exercise_id=10**15) == ["exercise_id"]
    change("UPDATE exercises SET deleted_at = now() WHERE id = :id", id=exercise_id)
    assert refused(path, exercise_id=exercise_id) == ["exercise_id"]


@each_path
@pytest.mark.parametrize("language", ["javascript", "cobol", ""])
def test_another_language_than_the_exercises_is_refused(refused, exercise_id, path, language):
    assert refused(path, exercise_id=exercise_id, language=language) == ["language"]


@each_path
@pytest.mark.parametrize("wait", ["-1", "31", "1.5", "x", ""])
def test_a_wait_that_is_no_number_of_seconds_is_refused(refused, exercise_id, path, wait):
    assert refused(f"{path}?wait={wait}", exercise_id=exercise_id) == ["wait"]


@each_path
def test_handing_in_needs_a_token(client, exercise_id, path):
    assert client.post(path, json={"exercise_id": exercise_id, "answer": GOOD}).status_code == 403


@pytest.fixture
def no_sandbox(make_app):
    """A client of an application that wants more isolation than any host has."""
    return make_app(SANDBOX_MIN_LEVEL=4).test_client()


@each_path
def test_without_isolation_nothing_is_graded(no_sandbox, learner, exercise_id, rows, path):
    client = no_sandbox
    answer = client.post(path, json={"exercise_id": exercise_id, "answer": GOOD}, headers=learner.headers)
    assert (answer.status_code, answer.json["status"], list(answer.json["errors"])) == (503, "error", ["sandbox"])
    assert int(answer.headers["Retry-After"]) > 0
    assert rows("SELECT id FROM submissions WHERE user_id = :id", id=learner.id) == []


def test_ready_names_the_sandbox_where_isolation_is_missing(no_sandbox):
    answer = no_sandbox.get("/ready")
    assert (answer.status_code, set(answer.json["errors"])) == (503, {"sandbox"})
