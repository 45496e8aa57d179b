"""POST /submissions has the same response on the hot path and from Flask."""

import re
import threading
from types import SimpleNamespace

import pytest

from project.front import request_threads, submitting
from project.grading.local_judge import judge_of
from project.tests.servers import DEADLINE_SECONDS
from project.tests.submissions.conftest import GOOD, WRONG

VOLATILE = re.compile(
    rb'"(request_id|created_at|started_at|finished_at)":"[^"]*"|"(id|cpu_ms|wall_ms|memory_bytes)":[0-9.]+'
)
SLOW = f"import time\ntime.sleep(2)\n{GOOD}"
HIDDEN = """
    INSERT INTO exercises (exercise_body, test_code, test_code_solution, grading, cases)
    VALUES ('b', 't', 's', 'server',
        '[{"name": "sum", "kind": "call", "function": "add", "arguments": [2, 3], "expected": 5, "hidden": true}]')
"""
SHOWN = """
    INSERT INTO exercises (exercise_body, test_code, test_code_solution, grading)
    VALUES ('b', 'print(add(2, 3))', '5', 'server')
"""

SEVERAL = """
    INSERT INTO exercises (exercise_body, grading, cases, languages)
    VALUES ('b', 'server', '[{"name": "sum", "kind": "call", "function": "add", "arguments": [2, 3], "expected": 5}]',
        '{"javascript": {"starter": null, "cpu_factor": 2, "memory_factor": 1}}')
"""


@pytest.fixture(autouse=True)
def idle(finished_grading):
    """Wait until all grading has finished."""


@pytest.fixture
def add_exercise(change, rows):
    def add(statement):
        change(statement)
        return rows("SELECT max(id) AS id FROM exercises")[0]["id"]

    return add


@pytest.fixture
def submit(make_path):
    """Submit an answer; return the response, and whether it came from Flask."""

    def send(user, exercise_id, answer=GOOD, query="?wait=30", fields=None, **settings):
        body = {"exercise_id": exercise_id, "answer": answer} | (fields or {})
        headers = user.headers if user else {}
        path = make_path(**settings)
        return path.send(f"/submissions{query}", method="POST", json=body, headers=headers)

    return send


def compare(submit, change, *arguments, **options):
    """Submit with and without the hot path; return the first response, and whether it came from Flask."""
    hot, by_flask = submit(*arguments, **options)
    change("DELETE FROM rate_limits")
    plain, _ = submit(*arguments, **options, HOT_PATH=False)
    assert hot.status == plain.status
    kept = [
        {k: v for k, v in response.headers if k not in {"X-Request-ID", "Content-Length", "Location"}}
        for response in (hot, plain)
    ]
    assert kept[0] == kept[1]
    assert VOLATILE.sub(b"", hot.data) == VOLATILE.sub(b"", plain.data)
    return hot, by_flask


@pytest.mark.parametrize("role", ["learner", "grader", "admin"])
@pytest.mark.parametrize("answer", [GOOD, WRONG])
@pytest.mark.parametrize("statement", [SHOWN, HIDDEN], ids=["shown", "hidden"])
def test_the_response_to_a_graded_answer(request, submit, change, add_exercise, rows, role, answer, statement):
    user = request.getfixturevalue(role)
    exercise_id = add_exercise(statement)
    response, by_flask = compare(submit, change, user, exercise_id, answer)
    assert (response.status_code, by_flask) == (201, False)
    assert response.headers["Location"] == f"/submissions/{response.json['data']['id']}"
    assert [row["run"] for row in rows("SELECT run FROM submissions WHERE exercise_id = :id", id=exercise_id)] == [1, 1]
    (score,) = rows("SELECT correct, attempts FROM scores WHERE user_id = :id", id=user.id)
    assert (score["correct"], score["attempts"]) == (answer == GOOD, 2)


@pytest.mark.parametrize(
    ("fields", "answer", "status"),
    [
        ({}, GOOD, 201),
        ({"language": "javascript"}, "function add(a, b) { return a + b; }", 201),
        ({"language": "c"}, GOOD, 400),
    ],
)
def test_the_response_to_an_answer_in_a_chosen_language(submit, change, add_exercise, learner, fields, answer, status):
    response, by_flask = compare(submit, change, learner, add_exercise(SEVERAL), answer, fields=fields)
    assert (response.status_code, by_flask) == (status, status == 400)
    if status == 201:
        assert response.json["data"]["verdict"] == "accepted"
        assert response.json["data"]["language"] == fields.get("language", "python")


def test_the_response_before_the_verdict(submit, add_exercise, admin, rows):
    exercise_id = add_exercise(SHOWN)
    response, by_flask = submit(admin, exercise_id, SLOW, "?wait=1")
    assert (response.status_code, response.json["data"]["state"], by_flask) == (202, "running", False)
    assert response.json["message"] == "Submission is being graded."
    assert response.headers["Location"] == f"/submissions/{response.json['data']['id']}"


@pytest.mark.usefixtures("all_slots")
def test_without_a_free_slot_an_answer_is_queued(submit, add_exercise, learner):
    exercise_id = add_exercise(SHOWN)
    response, by_flask = submit(learner, exercise_id, query="?wait=1")
    assert (response.status_code, response.json["data"]["state"], by_flask) == (202, "queued", True)


def test_a_slot_is_released_when_too_many_requests_wait_for_threads(make_own_path, add_exercise, learner, monkeypatch):
    monkeypatch.setattr(request_threads, "MAX_QUEUED", -1)
    path = make_own_path(WEB_THREADS=1, GRADING_SLOTS=1)
    body = {"exercise_id": add_exercise(SHOWN), "answer": GOOD}
    response, by_flask = path.send("/submissions?wait=30", method="POST", json=body, headers=learner.headers)
    assert (response.status_code, by_flask) == (503, False)
    with judge_of(path.client.application).claim_slot() as slot:
        assert slot.is_held


@pytest.fixture
def held_hand_in(monkeypatch):
    """Hold a thread that records a submission until the returned event is set. Then it fails."""
    started, allowed = threading.Event(), threading.Event()

    def hand_in(*_, **__):
        started.set()
        allowed.wait(DEADLINE_SECONDS)
        raise RuntimeError

    monkeypatch.setattr(submitting, "hand_in", hand_in)
    return SimpleNamespace(started=started, allowed=allowed)


def test_a_cancelled_request_keeps_its_slot_until_its_thread_has_failed(make_path, held_hand_in, add_exercise, learner):
    client = make_path(WEB_THREADS=1, GRADING_SLOTS=1).client
    judge = judge_of(client.application)
    body = {"exercise_id": add_exercise(SHOWN), "answer": GOOD}
    request = client.start("/submissions?wait=30", method="POST", json=body, headers=learner.headers)
    assert held_hand_in.started.wait(DEADLINE_SECONDS)
    request.cancel()
    assert judge.claim_slot(0.05) is None
    held_hand_in.allowed.set()
    with judge.claim_slot(DEADLINE_SECONDS) as slot:
        assert slot.is_held


REJECTED = {
    "no token": lambda p, e: (None, e, {}),
    "no such exercise": lambda p, e: (p, 987_654, {}),
    "an exercise in another language": lambda p, e: (p, e, {"fields": {"language": "javascript"}}),
    "an exercise that was deleted": lambda p, e: (p, e + 1, {}),
    "a wrong type": lambda p, e: (p, str(e), {}),
    "a bad query": lambda p, e: (p, e, {"query": "?wait=31"}),
    "no answer": lambda p, e: (p, e, {"fields": {"answer": None}}),
    "the token of a deactivated user": lambda p, e: (p, e, {}),
}


@pytest.mark.parametrize("name", REJECTED)
def test_the_response_to_a_rejected_submission(submit, change, add_exercise, learner, rows, name):
    exercise_id = add_exercise(SHOWN)
    add_exercise(SHOWN)
    change("UPDATE exercises SET deleted_at = now() WHERE id > :id", id=exercise_id)
    if name == "the token of a deactivated user":
        change("UPDATE users SET active = false WHERE id = :id", id=learner.id)
    user, wanted, options = REJECTED[name](learner, exercise_id)
    limits = {"RATELIMIT_ENABLED": True, "RATE_LIMIT_GRADING": "5 per hour"}
    response, _ = compare(submit, change, user, wanted, **options, **limits)
    assert response.status_code in {400, 401, 403}
    assert rows("SELECT FROM submissions WHERE user_id = :id", id=learner.id) == []


def test_submissions_on_both_paths_count_for_the_same_limit(submit, add_exercise, learner):
    exercise_id = add_exercise(SHOWN)
    limits = {"RATELIMIT_ENABLED": True, "RATE_LIMIT_GRADING": "4 per hour"}
    responses = [
        submit(learner, exercise_id, **limits, HOT_PATH=hot)[0] for hot in (True, False, True, False, True, False)
    ]
    assert [response.status_code for response in responses] == [201] * 4 + [429] * 2
    assert 3500 < int(responses[4].headers["Retry-After"]) <= 3600


def test_the_number_of_pending_submissions_of_a_learner_is_limited(submit, change, add_exercise, learner):
    exercise_id = add_exercise(SHOWN)
    change(
        "INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, slot)"
        " VALUES (:user, :exercise, 1, 'python', '', 1)",
        user=learner.id,
        exercise=exercise_id,
    )
    response, _ = submit(learner, exercise_id)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    again, _ = submit(learner, exercise_id, GRADING_RUNNING_PER_LEARNER=2)
    assert again.status_code == 201


def test_an_answer_is_judged_by_the_current_version_of_the_exercise(submit, change, add_exercise, learner):
    exercise_id = add_exercise(SHOWN)
    assert submit(learner, exercise_id)[0].json["data"]["verdict"] == "accepted"
    change("UPDATE exercises SET test_code_solution = '6' WHERE id = :id", id=exercise_id)
    data = submit(learner, exercise_id)[0].json["data"]
    assert (data["verdict"], data["exercise_version"]) == ("wrong_answer", 2)
