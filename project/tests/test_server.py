"""`manage.py run` in real processes: how it starts, what it prints and logs, and how it stops."""

import http.client
import itertools
import json
import os
import re
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryDirectory

import psycopg
import pytest
import urllib3

from project.config import ROOT
from project.tests.servers import (
    DEADLINE_SECONDS,
    call,
    kill_postgres,
    lives,
    postmaster,
    private_data_dir,
    run_python,
    running_server,
    start_python,
    wait_for,
)

pytestmark = pytest.mark.long

DEVELOPMENT = "project.config.DevelopmentConfig"
STAGING = "project.config.StagingConfig"
SECRET_KEY = "0123456789abcdef" * 2
METRICS_TOKEN = "token-of-the-scraper"
PASSWORD_LINE = re.compile(r"The admin is (\S+) with the password (\S+) \(not shown again\)\.")
REQUESTS = 60


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A server as in production, started with an empty data directory."""
    with private_data_dir(tmp_path_factory.mktemp("service"), is_empty=True) as data_dir:
        settings = {"SECRET_KEY": SECRET_KEY, "METRICS_TOKEN": METRICS_TOKEN, "WEB_WORKERS": "2"}
        with running_server(data_dir, "--seed", is_prepared=False, APP_SETTINGS=STAGING, **settings) as server:
            yield server
            server.stop(signal.SIGTERM)
        assert postmaster(data_dir) is None


def log_in(server, email, password):
    return server.post("/auth/login", {"email": email, "password": password}).json()["auth_token"]


def measured(server, pattern):
    """Return the sum of the metrics whose lines match."""
    text = server.get("/metrics", token=METRICS_TOKEN).data.decode()
    return sum(float(value) for value in re.findall(rf"^{pattern}.* (\S+)$", text, re.MULTILINE))


def test_the_first_start_migrates_and_seeds_the_database(service):
    assert service.get("/ready").status == 200
    assert len(service.get("/exercises").json()["data"]["exercises"]) > 0


def test_the_random_password_of_the_admin_is_printed_once_and_logs_in(service):
    ((email, password),) = PASSWORD_LINE.findall(service.output + service.log)
    status = service.get("/auth/status", token=log_in(service, email, password)).json()
    assert status["data"]["admin"] is True


def test_each_log_line_is_json_without_secrets(service):
    ((email, password),) = PASSWORD_LINE.findall(service.output)
    token = log_in(service, email, password)
    service.get(f"/ping?token={token}", token=token, **{"X-Request-ID": "the-last-one"})
    wait_for(lambda: "the-last-one" in service.log, "the log line")
    lines = [json.loads(line) for line in service.log.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert "the-last-one" in {line["request_id"] for line in requests}
    assert all(line["request_id"] for line in requests)
    assert [secret for secret in (password, token, SECRET_KEY, METRICS_TOKEN) if secret in service.log] == []


def test_metrics_count_each_request_to_all_web_processes_once(service):
    counted = r'http_request_duration_seconds_count\{method="GET",route="/users/<user_id>"'
    before = measured(service, counted)
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: service.get("/users/0").status, range(REQUESTS)))
    assert statuses == [404] * REQUESTS
    assert [measured(service, counted) - before for _ in range(10)] == [REQUESTS] * 10


def test_a_rejected_request_with_an_unread_body_keeps_its_connection(service):
    body = b"{%b}" % (b" " * 200_000)
    head = "PATCH /scores HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.port), DEADLINE_SECONDS) as connection:
        for _ in range(20):
            connection.sendall((head % len(body)).encode() + body)
            response = http.client.HTTPResponse(connection, method="PATCH")
            response.begin()
            assert (response.status, json.loads(response.read())["message"]) == (403, "Provide a valid auth token.")


def test_each_of_many_simultaneous_requests_gets_its_own_response(service):
    ((email, password),) = PASSWORD_LINE.findall(service.output)
    admin = log_in(service, email, password)
    body = {"username": "many", "email": "many@example.org", "password": "Correct-Horse-7"}
    learner = service.post("/auth/register", body).json()["auth_token"]
    exercises = range(900_000, 900_000 + REQUESTS)

    def report(exercise_id):
        body = {"exercise_id": exercise_id, "correct": exercise_id % 2 == 0}
        return call(f"{service.url}/scores", "PATCH", body, learner)

    with ThreadPoolExecutor(16) as threads:
        scores = [response.json()["data"] for response in threads.map(report, exercises)]
        assert [(score["exercise_id"], score["correct"]) for score in scores] == [(n, n % 2 == 0) for n in exercises]

        def read(score):
            tokens = (learner, "a.b.c", admin)
            return [
                service.get(f"/scores/{score['id']}").json()["data"] == score,
                service.get(f"/scores/{score['id'] + 10_000_000}").status,
                len(service.get("/scores/user?limit=7", token=learner).json()["data"]["scores"]),
                *(service.get("/scores/user", token=token).status for token in tokens),
            ]

        assert list(threads.map(read, scores)) == [[True, 404, 7, 200, 401, 200]] * REQUESTS


def test_clients_that_disconnect_before_their_response_affect_no_other_request(service):
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", service.port), DEADLINE_SECONDS) as connection:
            connection.sendall(b"GET /scores?limit=100 HTTP/1.1\r\nHost: x\r\n\r\n")
    processes = {pid for pid in service.web_processes() if lives(pid)}
    assert service.get("/scores?limit=1").status == 200
    assert {pid for pid in service.web_processes() if lives(pid)} == processes
    assert "Traceback" not in service.log


@pytest.mark.parametrize(("token", "status"), [(None, 403), ("another", 401), (METRICS_TOKEN, 200)])
def test_metrics_require_their_token(service, token, status):
    assert service.get("/metrics", token=token).status == status


def test_killed_web_processes_are_restarted_and_their_connections_removed_from_the_gauge(service):
    assert service.get("/ready").status == 200
    assert measured(service, r'database_pool_connections\{state="open"\}') > 0
    for _ in range(3):  # repeatedly
        killed = [pid for pid in service.web_processes() if lives(pid)]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len(set(filter(lives, service.web_processes())) - set(killed)) == len(killed), "new processes")  # noqa: B023
    wait_for(service.is_healthy, "/health")
    assert service.get("/ready").status == 200
    wait_for(lambda: measured(service, "database_pool_connections") == open_connections(service), "the gauge")


def open_connections(server):
    """Return the number of connections that PostgreSQL has."""
    ((count,),) = query(
        server,
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'eval-service' AND datname = current_database()",
    )
    return count


def query(server, statement):
    socket_directory = (server.data_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[4]
    with psycopg.connect(host=socket_directory, user="eval", dbname="eval_staging") as connection:
        return connection.execute(statement).fetchall()


def test_no_confirmed_score_is_lost_when_postgresql_is_killed(service):
    ((email, password),) = PASSWORD_LINE.findall(service.output)
    token = log_in(service, email, password)
    statuses, numbers, over = {}, itertools.count(1), threading.Event()

    def write():
        while not over.is_set():
            number = next(numbers)
            body = {"exercise_id": number, "correct": True}
            statuses[number] = call(f"{service.url}/scores", "PATCH", body, token).status

    with ThreadPoolExecutor(4) as threads:
        writers = [threads.submit(write) for _ in range(4)]
        try:
            wait_for(lambda: 201 in list(statuses.values()), "a first score")
            killed = postmaster(service.data_dir)
            kill_postgres(killed)
            wait_for(lambda: postmaster(service.data_dir) not in (None, killed), "the restart of PostgreSQL")
            number = next(numbers)
            wait_for(lambda: any(n > number and s == 201 for n, s in list(statuses.items())), "scores after it")
        finally:
            over.set()
    assert [writer.exception() for writer in writers] == [None] * 4
    assert set(statuses.values()) <= {201, 503}
    recorded = {number for (number,) in query(service, "SELECT exercise_id FROM scores")}
    assert [number for number, status in statuses.items() if status == 201 and number not in recorded] == []


def test_a_server_that_starts_after_a_killed_one_has_its_data_and_shares_postgresql_with_others(service):
    database = postmaster(service.data_dir)
    settings = {"is_prepared": False, "APP_SETTINGS": DEVELOPMENT, "WEB_WORKERS": "1"}
    with running_server(service.data_dir, **settings) as first:
        ((email, password),) = PASSWORD_LINE.findall(first.output)
        token = log_in(first, email, password)
        assert first.post("/scores", {"exercise_id": 1, "correct": True}, token=token).status == 201
        first.process.kill()
        first.process.wait()
        wait_for(lambda: not responds(first.url), "the processes of the killed server to stop")
        with running_server(service.data_dir, port=first.port, **settings) as second:
            assert PASSWORD_LINE.findall(second.output + second.log) == []
            (score,) = second.get("/scores/user", token=token).json()["data"]["scores"]
            assert score["exercise_id"] == 1
            os.killpg(second.process.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
            assert second.process.wait(DEADLINE_SECONDS) == 0, second.output + second.log
    assert [pid for pid in second.web_processes() if lives(pid)] == []
    assert postmaster(service.data_dir) == database
    assert service.get("/ready").status == 200


def responds(url):
    try:
        return bool(urllib3.request("GET", f"{url}/health", retries=False))
    except urllib3.exceptions.HTTPError:
        return False


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_start_stops_its_database(tmp_path, signal_):
    with private_data_dir(tmp_path, is_empty=True) as data_dir:
        with start_python(data_dir, "manage.py", "db", "upgrade") as starting:
            wait_for(lambda: postmaster(data_dir), "PostgreSQL")
            starting.send_signal(signal_)
        assert postmaster(data_dir) is None


def test_production_without_a_secret_key_fails_with_a_short_message(tmp_path):
    result = run_python(tmp_path, "manage.py", "run", APP_SETTINGS="project.config.ProductionConfig")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.stderr
    assert "openssl rand" in result.stderr


def test_simultaneous_first_starts_in_a_directory_with_a_long_path_migrate_once(tmp_path):
    # A path that is too long for a socket moves the socket to TMPDIR.
    with private_data_dir(tmp_path / ("a long name " * 9), is_empty=True) as data_dir, TemporaryDirectory() as short:
        processes = [start_python(data_dir, "manage.py", "db", "upgrade", TMPDIR=short) for _ in range(2)]
        output = [process.communicate(timeout=DEADLINE_SECONDS)[0] for process in processes]
        assert [process.returncode for process in processes] == [0, 0], output
        done = re.findall(r"Running upgrade (\w* -> \w+)", "".join(output))
        assert len(done) == len(set(done)) == len(list((ROOT / "migrations" / "versions").glob("*.py")))
        assert postmaster(data_dir) is None
