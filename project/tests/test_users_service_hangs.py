"""A users-service that hangs: only some threads of a real server wait for it, and then none."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from project import create_app
from project.postgres.database import dispose_all
from project.tests import stub_users_service as stub
from project.tests.servers import call, private_data_dir, running_server, wait_for
from project.tests.stub_users_service import StubUsersService, user
from project.users_service.client import TIMEOUTS

THREADS, AT_ONCE = 4, 2
MADE_UP = [f"made.up.{number}" for number in range(16)]
NEVER = "60"  # seconds: longer than the stub waits


@pytest.fixture
def service():
    with StubUsersService() as service:
        service.users["a-token"] = user(7)
        yield service


@pytest.fixture
def server(service, tmp_path):
    settings = {"USERS_SERVICE_URL": service.url, "USERS_SERVICE_READ_TIMEOUT": NEVER}
    threads = {"WEB_WORKERS": "1", "WEB_THREADS": str(THREADS), "USERS_SERVICE_AT_ONCE": str(AT_ONCE)}
    with (
        private_data_dir(tmp_path) as data_dir,
        running_server(data_dir, "--seed", WORKER_PROCESSES="0", **settings, **threads) as running,
    ):
        yield running


@pytest.fixture
def client(service):
    """A client of an application in the test's process."""
    yield create_app(USERS_SERVICE_URL=service.url, USERS_SERVICE_READ_TIMEOUT=0.1).test_client()
    dispose_all()  # its metrics query the database


def ping(url, token):
    return call(f"{url}/ping", token=token)


def test_a_hanging_users_service_holds_only_some_threads(service, server):
    service.behaviour = stub.wait
    with ThreadPoolExecutor(len(MADE_UP)) as threads:
        answers = [threads.submit(ping, server.url, token) for token in MADE_UP]
        wait_for(lambda: sum(answer.done() for answer in answers) == len(MADE_UP) - AT_ONCE, "the rejected ones")
        assert [server.get(path).status for path in ("/health", "/scores", "/exercises", "/leaderboard")] == [200] * 4
        assert not service.released.is_set()
        rejected = [answer.result() for answer in answers if answer.done()]
        assert {answer.status for answer in rejected} == {503}
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in rejected)
        assert {answer.json()["message"] for answer in rejected} == {
            "The users service is not available at the moment. Please try again."
        }
        assert len(service.requests) == AT_ONCE
        service.released.set()
    service.behaviour = stub.answer
    assert ping(server.url, "a-token").status == 200


def test_after_timeouts_in_a_row_the_users_service_is_not_called(service, client, monkeypatch):
    monkeypatch.setattr("project.users_service.client.OPEN_SECONDS", 3600.0)
    service.behaviour = stub.wait
    answers = [client.get("/ping", headers={"Authorization": f"Bearer {token}"}) for token in MADE_UP]
    assert [answer.status_code for answer in answers] == [503] * len(MADE_UP)
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers)
    assert len(service.requests) == TIMEOUTS
    assert re.search(r'users_service_request_duration_seconds_count\{outcome="rejected"\}', client.get("/metrics").text)


def test_requests_succeed_when_the_users_service_is_back(service, client, monkeypatch):
    monkeypatch.setattr("project.users_service.client.OPEN_SECONDS", 0.0)
    headers = {"Authorization": "Bearer a-token"}
    service.behaviour = stub.wait
    assert [client.get("/ping", headers=headers).status_code for _ in range(2 * TIMEOUTS)] == [503] * 2 * TIMEOUTS
    service.behaviour = stub.answer
    # One call is admitted after the other, and a busy machine may let one of them time out.
    wait_for(lambda: client.get("/ping", headers=headers).status_code == 200, "the users-service to be back")
