"""A verdict that could not be recorded at once is recorded by another try, and once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from project import db
from project.api.submissions.recording import record as record_run
from project.tests.servers import wait_for
from project.tests.submissions.conftest import judgement
from project.tests.submissions.workers import running_worker

TRIES = 5  # at a deadlock; PostgreSQL chooses the other transaction if this machine stands still for a second

BLOCKED = """
    SELECT pid FROM pg_stat_activity
    WHERE :blocker = ANY (pg_blocking_pids(pid)) AND query LIKE '%finished%'
"""
LOCK_SCORE = sa.text("SELECT FROM scores WHERE user_id = :user_id FOR UPDATE")
LOCK_SUBMISSION = sa.text("SELECT FROM submissions WHERE id = :id FOR UPDATE")


@pytest.fixture
def in_thread():
    with ThreadPoolExecutor(1) as threads:
        yield threads.submit


@pytest.fixture
def blocked(rows):
    """Wait for a recording that another connection blocks, and return its process id: `blocked(blocker)`.

    Each time, it is one that was not returned before.
    """
    seen = set()

    def wait(blocker):
        def unseen():
            return {row["pid"] for row in rows(BLOCKED, blocker=blocker)} - seen

        (pid,) = wait_for(unseen, "a recording that waits")
        seen.add(pid)
        return pid

    return wait


@contextmanager
def score_locked(app, user_id):
    """Hold the lock on a learner's score; yields the connection and its process id."""
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(LOCK_SCORE, {"user_id": user_id})
        yield connection, connection.scalar(sa.text("SELECT pg_backend_pid()"))


@pytest.fixture
def counted(rows):
    """Return how often the ledger holds a submission."""
    return lambda number: len(rows("SELECT FROM score_changes WHERE submission_id = :id", id=number))


@pytest.fixture
def scored(grade, learner, exercise_id):
    """Give the learner a score, whose row can be locked."""
    grade(learner.id, exercise_id, 1)


@pytest.mark.usefixtures("scored")
def test_a_deadlock_is_survived(app, hand_in, record, in_thread, blocked, learner, exercise_id, counted):
    for _ in range(TRIES):
        handed = hand_in(learner.id, exercise_id)
        with score_locked(app, learner.id) as (other, blocker):
            recorded = in_thread(record, handed.claimed, judgement(5))
            blocked(blocker)
            try:
                other.execute(LOCK_SUBMISSION, {"id": handed.id})
            except sa.exc.OperationalError:
                deadlocked = False
            else:
                deadlocked = True  # the recording was ended, or this would wait for it
            other.rollback()
        assert recorded.result()["verdict"] == "wrong_answer"
        assert counted(handed.id) == 1
        if deadlocked:
            return
    pytest.fail("no recording was ended by a deadlock")


@pytest.mark.usefixtures("scored")
def test_a_lost_connection_is_survived(app, hand_in, record, in_thread, blocked, rows, learner, exercise_id, counted):
    handed = hand_in(learner.id, exercise_id)
    with score_locked(app, learner.id) as (other, blocker):
        recorded = in_thread(record, handed.claimed, judgement(5))
        for _ in range(2):
            assert rows("SELECT pg_terminate_backend(:pid) AS ended", pid=blocked(blocker))[0]["ended"]
        other.rollback()
    assert recorded.result()["verdict"] == "wrong_answer"
    assert counted(handed.id) == 1


@pytest.mark.usefixtures("scored")
def test_a_worker_survives_a_lost_connection(app, hand_in, blocked, rows, learner, exercise_id, counted, tmp_path):
    settings = {"DATABASE_TEST_URL": app.config["SQLALCHEMY_DATABASE_URI"], "GRADING_LEASE_SECONDS": "3600"}
    with running_worker(tmp_path / "workers", **settings) as worker:
        with score_locked(app, learner.id) as (other, blocker):
            handed = hand_in(learner.id, exercise_id, queued=True)
            assert rows("SELECT pg_terminate_backend(:pid) AS ended", pid=blocked(blocker))[0]["ended"]
            wait_for(lambda: "recording_again" in worker.log, "another try")
            other.rollback()
        ended = "SELECT verdict, run FROM submissions WHERE id = :id AND state = 'done'"
        (submission,) = wait_for(lambda: rows(ended, id=handed.id), "the verdict")
    assert (submission["verdict"], submission["run"], counted(handed.id)) == ("accepted", 1, 1)


class Losing:
    """Runs statements; of the first so many, the response is lost."""

    def __init__(self, runs, lost):
        self.runs, self.lost, self.tries = runs, lost, 0

    def rows(self, statement, values):
        self.tries += 1
        found = self.runs.rows(statement, values)
        if self.tries <= self.lost:
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return found


@pytest.fixture
def losing(app, monkeypatch):
    """Lose the responses to the first statements: `losing(2)`."""

    def do(lost):
        monkeypatch.setitem(app.extensions, "statement_pool", Losing(app.extensions["statement_pool"], lost))
        return app.extensions["statement_pool"]

    return do


@pytest.mark.parametrize("lost", [1, 2])
def test_a_recording_whose_response_was_lost_is_found(hand_in, record, learner, exercise_id, counted, losing, lost):
    handed = hand_in(learner.id, exercise_id)
    losing(lost)
    recorded = record(handed.claimed, judgement(5))
    assert (recorded["verdict"], recorded["finished_at"] is not None) == ("wrong_answer", True)
    assert counted(handed.id) == 1


def test_a_submission_that_the_sweep_gave_up_does_not_count_as_recorded(
    hand_in, record, learner, exercise_id, change, losing
):
    handed = hand_in(learner.id, exercise_id)
    change("UPDATE submissions SET state = 'done', verdict = 'sandbox_error', leased_until = NULL WHERE user_id <> 0")
    losing(1)
    assert record(handed.claimed, judgement(5)) is None


def test_nothing_is_tried_after_the_lease(make_app, hand_in, learner, exercise_id):
    short = make_app(GRADING_LEASE_SECONDS=1, SQLALCHEMY_DATABASE_URI="postgresql+psycopg:///none?host=/nowhere")
    handed = hand_in(learner.id, exercise_id, app=make_app(GRADING_LEASE_SECONDS=1))
    with short.app_context(), pytest.raises(psycopg.OperationalError):
        record_run(handed.claimed, judgement(5))
