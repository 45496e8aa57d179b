"""Submissions with an Idempotency-Key: handed in once, and a repeat tells how far it is."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.tests.conftest import NOISE_USER
from project.tests.submissions.conftest import GOOD, WRONG

KEY = {"Idempotency-Key": "a key"}
CALLERS = 6


@pytest.fixture
def send(app, learner, exercise_id):
    def do(path="/submissions", member=learner, answer=GOOD, key=KEY, app=app):
        body = {"exercise_id": exercise_id, "answer": answer}
        return app.test_client().post(path, json=body, headers=member.headers | key)

    return do


@pytest.fixture
def handed_in(rows):
    return lambda: len(rows("SELECT id FROM submissions WHERE user_id <> :noise", noise=NOISE_USER))


def replayed(answer):
    return "Idempotency-Replayed" in answer.headers


def test_a_repeat_gets_the_graded_submission_and_hands_in_nothing(client, learner, send, handed_in, rows):
    first, again = send(), send()
    assert (first.status_code, replayed(first)) == (201, False)
    assert (again.status_code, replayed(again)) == (201, True)
    assert again.json["data"] == first.json["data"]
    assert again.headers["Location"] == first.headers["Location"]
    assert client.get(again.headers["Location"], headers=learner.headers).json["data"] == first.json["data"]
    assert handed_in() == 1
    assert len(rows("SELECT FROM score_changes WHERE submission_id IS NOT NULL")) == 1


def test_a_repeat_during_grading_is_pending(send, handed_in, change):
    first = send()
    pending = "state = 'queued', verdict = NULL, cases = NULL, leased_until = NULL"
    change(f"UPDATE submissions SET {pending} WHERE id = :id", id=first.json["data"]["id"])
    again = send()
    assert (again.status_code, again.json["data"]["state"], replayed(again)) == (202, "queued", True)
    assert again.json["message"] == "Submission is being graded."
    assert handed_in() == 1


def test_another_answer_with_the_key_is_refused(send, handed_in):
    send()
    assert send(answer=WRONG).status_code == 422
    assert handed_in() == 1


def test_the_same_key_of_another_learner_is_another_one(send, other, handed_in):
    assert {send().json["data"]["user_id"], send(member=other).json["data"]["user_id"]} > {other.id}
    assert handed_in() == 2


@pytest.mark.parametrize("who", ["learner", "admin"])  # admins may have several graded at once
def test_of_many_at_once_one_is_handed_in(request, send, handed_in, who):
    member = request.getfixturevalue(who)
    barrier = threading.Barrier(CALLERS)

    def submit(_):
        barrier.wait()
        return send(member=member)

    with ThreadPoolExecutor(CALLERS) as threads:
        answers = list(threads.map(submit, range(CALLERS)))
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert len({answer.json["data"]["id"] for answer in answers}) == 1
    assert Counter(map(replayed, answers)) == {False: 1, True: CALLERS - 1}
    assert handed_in() == 1


def test_a_withdrawn_submission_is_handed_in_again(send, change, handed_in):
    first = send().json["data"]["id"]
    change("DELETE FROM submissions WHERE id = :id", id=first)
    again = send()
    assert (again.status_code, replayed(again)) == (201, False)
    assert again.json["data"]["id"] != first
    assert replayed(send())
    assert handed_in() == 1


def test_a_refused_request_leaves_the_key_free(send, hand_in, learner, exercise_id, change, rows):
    waiting = hand_in(learner.id, exercise_id, queued=True, allowed=1)
    assert send().status_code == 429
    assert rows("SELECT FROM idempotency_keys") == []
    change("DELETE FROM submissions WHERE id = :id", id=waiting.id)
    assert send().status_code == 201


def test_an_evaluation_is_judged_once(send, handed_in):
    first, again = send("/evaluations"), send("/evaluations")
    assert (first.status_code, replayed(first)) == (200, False)
    assert (again.status_code, again.data, replayed(again)) == (200, first.data, True)
    assert send("/evaluations", answer=WRONG).status_code == 422
    assert handed_in() == 0
