import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from project import db
from project.tests.servers import wait_for

CALLERS = 8
ADDED = (201, "success", "New score was added!")
UPDATED = (200, "success", "Score was updated!")
EXISTS = (400, "fail", "Sorry. That score already exists. Please update with a PUT request.")
CONTRACT = {"POST": {ADDED, EXISTS}, "PATCH": {ADDED, UPDATED}, "PUT": {UPDATED}}


@pytest.fixture
def all_at_once(app):
    """Send requests at the same moment, each by a client of its own; return their outcomes in the same order."""
    with ThreadPoolExecutor(CALLERS) as threads:

        def race(requests):
            barrier = threading.Barrier(len(requests))

            def send(request):
                barrier.wait()
                answer = app.test_client().open(**request)
                return answer.status_code, answer.json["status"], answer.json["message"]

            return list(threads.map(send, requests))

        yield race


def request_of(method, member, exercise_id, correct=True, address="/scores", **fields):
    body = {"exercise_id": exercise_id, "correct": correct} | fields
    return {"path": address, "method": method, "json": body, "headers": member.headers}


@pytest.fixture
def state(rows):
    """Read the scores of a user for an exercise, and the ledger's entries about them."""

    def read(user_id, exercise_id):
        values = {"user_id": user_id, "exercise_id": exercise_id}
        scores = "SELECT * FROM scores WHERE user_id = :user_id AND exercise_id = :exercise_id"
        entries = "SELECT * FROM score_changes WHERE user_id = :user_id AND exercise_id = :exercise_id ORDER BY id"
        return rows(scores, **values), rows(entries, **values)

    return read


def test_of_concurrent_posts_one_adds_the_score(all_at_once, learner, state):
    for exercise_id in range(5):
        outcomes = all_at_once([request_of("POST", learner, exercise_id, i % 2 == 0) for i in range(CALLERS)])
        assert Counter(outcomes) == {ADDED: 1, EXISTS: CALLERS - 1}
        scores, entries = state(learner.id, exercise_id)
        assert [score["correct"] for score in scores] == [outcomes.index(ADDED) % 2 == 0]
        assert [entry["action"] for entry in entries] == ["created"]


def test_of_concurrent_patches_one_adds_the_score_and_the_others_update_it(all_at_once, learner, state):
    for exercise_id in range(5):
        outcomes = all_at_once([request_of("PATCH", learner, exercise_id) for _ in range(CALLERS)])
        assert Counter(outcomes) == {ADDED: 1, UPDATED: CALLERS - 1}
        scores, entries = state(learner.id, exercise_id)
        assert len(scores) == 1
        assert Counter(entry["action"] for entry in entries) == {"created": 1, "changed": CALLERS - 1}


def test_concurrent_writes_leave_one_row_and_one_entry_per_success(all_at_once, client, learner, grader, state, rng):
    for exercise_id in range(25):
        methods = ["POST", "PATCH"]
        address = "/scores"
        before = []
        if rng.random() < 0.4:
            first = client.open(**request_of("POST", learner, exercise_id))
            address = f"/scores/{first.json['data']['id']}"
            methods.append("PUT")
            before.append((learner.id, "created"))
        calls = []
        for method in rng.choices(methods, k=CALLERS):
            member = rng.choice([learner, grader])
            target = address if method == "PUT" else "/scores"
            correct = rng.random() < 0.5
            calls.append((member, request_of(method, member, exercise_id, correct, target, user_id=learner.id)))
        outcomes = all_at_once([request for _, request in calls])

        assert all(
            outcome in CONTRACT[request["method"]] for outcome, (_, request) in zip(outcomes, calls, strict=True)
        )
        assert outcomes.count(ADDED) == (0 if before else 1)
        scores, entries = state(learner.id, exercise_id)
        assert len(scores) == 1
        written = {ADDED: "created", UPDATED: "changed"}
        expected = before + [
            (member.id, written[outcome])
            for outcome, (member, _) in zip(outcomes, calls, strict=True)
            if outcome in written
        ]
        assert Counter((entry["recorded_by"], entry["action"]) for entry in entries) == Counter(expected)
        current = next(entry for entry in entries if entry["id"] == scores[0]["change_id"])
        same = ("correct", "source", "recorded_by")
        assert [current[name] for name in same] == [scores[0][name] for name in same]


def test_concurrent_writes_of_different_scores_do_not_affect_each_other(all_at_once, learner, other, state, rng):
    for exercise_id in range(5):
        requests = [
            request_of("PATCH", member, number, member is learner)
            for member in (learner, other)
            for number in (exercise_id, exercise_id + 100)
            for _ in range(2)
        ]
        rng.shuffle(requests)
        assert Counter(all_at_once(requests)) == {ADDED: 4, UPDATED: 4}
        for member in (learner, other):
            scores, entries = state(member.id, exercise_id)
            assert [score["correct"] for score in scores] == [member is learner]
            assert {entry["recorded_by"] for entry in entries} == {member.id}


WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def a_statement_waits():
    """Return whether a statement waits for a lock; a transaction would see the same activity again and again."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return connection.scalar(WAITING) > 0


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_the_last_entry_of_a_history_is_the_present_score(app, client, learner, method):
    score = client.open(**request_of("POST", learner, 7)).json["data"]
    address = f"/scores/{score['id']}"
    change = sa.text("UPDATE scores SET correct = false WHERE id = :id")
    with app.app_context(), ThreadPoolExecutor(1) as thread, db.engine.connect() as holder:
        holder.execute(change, {"id": score["id"]})
        # It finds the row locked, and so follows the change that is made here.
        second = thread.submit(lambda: app.test_client().open(**request_of(method, learner, 7, address=address)))
        wait_for(a_statement_waits, "the second change to wait for the lock")
        holder.execute(change, {"id": score["id"]})
        holder.commit()
        assert second.result().json["message"] == "Score was updated!"
    history = client.get(f"{address}/history", headers=learner.headers).json["data"]["history"]
    assert [entry["correct"] for entry in history] == [True, False, False, True]
    assert client.get(address).json["data"]["correct"] is True
