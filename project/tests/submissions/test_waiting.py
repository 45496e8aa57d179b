"""Requests that wait for a verdict of a worker: no thread waits, and no verdict is missed."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.api.submissions import tasks
from project.tests.servers import DEADLINE_SECONDS, wait_for
from project.tests.submissions.conftest import GOOD

WAITING = 6
THREADS = 1  # of Flask: any request that holds one while it waits keeps all others from being answered


@pytest.fixture
def grade_queued(all_slots, jobs, claim, finish):
    """Release the slots, and do the work of a worker."""

    def grade():
        all_slots.close()
        queued = jobs()
        for number, run in queued:
            finish(claim(number, run))
        return {number for number, _ in queued}

    return grade


def submit(client, member, exercise_id, wait=30, **headers):
    body = {"exercise_id": exercise_id, "answer": GOOD}
    return client.post(f"/submissions?wait={wait}", json=body, headers=member.headers | headers)


@pytest.mark.parametrize("hot", [True, False])
@pytest.mark.parametrize("has_key", [True, False], ids=["key", "no key"])
def test_no_thread_waits(make_app, make_front, grade_queued, jobs, grader, exercise_id, rows, hot, has_key):
    client = make_front(make_app(HOT_PATH=hot, WEB_THREADS=THREADS))

    def send(number):
        headers = {"Idempotency-Key": f"key-{number}"} if has_key else {}
        return submit(client, grader, exercise_id, **headers)

    with ThreadPoolExecutor(WAITING) as threads:
        waiting = [threads.submit(send, number) for number in range(WAITING)]
        wait_for(lambda: len(jobs()) == WAITING, "all to be queued")
        assert [client.get("/health").status_code for _ in range(3)] == [200] * 3
        assert not any(one.done() for one in waiting)
        graded = grade_queued()
        answers = [one.result(DEADLINE_SECONDS) for one in waiting]
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json["data"]["id"] for answer in answers} == graded
    assert {answer.json["data"]["verdict"] for answer in answers} == {"accepted"}
    for answer in answers:
        assert answer.headers["Location"] == f"/submissions/{answer.json['data']['id']}"
        assert answer.headers["X-Request-ID"] == answer.json["request_id"]


def test_a_verdict_that_does_not_come_in_time_is_a_202(make_app, make_front, all_slots, grader, exercise_id):
    client = make_front(make_app())
    answer = submit(client, grader, exercise_id, wait=1)
    assert (answer.status_code, answer.json["data"]["state"]) == (202, "queued")


def test_a_request_is_logged_once_and_by_how_it_ended(make_app, make_front, all_slots, grader, exercise_id, capfd):
    client = make_front(make_app(LOG_FORMAT="json"))
    submit(client, grader, exercise_id, wait=1, **{"X-Request-ID": "waits"})
    lines = [line for line in capfd.readouterr().err.splitlines() if '"request_id":"waits"' in line]
    assert len(lines) == 1
    assert '"status":202' in lines[0]


def test_without_the_front_the_thread_waits(app, grade_queued, jobs, grader, exercise_id):
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(submit, app.test_client(), grader, exercise_id)
        wait_for(jobs, "it to be queued")
        grade_queued()
        assert waiting.result(DEADLINE_SECONDS).status_code == 201


def listeners(rows):
    return rows("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN eval%' AND datname = current_database()")


def test_a_connection_that_is_lost_loses_no_verdict(
    make_app, make_front, grade_queued, jobs, grader, exercise_id, rows, change
):
    client = make_front(make_app())
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(submit, client, grader, exercise_id)
        wait_for(jobs, "it to be queued")
        (listener,) = wait_for(lambda: listeners(rows), "a connection that listens")
        change("SELECT pg_terminate_backend(:pid, 10000)", pid=listener["pid"])
        grade_queued()
        began = time.monotonic()
        assert waiting.result(DEADLINE_SECONDS).status_code == 201
        assert time.monotonic() - began < 30  # it was not only found at the end of the wait


def test_a_worker_announces_the_verdicts_that_it_records(app, grade_queued, jobs, grader, exercise_id, monkeypatch):
    announced = []
    monkeypatch.setattr(tasks, "_announce", announced.append)
    submit(app.test_client(), grader, exercise_id, wait=0)
    assert announced == []
    graded = grade_queued()
    assert set(announced) == graded


def test_a_process_that_stops_answers_waiting_requests(make_app, make_front, all_slots, jobs, grader, exercise_id):
    client = make_front(make_app())
    with ThreadPoolExecutor(2) as threads:
        waiting = threads.submit(submit, client, grader, exercise_id)
        wait_for(jobs, "it to be queued")
        client.loop.call_soon_threadsafe(client.front.stop)
        answer = waiting.result(DEADLINE_SECONDS)
    assert (answer.status_code, answer.json["data"]["state"]) == (202, "queued")
