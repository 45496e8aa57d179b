"""Following events of a real server, with few threads and few streams."""

import json
from contextlib import ExitStack, contextmanager

import pytest
import urllib3

from project.tests.servers import (
    DEADLINE_SECONDS,
    call,
    kill_postgres,
    postmaster,
    private_data_dir,
    running_server,
    wait_for,
)

pytestmark = pytest.mark.long

STREAMS = 6
THREADS = 2
RIGHT = "def add(a, b):\n    return a + b\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with private_data_dir(tmp_path_factory.mktemp("events")) as data_dir:
        settings = {"WEB_WORKERS": "1", "WEB_THREADS": str(THREADS), "EVENT_STREAMS": str(STREAMS)}
        with running_server(data_dir, "--seed", RATELIMIT_ENABLED="false", **settings) as running:
            yield running


@pytest.fixture
def register(server, request):
    """Register a learner and return their token: `register("ada")`. The streams of other tests have ended by then."""
    wait_for(lambda: server.is_healthy() and streams(server) == 0, "the streams of other tests to end")

    def add(name):
        username = f"{name}-{abs(hash(request.node.nodeid))}"
        body = {"username": username, "email": f"{username}@example.org", "password": "correct horse"}
        return server.post("/auth/register", body).json()["auth_token"]

    return add


@contextmanager
def following(server, token, query="", **headers):
    """Follow events; yields an answer to read from."""
    headers["Authorization"] = f"Bearer {token}"
    with urllib3.PoolManager(retries=False, timeout=DEADLINE_SECONDS) as pool:
        answer = pool.request("GET", f"{server.url}/events{query}", headers=headers, preload_content=False)
        try:
            yield answer
        finally:
            answer.close()


def events(answer):
    """Yield name and data of the events as they come."""
    text = ""
    for piece in answer.stream(1):
        text += piece.decode()
        if text.endswith("\n\n"):
            fields = dict(line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":"))
            if "event" in fields:
                yield fields["event"], json.loads(fields["data"])
            text = ""


def wait_for_verdict(answer):
    return next(data for name, data in events(answer) if name == "submission" and data["state"] == "done")


def submit(server, token):
    """Hand in a right answer and wait for nothing."""
    answer = server.post("/submissions?wait=0", {"exercise_id": 1, "answer": RIGHT}, token=token)
    assert answer.status in {201, 202}, answer.data
    return answer.json()["data"]["id"]


def streams(server):
    """Return the number of streams in the metrics."""
    lines = server.get("/metrics").data.decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("event_streams"))


def test_the_verdict_of_a_submission_arrives_and_no_one_elses(server, register):
    ada, bob = register("ada"), register("bob")
    with following(server, ada) as of_ada, following(server, bob) as of_bob:
        wait_for(lambda: streams(server) >= 2, "the streams")
        first, second = submit(server, ada), submit(server, bob)
        assert wait_for_verdict(of_ada) == {"id": first, "exercise_id": 1, "state": "done", "verdict": "accepted"}
        assert wait_for_verdict(of_bob)["id"] == second


def test_a_change_of_a_score_is_an_event_of_the_leaderboard(server, register):
    with following(server, register("ada"), "?topics=leaderboard") as answer:
        received = events(answer)

        def event_after_a_change():
            body = {"exercise_id": 1000, "correct": True}
            assert call(f"{server.url}/scores", "PATCH", body, register("bob")).status in {200, 201}
            return next(received)

        assert event_after_a_change() == ("leaderboard", {})


def test_streams_hold_no_thread_that_others_need(server, register):
    with ExitStack() as open_streams:
        for number in range(STREAMS):
            answer = open_streams.enter_context(following(server, register(f"learner-{number}")))
            assert answer.status == 200
        assert STREAMS > THREADS
        assert [server.get("/health").status for _ in range(2 * THREADS)] == [200] * 2 * THREADS
        with following(server, register("one-more")) as refused:
            assert (refused.status, "Retry-After" in refused.headers) == (503, True)


def test_a_third_stream_of_a_learner_replaces_the_oldest_which_reconnects_later(server, register):
    token = register("ada")
    with ExitStack() as open_streams:
        oldest, *others = [open_streams.enter_context(following(server, token)) for _ in range(3)]
        assert [answer.status for answer in others] == [200] * 2
        assert oldest.read().rstrip().endswith(b"retry: 60000")  # to its end
        assert streams(server) == 2


def test_when_all_streams_are_in_use_a_new_user_replaces_one_of_the_user_with_most(server, register):
    with ExitStack() as open_streams:
        greedy = [register(f"greedy-{number}") for number in range(STREAMS // 2)]
        theirs = [open_streams.enter_context(following(server, token)) for token in greedy for _ in range(2)]
        assert streams(server) == STREAMS
        newcomers = [register(f"newcomer-{number}") for number in range(STREAMS // 2)]
        for token in newcomers:
            assert open_streams.enter_context(following(server, token)).status == 200
        for oldest in theirs[::2]:
            assert oldest.read().rstrip().endswith(b"retry: 60000")
        assert streams(server) == STREAMS
        for token in (register("one-more"), newcomers[0]):  # everybody has one: nobody has too many
            with following(server, token) as refused:
                assert (refused.status, "Retry-After" in refused.headers) == (503, True)


def test_the_stream_of_a_disconnected_client_ends(server, register):
    with following(server, register("ada")):
        wait_for(lambda: streams(server) == 1, "the stream")
    wait_for(lambda: streams(server) == 0, "its end")


def test_a_client_that_reads_nothing_does_not_delay_others(server, register):
    ada = register("ada")
    with following(server, ada), following(server, ada) as reads:
        submit(server, ada)
        assert wait_for_verdict(reads)["verdict"] == "accepted"


def test_streams_end_when_the_database_is_lost_and_clients_get_missed_events_later(server, register):
    ada = register("ada")
    with following(server, ada) as answer:
        first = submit(server, ada)
        number = last_number(answer)
        killed = postmaster(server.data_dir)
        kill_postgres(killed)
        answer.read()  # to its end
    wait_for(lambda: server.get("/ready").status == 200, "PostgreSQL to come back")
    second = submit(server, ada)
    wait_for(lambda: server.get(f"/submissions/{second}", token=ada).json()["data"]["state"] == "done", "the verdict")
    with following(server, ada, **{"Last-Event-ID": number}) as answer:
        received = events(answer)
        assert {next(received)[1]["id"], next(received)[1]["id"]} == {first, second}


def last_number(answer):
    """Return the number of the first verdict."""
    text = ""
    for piece in answer.stream(1):
        text += piece.decode()
        if text.endswith("\n\n") and '"done"' in text:
            return text.rpartition("id: ")[2].partition("\n")[0]
    raise AssertionError(text)


def test_a_server_that_stops_ends_its_streams(tmp_path):
    settings = {"WEB_WORKERS": "1", "WORKER_PROCESSES": "0"}
    with private_data_dir(tmp_path) as data_dir, running_server(data_dir, "--no-seed", **settings) as stopping:
        body = {"username": "ada", "email": "ada@example.org", "password": "correct horse"}
        token = stopping.post("/auth/register", body).json()["auth_token"]
        with following(stopping, token) as answer:
            stopping.stop()
            assert b"retry: 2000" in answer.read()  # and a well-formed end
        assert "refused to gracefully stop" not in stopping.log
