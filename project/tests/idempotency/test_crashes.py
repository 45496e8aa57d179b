"""Keys against real servers that are killed, lose their database, or are asked by everybody at once."""

import itertools
import os
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3

from project.settings.secret_key import secret_key
from project.tests.conftest import migrate_if_needed
from project.tests.idempotency.wiretap import wiretap
from project.tests.servers import (
    call,
    kill_postgres,
    lives,
    postmaster,
    private_data_dir,
    running_server,
    wait_for,
)
from project.tests.submissions.conftest import GOOD

CALLERS = 20
WRITERS = 4
EXERCISE = {"exercise_body": "Define `add`.", "test_code": "print(add(2, 3))", "test_code_solution": "5"}


@pytest.fixture(scope="module")
def service(shared_app, tmp_path_factory):
    """A server on the database of the tests, by the way of a proxy; yields both."""
    url = shared_app.config["SQLALCHEMY_DATABASE_URI"]
    with shared_app.app_context():
        migrate_if_needed()
    with wiretap(url) as tap:
        settings = {"DATABASE_TEST_URL": tap.url, "SECRET_KEY": secret_key(shared_app.config), "WEB_WORKERS": "2"}
        data_dir = tmp_path_factory.mktemp("service")
        with running_server(data_dir, "--no-seed", WORKER_PROCESSES="0", **settings) as server:
            yield server, tap


def send(server, path, body, token, key="a key"):
    headers = {"Idempotency-Key": key}
    return call(f"{server.url}{path}", "POST", body, token, **headers)


def is_replayed(answer):
    return answer.headers.get("Idempotency-Replayed") == "true"


def test_writes_of_a_killed_server_are_there_once_when_they_are_sent_again(service, client, learner, admin, written):
    server, tap = service
    exercise = client.post("/exercises", json=EXERCISE, headers=admin.headers).json["data"]
    writes = {
        "not committed": ("before", "/scores", {"exercise_id": 7, "correct": True}),
        "committed": ("after", "/scores", {"exercise_id": 8, "correct": True}),
        "handed in": ("after", "/submissions", {"exercise_id": exercise["id"], "answer": GOOD}),
    }
    with ThreadPoolExecutor(len(writes)) as threads:
        requests, holds = [], []
        for key, (moment, path, body) in writes.items():
            holds.append(tap.hold(moment))
            requests.append(threads.submit(send, server, path, body, learner.token, key))
            holds[-1].wait()
        # PostgreSQL has committed two of them, and the server does not know it yet.
        for pid in filter(lives, server.workers()):
            os.kill(pid, signal.SIGKILL)
        for hold in holds:
            hold.over.set()
        assert all(isinstance(request.exception(), urllib3.exceptions.HTTPError) for request in requests)
    assert written() == (1, 1, 2, 1)
    wait_for(server.answers, "another worker")
    again = {key: send(server, path, body, learner.token, key) for key, (_, path, body) in writes.items()}
    assert {key: (answer.status, is_replayed(answer)) for key, answer in again.items()} == {
        "not committed": (201, False),
        "committed": (201, True),
        "handed in": (202, True),
    }
    assert written() == (2, 2, 3, 1)
    assert again["committed"].json()["data"]["exercise_id"] == 8
    assert again["handed in"].json()["data"]["state"] == "running"


def test_a_commit_whose_answer_is_lost_is_found_by_the_repeat(service, learner, written):
    server, tap = service
    body = {"exercise_id": 7, "correct": True}
    tap.hold("after").over.set()
    assert send(server, "/scores", body, learner.token).status == 503
    assert written() == (1, 1, 1, 0)
    again = send(server, "/scores", body, learner.token)
    assert (again.status, is_replayed(again)) == (201, True)
    assert written() == (1, 1, 1, 0)


def test_of_twenty_at_once_one_writes(service, learner, written):
    server, _ = service
    body = {"exercise_id": 7, "correct": True}
    barrier = threading.Barrier(CALLERS)

    def write(_):
        barrier.wait()
        return send(server, "/scores", body, learner.token)

    with ThreadPoolExecutor(CALLERS) as threads:
        answers = list(threads.map(write, range(CALLERS)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert Counter(map(is_replayed, answers)) == {False: 1, True: CALLERS - 1}
    assert written() == (1, 1, 1, 0)


def test_writers_that_try_again_until_they_are_answered_write_once_while_postgresql_is_killed(tmp_path):
    with private_data_dir(tmp_path / "own") as data_dir, running_server(data_dir, "--no-seed") as server:
        account = {"username": "ada", "email": "ada@example.org", "password": "correct horse"}
        token = server.post("/auth/register", account).json()["auth_token"]
        numbers, over, answers, troubled = itertools.count(1), threading.Event(), {}, set()

        def write():
            while not over.is_set():
                number = next(numbers)
                body = {"exercise_id": number, "correct": True}
                while (answer := send(server, "/scores", body, token, f"key {number}")).status in {409, 503}:
                    troubled.add(number)
                answers[number] = answer

        with ThreadPoolExecutor(WRITERS) as threads:
            writers = [threads.submit(write) for _ in range(WRITERS)]
            try:
                while not troubled:  # it may be back before a request misses it
                    before = len(answers)
                    wait_for(lambda: len(answers) > before + WRITERS, "scores")  # noqa: B023 - called at once
                    kill_postgres(postmaster(data_dir))
                    wait_for(lambda: troubled or len(answers) > before + 2 * WRITERS, "an answer")  # noqa: B023
                wait_for(lambda: troubled <= set(answers), "scores after it")
            finally:
                over.set()
            for writer in writers:
                writer.result()
        assert {answer.status for answer in answers.values()} == {201}
        scores = server.get("/scores/user?limit=1000", token=token).json()["data"]["scores"]
        assert sorted(score["exercise_id"] for score in scores) == sorted(answers)
        for number in troubled:
            again = send(server, "/scores", {"exercise_id": number, "correct": True}, token, f"key {number}")
            assert (again.data, is_replayed(again)) == (answers[number].data, True)
            history = server.get(f"/scores/{again.json()['data']['id']}/history", token=token).json()
            assert len(history["data"]["history"]) == 1
