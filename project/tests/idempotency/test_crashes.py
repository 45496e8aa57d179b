"""Keys against real servers that are killed, lose their database, or get twenty requests at once."""

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
from project.tests.idempotency.commit_proxy import commit_proxy
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
    """A server that reaches the database of the tests through a proxy; yields both."""
    url = shared_app.config["SQLALCHEMY_DATABASE_URI"]
    with shared_app.app_context():
        migrate_if_needed()
    with commit_proxy(url) as proxy:
        settings = {"DATABASE_TEST_URL": proxy.url, "SECRET_KEY": secret_key(shared_app.config), "WEB_WORKERS": "2"}
        data_dir = tmp_path_factory.mktemp("service")
        with running_server(data_dir, "--no-seed", WORKER_PROCESSES="0", **settings) as server:
            yield server, proxy


def send(server, path, body, token, key="a key"):
    headers = {"Idempotency-Key": key}
    return call(f"{server.url}{path}", "POST", body, token, **headers)


def is_replayed(answer):
    return answer.headers.get("Idempotency-Replayed") == "true"


def test_repeats_after_a_killed_server_write_once(service, client, learner, admin, written):
    server, proxy = service
    exercise = client.post("/exercises", json=EXERCISE, headers=admin.headers).json["data"]
    writes = {
        "not committed": ("before", "/scores", {"exercise_id": 7, "correct": True}),
        "committed": ("after", "/scores", {"exercise_id": 8, "correct": True}),
        "handed in": ("after", "/submissions", {"exercise_id": exercise["id"], "answer": GOOD}),
    }
    with ThreadPoolExecutor(len(writes)) as threads:
        requests, holds = [], []
        for key, (moment, path, body) in writes.items():
            holds.append(proxy.hold(moment))
            requests.append(threads.submit(send, server, path, body, learner.token, key))
            holds[-1].wait()
        # PostgreSQL has committed two of them, and the server has no response yet.
        for pid in filter(lives, server.web_processes()):
            os.kill(pid, signal.SIGKILL)
        for hold in holds:
            hold.over.set()
        assert all(isinstance(request.exception(), urllib3.exceptions.HTTPError) for request in requests)
    assert written() == (1, 1, 2, 1)
    wait_for(server.is_healthy, "another web process")
    again = {key: send(server, path, body, learner.token, key) for key, (_, path, body) in writes.items()}
    assert {key: (answer.status, is_replayed(answer)) for key, answer in again.items()} == {
        "not committed": (201, False),
        "committed": (201, True),
        "handed in": (202, True),
    }
    assert written() == (2, 2, 3, 1)
    assert again["committed"].json()["data"]["exercise_id"] == 8
    assert again["handed in"].json()["data"]["state"] == "running"


def test_a_repeat_finds_a_commit_whose_response_was_lost(service, learner, written):
    server, proxy = service
    body = {"exercise_id": 7, "correct": True}
    proxy.hold("after").over.set()
    assert send(server, "/scores", body, learner.token).status == 503
    assert written() == (1, 1, 1, 0)
    again = send(server, "/scores", body, learner.token)
    assert (again.status, is_replayed(again)) == (201, True)
    assert written() == (1, 1, 1, 0)


def test_one_of_twenty_concurrent_requests_writes(service, learner, written):
    server, _ = service
    body = {"exercise_id": 7, "correct": True}
    barrier = threading.Barrier(CALLERS)

    def write(_):
        barrier.wait()
        # On a busy machine the first may take longer than the others wait: they get a 409, and send it again.
        while (answer := send(server, "/scores", body, learner.token)).status == 409:
            pass
        return answer

    with ThreadPoolExecutor(CALLERS) as threads:
        answers = list(threads.map(write, range(CALLERS)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert Counter(map(is_replayed, answers)) == {False: 1, True: CALLERS - 1}
    assert written() == (1, 1, 1, 0)


def test_retries_while_postgresql_is_killed_write_once(tmp_path):
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
