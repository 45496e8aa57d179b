"""The limit on password hashes at the same time, and the response beyond it."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest

from project.api.users import passwords
from project.api.users.passwords import NICENESS, PasswordHashes, compute
from project.tests.conftest import PASSWORD
from project.tests.servers import DEADLINE_SECONDS, call, private_data_dir, running_server, wait_for
from project.web.concurrency import Busy

# An argon2 hash that takes far longer than everything else here. The configuration of tests has none of these costs.
LONG = {
    "APP_SETTINGS": "project.config.DevelopmentConfig",
    "PASSWORD_HASH_TIME_COST": "10",
    "PASSWORD_HASH_MEMORY_KIB": "65536",
}


@pytest.fixture
def occupied(app, monkeypatch):
    """Return a context that holds all places, as other requests would."""
    hashes = PasswordHashes(1, 0)
    monkeypatch.setitem(app.extensions, "password_hashes", hashes)
    return hashes.limit.acquire


NEW = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}


def is_busy(answer):
    assert set(answer.json) == {"status", "message", "request_id"}
    return (answer.status_code, answer.json["status"], int(answer.headers["Retry-After"]) >= 1) == (503, "error", True)


def test_a_log_in_without_a_free_place_has_retry_after(client, learner, occupied):
    with occupied():
        for email in (learner.email, "nobody@example.org"):
            assert is_busy(client.post("/auth/login", json={"email": email, "password": PASSWORD}))


def test_a_registration_that_finds_no_place_writes_nothing(client, rows, occupied):
    with occupied():
        assert is_busy(client.post("/auth/register", json=NEW))
        assert is_busy(client.post("/auth/register", json=NEW, headers={"Idempotency-Key": "once"}))
    assert rows("SELECT 1 FROM users WHERE username = 'ada'") == []
    assert rows("SELECT 1 FROM idempotency_keys") == []


def test_an_account_that_an_admin_adds_needs_a_place_too(client, admin, occupied):
    with occupied():
        assert is_busy(client.post("/users", json=NEW, headers=admin.headers))


def test_a_log_in_that_finds_no_place_is_no_failed_one(make_app, learner, monkeypatch):
    app = make_app(RATELIMIT_ENABLED=True, RATE_LIMIT_LOGIN="1 per hour", RATE_LIMIT_LOGIN_ADDRESS="1 per hour")
    client, body, hashes = app.test_client(), {"email": learner.email, "password": PASSWORD}, PasswordHashes(1, 0)
    monkeypatch.setitem(app.extensions, "password_hashes", hashes)
    with hashes.limit.acquire():
        assert [client.post("/auth/login", json=body).status_code for _ in range(3)] == [503] * 3
    assert client.post("/auth/login", json=body).status_code == 200


def test_a_renewed_hash_needs_no_second_place(make_app, learner, rows):
    app = make_app(PASSWORD_HASH_TIME_COST=2, PASSWORD_HASHES_AT_ONCE=1, WEB_THREADS=1)
    body = {"email": learner.email, "password": PASSWORD}
    assert app.test_client().post("/auth/login", json=body).status_code == 200
    (row,) = rows("SELECT password_hash FROM users WHERE id = :id", id=learner.id)
    assert ",t=2," in row["password_hash"]


def priority():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_hashes_are_computed_at_a_low_priority(app):
    before = priority()
    with app.app_context():
        assert compute(priority) == max(before, NICENESS)
    assert priority() == before


def test_half_of_the_threads_are_left_to_others(make_app, monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", DEADLINE_SECONDS)
    limit = make_app(WEB_THREADS=8, PASSWORD_HASHES_AT_ONCE=1).extensions["password_hashes"].limit

    def is_refused(_):
        try:
            with limit.acquire():
                return False
        except Busy:
            return True

    with ThreadPoolExecutor(16) as threads:
        with limit.acquire():
            tries = [threads.submit(is_refused, number) for number in range(16)]
            wait_for(lambda: sum(one.done() for one in tries) == 16 - 3, "those that are refused")
        assert sum(one.result() for one in tries) == 16 - 3


def test_of_many_log_ins_at_once_a_server_refuses_some_and_answers_everything_else(tmp_path):
    settings = {"WEB_WORKERS": "1", "WEB_THREADS": "4", "PASSWORD_HASHES_AT_ONCE": "1", "WORKER_PROCESSES": "0"}
    with (
        private_data_dir(tmp_path) as data_dir,
        running_server(data_dir, "--seed", RATELIMIT_ENABLED="false", **settings, **LONG) as server,
        ThreadPoolExecutor(40) as threads,
    ):
        body = {"email": "nobody@example.org", "password": "guess"}
        answers = [threads.submit(call, f"{server.url}/auth/login", "POST", body) for _ in range(40)]
        refused = next(one.result() for one in as_completed(answers) if one.result().status == 503)
        assert int(refused.headers["Retry-After"]) >= 1
        assert [server.get("/scores").status for _ in range(3)] == [200] * 3
        assert {answer.result().status for answer in answers} == {404, 503}
