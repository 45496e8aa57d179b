"""Why a score was changed, and the history of a learner."""

import pytest

BODY = {"exercise_id": -7, "correct": True}
REASON = "Solved at the blackboard. ✓"


@pytest.fixture
def send(client):
    """Write a score: `send("PATCH", admin, user_id=7)`."""

    def write(method, caller, address="/scores", **fields):
        return client.open(address, method=method, json=BODY | fields, headers=caller.headers)

    return write


@pytest.fixture
def history(client):
    """Read a learner's whole history, page by page."""

    def read(caller, query=""):
        found, address = [], f"/scores/history?limit=2{query}"
        while address:
            answer = client.get(address, headers=caller.headers).json
            found += answer["data"]["history"]
            address = answer["next"]
        return found

    return read


@pytest.mark.parametrize("staff", ["grader", "admin"])
def test_a_reason_is_recorded_with_its_change_only(client, request, send, learner, staff):
    caller = request.getfixturevalue(staff)
    score_id = send("POST", caller, user_id=learner.id, reason="first").json["data"]["id"]
    send("PUT", caller, f"/scores/{score_id}", user_id=learner.id, reason=REASON)
    send("PATCH", learner, correct=False)
    send("PATCH", caller, user_id=learner.id, reason="last")
    send("PATCH", caller, user_id=learner.id)
    entries = client.get(f"/scores/{score_id}/history", headers=learner.headers).json["data"]["history"]
    assert [entry["reason"] for entry in entries] == ["first", REASON, None, "last", None]


def test_the_response_to_a_write_is_the_same_with_a_reason(send, learner, admin):
    without = send("PATCH", admin, user_id=learner.id)
    answer = send("PATCH", admin, user_id=learner.id, reason=REASON)
    assert (without.status_code, answer.status_code) == (201, 200)
    assert answer.json["data"].keys() == without.json["data"].keys()


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_learner_may_not_give_a_reason(send, learner, rows, method):
    answer = send(method, learner, reason=REASON)
    assert (answer.status_code, answer.json["message"]) == (401, "You do not have permission to do that.")
    assert rows("SELECT * FROM scores WHERE user_id = :id", id=learner.id) == []


@pytest.mark.parametrize("reason", ["", "x" * 501, "two\nlines", "bell\x07", "\x9b", "\0", 5, ["x"]])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_write_with_an_invalid_reason_is_rejected(client, learner, admin, rows, method, reason):
    body = BODY | {"user_id": learner.id, "reason": reason}
    answer = client.open("/scores", method=method, json=body, headers=admin.headers)
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["reason"])
    assert rows("SELECT * FROM scores WHERE user_id = :id", id=learner.id) == []


def test_a_reason_may_have_the_documented_length(send, learner, admin):
    assert send("PATCH", admin, user_id=learner.id, reason="ü" * 500).status_code == 201


def test_a_repeated_write_with_a_reason_is_recorded_once(client, learner, admin, history):
    body = BODY | {"user_id": learner.id, "reason": REASON}
    headers = admin.headers | {"Idempotency-Key": "the same"}
    answers = [client.patch("/scores", json=body, headers=headers).status_code for _ in range(2)]
    assert answers == [201, 201]
    assert [entry["reason"] for entry in history(learner)] == [REASON]


def test_a_history_has_all_exercises_newest_first(send, history, learner, grader, other):
    for exercise, correct in ((1, False), (2, True), (1, True), (3, True), (1, False)):
        send("PATCH", grader, user_id=learner.id, exercise_id=exercise, correct=correct)
    send("PATCH", other)
    entries = history(learner)
    assert [(entry["exercise_id"], entry["correct"]) for entry in entries] == [
        *((1, False), (3, True), (1, True), (2, True), (1, False))
    ]
    assert {entry["user_id"] for entry in entries} == {learner.id}
    assert [entry["id"] for entry in entries] == sorted((entry["id"] for entry in entries), reverse=True)
    assert history(grader, f"&user_id={learner.id}") == entries
    assert [entry["correct"] for entry in history(learner, "&exercise_id=1")] == [False, True, False]


def test_a_history_keeps_what_was_deleted(send, history, change, learner):
    send("PATCH", learner, exercise_id=1)
    send("PATCH", learner, exercise_id=2)
    change("DELETE FROM scores WHERE user_id = :id AND exercise_id = 1", id=learner.id)
    send("PATCH", learner, exercise_id=1)
    assert [(entry["exercise_id"], entry["action"]) for entry in history(learner)] == [
        *((1, "created"), (1, "deleted"), (2, "created"), (1, "created"))
    ]


def test_the_history_of_a_learner_without_scores_is_empty(history, learner):
    assert history(learner) == []


def test_only_the_learner_and_staff_read_a_history(client, learner, other, admin):
    def status(caller, user_id):
        return client.get(f"/scores/history?user_id={user_id}", headers=caller.headers).status_code

    assert client.get("/scores/history").status_code == 403
    assert (status(learner, learner.id), status(learner, other.id), status(admin, other.id)) == (200, 401, 200)


@pytest.mark.parametrize("query", ["limit=0", "user_id=x", "cursor=x", "exercise_id=1.5", "user_id=1&user_id=2"])
def test_an_invalid_query_of_a_history_is_rejected(client, admin, query):
    assert client.get(f"/scores/history?{query}", headers=admin.headers).status_code == 400
