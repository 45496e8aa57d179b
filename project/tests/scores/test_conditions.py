"""If-Match: a write does not overwrite a change that its caller has not read."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

CHANGED = (412, "fail", "The resource has changed. Reload it and try again.")
UPDATED = (200, "success", "Score was updated!")
WRITERS = 8


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json.get("message")


@pytest.fixture
def score(client, learner):
    return client.post("/scores", json={"exercise_id": 7, "correct": False}, headers=learner.headers).json["data"]


@pytest.fixture
def put(app, learner, score):
    """Change the score: `put('"5"')` with a condition, `put(None)` without."""

    def send(if_match, member=learner, address=f"/scores/{score['id']}", **fields):
        headers = member.headers | ({"If-Match": if_match} if if_match is not None else {})
        body = {"exercise_id": 7, "correct": True} | fields
        return app.test_client().put(address, json=body, headers=headers)

    return send


@pytest.fixture
def tag(client, score):
    return lambda: client.get(f"/scores/{score['id']}").headers["ETag"]


def test_the_second_of_two_writes_with_the_same_tag_is_rejected(put, tag, rows):
    seen = tag()
    first = put(seen)
    assert outcome(first) == UPDATED
    assert first.headers["ETag"] == tag() != seen
    ledger = rows("SELECT id FROM score_changes")
    assert outcome(put(seen, correct=False)) == CHANGED
    assert rows("SELECT id FROM score_changes") == ledger
    assert outcome(put(first.headers["ETag"])) == UPDATED


def test_if_match_accepts_any_of_several_tags_but_no_weak_one(put, tag):
    assert outcome(put(f'"0", {tag()}, "x"')) == UPDATED
    assert outcome(put("*")) == UPDATED
    for if_match in (f"W/{tag()}", f'W/{tag()}, "1"', '"0"', "", "nonsense", '"' + "9" * 30 + '"'):
        assert outcome(put(if_match)) == CHANGED
    assert outcome(put(None)) == UPDATED


def test_a_condition_does_not_change_other_error_responses(put, tag, other, graded_exercise, client, learner):
    missing = (400, "fail", "Sorry. That score does not exist.")
    assert outcome(put(tag(), member=other)) == missing
    assert outcome(put(tag(), exercise_id=8)) == missing
    assert outcome(put("*", address="/scores/0")) == missing
    assert outcome(put(tag(), correct="yes"))[:2] == (400, "fail")


def test_a_caller_without_permission_gets_the_same_response_with_any_condition(make_app, learner, score, tag):
    client = make_app(SELF_REPORTED_SCORES="none").test_client()
    for if_match in (tag(), '"0"'):
        headers = learner.headers | {"If-Match": if_match}
        body = {"exercise_id": 7, "correct": True}
        answer = client.put(f"/scores/{score['id']}", json=body, headers=headers)
        assert outcome(answer) == (401, "error", "You do not have permission to do that.")


def test_of_concurrent_writes_with_the_same_tag_one_succeeds(put, tag, rows, score):
    with ThreadPoolExecutor(WRITERS) as threads:
        for _ in range(5):
            seen, before = tag(), len(rows("SELECT id FROM score_changes"))
            barrier = threading.Barrier(WRITERS)

            def write(number, seen=seen, barrier=barrier):
                barrier.wait()
                return outcome(put(seen, correct=number % 2 == 0))

            outcomes = Counter(threads.map(write, range(WRITERS)))
            assert outcomes == {UPDATED: 1, CHANGED: WRITERS - 1}
            assert len(rows("SELECT id FROM score_changes")) == before + 1


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/scores"), ("PATCH", "/scores"), ("PATCH", "/scores/1")])
def test_a_write_that_supports_no_condition_rejects_it(client, learner, rows, name, method, path):
    before = rows("SELECT id FROM scores")
    body = {"exercise_id": 7, "correct": True}
    answer = client.open(path, method=method, json=body, headers=learner.headers | {name: "*"})
    assert outcome(answer) == (400, "fail", "Invalid payload.")
    assert list(answer.json["errors"]) == [name]
    assert rows("SELECT id FROM scores") == before


def test_a_read_respects_if_match(client, score, tag):
    address = f"/scores/{score['id']}"
    assert client.get(address, headers={"If-Match": tag()}).status_code == 200
    assert client.get(address, headers={"If-Match": "*"}).status_code == 200
    refused = client.get(address, headers={"If-Match": '"0"'})
    assert outcome(refused) == CHANGED
    assert refused.headers["Cache-Control"] == "no-store"
