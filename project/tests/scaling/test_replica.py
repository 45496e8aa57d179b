"""Reads from a real streaming replica: who reads there, and what happens when it lags, dies or is none."""

import re
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from project.postgres.embedded import EmbeddedPostgres
from project.tests.scaling.pgbouncer import url
from project.tests.servers import call, kill_postgres, private_data_dir, reachable, running_server, wait_for
from project.tests.test_server import PASSWORD_LINE, STAGING, log_in

# The first of them waits for databases and servers to start.
pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

LAG_SECONDS = 2


@contextmanager
def replica_of(primary, directory):
    """Start a streaming replica of an embedded PostgreSQL, from a base backup."""
    with private_data_dir(directory, is_empty=True) as data_dir, TemporaryDirectory() as short:
        replica = EmbeddedPostgres(data_dir / "postgres", reachable(Path(short)) / "socket")
        replica.home.mkdir(parents=True)
        replica._make_directory(replica.data)  # noqa: SLF001 - the product makes no replicas
        source = ["--host", str(primary.socket_directory), "--username", "postgres"]
        target = ["--pgdata", str(replica.data), "--write-recovery-conf", "--checkpoint", "fast"]
        replica._run("pg_basebackup", *source, *target)  # noqa: SLF001 - the same
        replica.start()
        yield replica
        replica.stop()


@pytest.fixture(scope="module")
def replica(postgres, tmp_path_factory):
    with replica_of(postgres, tmp_path_factory.mktemp("replica")) as replica:
        yield replica


@pytest.fixture(scope="module")
def settings(postgres, replica):
    return {
        "APP_SETTINGS": STAGING.replace("Staging", "Production"),
        "SECRET_KEY": "0123456789abcdef" * 2,
        "DATABASE_URL": url(postgres.socket_directory),
        "DATABASE_REPLICA_URL": url(replica.socket_directory),
        "DATABASE_REPLICA_LAG_SECONDS": str(LAG_SECONDS),
        "WEB_WORKERS": "1",
        "WORKER_PROCESSES": "0",
    }


@pytest.fixture(scope="module")
def service(settings, tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("replicated"), "--seed", **settings) as server:
        yield server


@pytest.fixture(scope="module")
def token(service):
    ((email, password),) = PASSWORD_LINE.findall(service.output)
    return log_in(service, email, password)


@pytest.fixture
def paused(replica):
    """Let the replica stand still for a while: it takes what is written, and shows none of it."""
    with replica.connect("postgres") as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        wait_for(
            lambda: connection.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() == ("paused",), "the pause"
        )
        yield
        connection.execute("SELECT pg_wal_replay_resume()")


def reads(service, place):
    """Return how many reads were answered from there."""
    text = service.get("/metrics").data.decode()
    found = re.search(rf'^replica_reads_total{{from="{place}"}} (\S+)$', text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def comes_from(service, place, path):
    """Whether an answer to a read without a token comes from there."""
    before = reads(service, place)
    answer = service.get(path)
    return answer if reads(service, place) > before else None


def record(service, token, exercise_id, correct=True):
    answer = call(f"{service.url}/scores", "PATCH", {"exercise_id": exercise_id, "correct": correct}, token)
    assert answer.status in {200, 201}, answer.data
    return answer.json()["data"]


ADMINS_SEE_MORE = {"/users", "/users/1", "/exercises", "/exercises/1"}
PATHS = ["/scores", "/exercises", "/exercises/1", "/users", "/users/1", "/leaderboard", "/scores/1", "/exercises/stats"]


@pytest.mark.parametrize("path", PATHS)
def test_reads_without_a_token_use_the_replica_and_find_the_same(service, token, path):
    record(service, token, 1)
    mine = service.get(path, token=token)
    assert mine.status == 200

    def there_it_is_too():  # once the replica has caught up
        there = comes_from(service, "replica", path)
        is_the_same = there and (path in ADMINS_SEE_MORE or there.json()["data"] == mine.json()["data"])
        return there if is_the_same else None

    assert wait_for(there_it_is_too, "the replica").status == 200


def test_reads_with_a_token_see_what_was_just_written_while_the_replica_does_not(service, token, paused):
    wrote = record(service, token, 500)
    assert service.get("/scores/user?exercise_id=500", token=token).json()["data"]["scores"] == [wrote]
    assert service.get("/scores?exercise_id=500", token=token).json()["data"]["scores"] == [wrote]
    assert service.get("/leaderboard", token=token).status == 200


def test_rows_that_the_replica_lacks_are_found_on_the_primary(service, token, paused):
    wrote = record(service, token, 501)
    assert service.get(f"/scores/{wrote['id']}").json()["data"] == wrote
    assert service.get("/scores?exercise_id=501").json()["data"]["scores"] == [wrote]


def test_a_replica_that_lags_too_far_is_not_read_until_it_has_caught_up(service, token, replica):
    first = record(service, token, 502, correct=False)
    path = f"/scores/{first['id']}"
    wait_for(lambda: comes_from(service, "replica", path), "the replica")
    with replica.connect("postgres") as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        record(service, token, 502, correct=True)
        wait_for(lambda: service.get(path).json()["data"]["correct"], "the primary's answer")
        assert comes_from(service, "primary", path).json()["data"]["correct"]
        connection.execute("SELECT pg_wal_replay_resume()")
    caught_up = wait_for(lambda: comes_from(service, "replica", path), "the replica to catch up")
    assert caught_up.json()["data"]["correct"]


@pytest.mark.parametrize("path", ["/scores?limit=1", "/leaderboard"], ids=["hot path", "Flask"])
def test_reads_succeed_while_the_replica_is_down_and_use_it_when_it_is_back(service, token, replica, path):
    record(service, token, 503)
    wait_for(lambda: comes_from(service, "replica", path), "the replica")
    kill_postgres(replica.pid())
    assert [service.get(path).status for _ in range(20)] == [200] * 20
    assert comes_from(service, "primary", path)
    replica.start()
    wait_for(lambda: comes_from(service, "replica", path), "the replica to be back")


def test_a_server_that_is_not_a_replica_is_never_read(settings, service, postgres, tmp_path):
    own = settings | {"DATABASE_REPLICA_URL": settings["DATABASE_URL"]}
    with running_server(tmp_path, "--no-seed", **own) as server:
        assert server.get("/scores").status == 200
        wait_for(lambda: "leads to no replica" in server.log, "the log line")
        assert comes_from(server, "primary", "/scores")


def test_without_a_replica_reads_use_the_primary(app, client):
    assert client.get("/leaderboard").status_code == 200
    assert app.extensions["replica"] is None


def test_only_public_reads_are_declared_for_a_replica(app):
    declared = {
        rule.endpoint: rule.methods - {"HEAD", "OPTIONS"}
        for rule in app.url_map.iter_rules()
        if getattr(getattr(app.view_functions[rule.endpoint], "operation", None), "replica", False)
    }
    assert len(declared) > 5
    assert all(methods == {"GET"} for methods in declared.values())
    with app.app_context():
        assert [name for name in declared if app.view_functions[name].access.needs_token()] == []
