"""Grading behind a real server: its own grading workers, many learners at once, and web processes that are killed."""

import os
import re
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import urllib3

from project.settings.secret_key import secret_key
from project.tests.conftest import NOISE_USER
from project.tests.servers import call, lives, running_server, wait_for
from project.tests.submissions.conftest import GOOD, WRONG
from project.tests.submissions.test_workers import SLOW
from project.tests.submissions.workers import IMPATIENT
from project.web.roles import Role

pytestmark = pytest.mark.long

LEARNERS = 12
ROUNDS = 3


@pytest.fixture
def serve(shared_app, tmp_path):
    """Start a server on the database of the tests, with settings of its own."""

    @contextmanager
    def run(**settings):
        own = {
            "DATABASE_TEST_URL": shared_app.config["SQLALCHEMY_DATABASE_URI"],
            "SECRET_KEY": secret_key(shared_app.config),
            "WEB_WORKERS": "1",
        }
        with running_server(tmp_path / "server", "--no-seed", **IMPATIENT | own | settings) as server:
            yield server

    return run


@pytest.fixture
def verdicts(rows):
    """Return how often each state and verdict comes."""
    statement = "SELECT state, verdict FROM submissions WHERE user_id <> :noise"
    return lambda: Counter((row["state"], row["verdict"]) for row in rows(statement, noise=NOISE_USER))


def grading_workers(server):
    """Return the process ids of all its grading workers so far."""
    return [int(pid) for pid in re.findall(r"worker_started\s.*pid=(\d+)", server.log)]


def submit(server, member, exercise_id, answer=GOOD, wait=30):
    body = {"exercise_id": exercise_id, "answer": answer}
    return call(f"{server.url}/submissions?wait={wait}", "POST", body, member.token)


def test_many_learners_at_once_are_graded_each_once(serve, make_member, exercise_id, rows, verdicts):
    members = [make_member(f"learner{number}") for number in range(LEARNERS)]

    def work(member):
        return [submit(server, member, exercise_id, answer) for answer in (WRONG, GOOD, WRONG)]

    with serve(WEB_THREADS="16", RATELIMIT_ENABLED="false") as server, ThreadPoolExecutor(LEARNERS) as threads:
        answers = [answer for several in threads.map(work, members) for answer in several]
        workers = wait_for(lambda: grading_workers(server), "a grading worker")
    assert Counter(answer.status for answer in answers) == {201: LEARNERS * ROUNDS}
    assert verdicts() == {("done", "wrong_answer"): 2 * LEARNERS, ("done", "accepted"): LEARNERS}
    entries = rows("SELECT submission_id FROM score_changes WHERE submission_id IS NOT NULL")
    assert Counter(entry["submission_id"] for entry in entries) == {
        answer.json()["data"]["id"]: 1 for answer in answers
    }
    scores = rows("SELECT correct, attempts FROM scores WHERE exercise_id = :id", id=exercise_id)
    assert [(score["correct"], score["attempts"]) for score in scores] == [(True, ROUNDS)] * LEARNERS
    assert [pid for pid in workers if lives(pid)] == []


def test_a_submission_of_a_killed_web_process_is_graded_by_a_worker(serve, learner, exercise_id, rows, verdicts):
    with serve() as server, ThreadPoolExecutor(1) as thread:
        wait_for(lambda: grading_workers(server), "a grading worker")
        request = thread.submit(submit, server, learner, exercise_id, SLOW)
        wait_for(lambda: ("running", None) in verdicts(), "it to run")
        for pid in filter(lives, server.web_processes()):
            os.kill(pid, signal.SIGKILL)
        assert isinstance(request.exception(), urllib3.exceptions.HTTPError)
        wait_for(lambda: verdicts() == {("done", "accepted"): 1}, "the verdict")
    assert [row["run"] > 1 for row in rows("SELECT run FROM submissions WHERE user_id = :id", id=learner.id)] == [True]
    assert len(rows("SELECT id FROM score_changes WHERE submission_id IS NOT NULL")) == 1


def test_a_grading_worker_that_dies_is_replaced_and_none_outlives_its_server(serve):
    with serve(WORKER_PROCESSES="2") as server:
        first = wait_for(lambda: len(pids := grading_workers(server)) == 2 and pids, "the grading workers")
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: len(grading_workers(server)) == 3, "another one")
        server.process.kill()
        server.process.wait()
        wait_for(lambda: not any(map(lives, grading_workers(server))), "the grading workers to end")


def test_metrics_include_grading(serve, make_member, exercise_id):
    member = make_member("grader2", Role.GRADER)
    with serve(WORKER_PROCESSES="0", GRADING_SLOTS="1") as server:
        for answer in (GOOD, WRONG):
            submit(server, member, exercise_id, answer)
        submit(server, member, exercise_id, SLOW, wait=0)
        submit(server, member, exercise_id, SLOW, wait=0)
        text = server.get("/metrics").data.decode()
        (level,) = re.findall(r"^sandbox_level (\S+)$", text, re.MULTILINE)
        for verdict in ("accepted", "wrong_answer"):
            counted = rf'^submissions_graded_total{{level="{float(level):.0f}",verdict="{verdict}"}} 1.0$'
            assert re.search(counted, text, re.MULTILINE)
        assert re.search(r"^grading_duration_seconds_count 2.0$", text, re.MULTILINE)
        assert re.search(r"^grading_queue_length 1.0$", text, re.MULTILINE)


def sandbox_level(server):
    (level,) = re.findall(r"^sandbox_level (\S+)$", server.get("/metrics").data.decode(), re.MULTILINE)
    return float(level)


def test_metrics_show_the_sandbox_level_of_web_processes_and_workers(serve):
    with serve(WORKER_PROCESSES="1", WEB_WORKERS="2") as server:
        wait_for(lambda: grading_workers(server), "the grading worker")
        in_force = server.get("/ready").json()["data"]["isolation_level"]
        assert in_force > 0
        # Each scrape reaches another web process, which may not have graded yet.
        assert [sandbox_level(server) for _ in range(20)] == [in_force] * 20
