"""Evaluations by way of the front: each waits for a slot without a thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from structlog.contextvars import get_contextvars

from project import db
from project.api.submissions import grading
from project.front import evaluations
from project.front.request_threads import RequestThreads
from project.front.waits import Waits
from project.grading.local_judge import judge_of
from project.tests.servers import DEADLINE_SECONDS, wait_for
from project.tests.submissions.conftest import GOOD, WRONG
from project.web.idempotency.keys import Key

KEY = {"Idempotency-Key": "a key"}
WAITING_FOR_LOCK = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'idempotency_keys'::regclass"


@pytest.fixture
def client(make_app, make_front):
    """Give a client of a front with one thread and one slot."""
    return make_front(make_app(WEB_THREADS=1, GRADING_SLOTS=1))


@pytest.fixture
def evaluate(client, exercise_id):
    def send(member, answer=GOOD, wait=30, headers=(), **fields):
        body = {"exercise_id": exercise_id, "answer": answer} | fields
        return client.post(f"/evaluations?wait={wait}", json=body, headers=member.headers | dict(headers))

    return send


@pytest.fixture
def queue_length(client, monkeypatch):
    """Count the requests that wait for a slot."""
    judge, waiting = judge_of(client.application), []
    claim_slot_async = judge.claim_slot_async

    async def counted(seconds):
        waiting.append(1)
        try:
            return await claim_slot_async(seconds)
        finally:
            waiting.pop()

    monkeypatch.setattr(judge, "claim_slot_async", counted)
    return lambda: len(waiting)


@pytest.fixture
def slot(client):
    """Hold the only slot."""
    with judge_of(client.application).wait_for_slot() as slot:
        yield slot


@pytest.mark.parametrize("headers", [{}, KEY])
def test_the_response_is_that_of_flask(app, evaluate, exercise_id, learner, headers):
    front = evaluate(learner, headers=headers)
    body = {"exercise_id": exercise_id, "answer": GOOD}
    flask = app.test_client().post("/evaluations", json=body, headers=learner.headers)
    assert front.status_code == flask.status_code == 200
    assert list(front.json) == list(flask.json)
    assert front.json["message"] == flask.json["message"]
    assert front.json["data"].keys() == flask.json["data"].keys()
    assert front.json["data"]["verdict"] == flask.json["data"]["verdict"] == "accepted"
    assert sorted(front.headers.keys()) == sorted(flask.headers.keys())
    assert front.headers["X-Request-ID"] == front.json["request_id"]


def test_a_request_that_waits_for_a_slot_holds_no_thread(client, evaluate, slot, queue_length, learner):
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(evaluate, learner)
        wait_for(queue_length, "it to wait for a slot")
        assert client.get("/exercises").status_code == 200
        assert not waiting.done()
        slot.release()
        response = waiting.result(DEADLINE_SECONDS)
    assert (response.status_code, response.json["data"]["verdict"]) == (200, "accepted")


def test_without_a_slot_in_time_it_is_refused_and_can_be_sent_again(evaluate, slot, queue_length, learner):
    for _ in range(2):
        refused = evaluate(learner, wait=0)
        assert (refused.status_code, refused.json["status"]) == (503, "error")
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.headers["X-Request-ID"] == refused.json["request_id"]
    assert queue_length() == 0
    slot.release()
    assert evaluate(learner).status_code == 200


def test_few_wait_for_a_slot(evaluate, slot, queue_length, grader, monkeypatch, capfd):
    with ThreadPoolExecutor(evaluations.WAITING_PER_SLOT) as threads:
        waiting = [threads.submit(evaluate, grader) for _ in range(evaluations.WAITING_PER_SLOT)]
        wait_for(lambda: queue_length() == len(waiting), "them to wait for a slot")
        capfd.readouterr()
        assert evaluate(grader).status_code == 503
        assert f"user_id={grader.id}" in capfd.readouterr().err  # the log names the caller
        slot.release()
        assert {one.result(DEADLINE_SECONDS).status_code for one in waiting} == {200}


def test_a_slot_that_comes_when_its_request_was_cancelled_is_released(client, slot, queue_length):
    claiming = evaluations.Evaluations(client.application, RequestThreads(1), Waits()).claim_slot(DEADLINE_SECONDS)
    waiting = asyncio.run_coroutine_threadsafe(claiming, client.loop)
    wait_for(queue_length, "it to wait for a slot")
    waiting.cancel()
    wait_for(lambda: queue_length() == 0, "it to stop waiting")
    slot.release()
    with judge_of(client.application).claim_slot(DEADLINE_SECONDS) as claimed:
        assert claimed.is_held


def test_no_slot_waits_until_a_response_is_stored(app, make_app, make_front, exercise_id, learner, other, rows):
    client = make_front(make_app(WEB_THREADS=2, GRADING_SLOTS=1))
    body = {"exercise_id": exercise_id, "answer": GOOD}
    with app.app_context(), ThreadPoolExecutor(1) as threads:
        with db.engine.begin() as connection:
            connection.execute(sa.text("LOCK TABLE idempotency_keys IN SHARE MODE"))
            storing = threads.submit(client.post, "/evaluations", json=body, headers=learner.headers | KEY)
            wait_for(lambda: rows(WAITING_FOR_LOCK), "it to store its response")
            assert client.post("/evaluations", json=body, headers=other.headers).status_code == 200
            assert not storing.done()
        assert storing.result(DEADLINE_SECONDS).status_code == 200


def test_a_learner_has_one_evaluation_at_a_time(evaluate, slot, queue_length, learner, other, grader):
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(evaluate, learner)
        wait_for(queue_length, "it to wait for a slot")
        assert evaluate(learner).status_code == 429
        others = [threads.submit(evaluate, member) for member in (other, grader)]
        slot.release()
        assert {one.result(DEADLINE_SECONDS).status_code for one in (first, *others)} == {200}
    assert evaluate(learner).status_code == 200


def test_a_process_that_stops_refuses_those_who_wait(client, evaluate, slot, queue_length, learner):
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(evaluate, learner)
        wait_for(queue_length, "it to wait for a slot")
        client.loop.call_soon_threadsafe(client.front.stop)
        assert waiting.result(DEADLINE_SECONDS).status_code == 503
    assert queue_length() == 0


def test_a_repeat_gets_the_stored_response(evaluate, learner):
    first, again = evaluate(learner, headers=KEY), evaluate(learner, headers=KEY)
    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (200, None)
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (200, "true")
    assert again.data == first.data
    assert evaluate(learner, WRONG, headers=KEY).status_code == 422


def test_of_two_at_once_with_one_key_both_get_the_response_that_was_stored_first(evaluate, slot, queue_length, grader):
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(evaluate, grader, headers=KEY) for _ in range(2)]
        wait_for(lambda: queue_length() == 2, "both to wait for a slot")
        slot.release()
        first, second = (one.result(DEADLINE_SECONDS) for one in both)
    assert first.data == second.data
    assert {first.headers.get("Idempotency-Replayed"), second.headers.get("Idempotency-Replayed")} == {None, "true"}


def test_refusals_before_it_waits_are_those_of_flask(client, evaluate, learner, exercise_id):
    assert evaluate(learner, exercise_id=1 << 40).status_code == 400
    assert evaluate(learner, answer=5).status_code == 400
    assert client.post("/evaluations", json={"exercise_id": exercise_id, "answer": GOOD}).status_code == 403
    assert evaluate(learner).status_code == 200  # none of them counts as in progress


def test_log_lines_have_the_id_of_the_request(evaluate, learner, monkeypatch):
    logged = []

    def judge(*arguments, **files):
        logged.append(get_contextvars().get("request_id"))
        return original_judge(*arguments, **files)

    def store(*arguments):
        logged.append(get_contextvars().get("request_id"))
        original_store(*arguments)

    original_judge, original_store = grading.judge, Key.store
    monkeypatch.setattr(grading, "judge", judge)
    monkeypatch.setattr(Key, "store", store)
    response = evaluate(learner, headers=KEY)
    assert response.status_code == 200
    assert logged == [response.headers["X-Request-ID"]] * 2
