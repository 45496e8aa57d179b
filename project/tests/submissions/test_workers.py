"""Workers, and the submissions of workers that are killed at the worst moment."""

import signal
from contextlib import ExitStack
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from project import db
from project.postgres.database import dispose_all
from project.tests.servers import kill_postgres, postmaster, private_data_dir, wait_for
from project.tests.submissions.conftest import GOOD, WRONG
from project.tests.submissions.workers import running_worker

pytestmark = pytest.mark.long

# Takes its time, most of it computing.
SLOW = "import time\nend = time.process_time() + 1.2\nwhile time.process_time() < end: pass\n" + GOOD


@pytest.fixture
def start(shared_app, tmp_path):
    """Start a worker on the database of the tests: `start(GRADING_MAX_RUNS="3")`."""
    database = {"DATABASE_TEST_URL": shared_app.config["SQLALCHEMY_DATABASE_URI"]}
    with ExitStack() as running:
        yield lambda *options, **settings: running.enter_context(
            running_worker(tmp_path / "workers", *options, **database | settings)
        )


@pytest.fixture
def submission(rows):
    """Read a submission; it is true when it is done: `done(id)`."""
    statement = "SELECT * FROM submissions WHERE id = :id AND state = 'done'"
    return lambda submission_id: next(iter(rows(statement, id=submission_id)), None)


@pytest.fixture
def done(submission):
    """Wait until a submission is done, and return it."""
    return lambda submission_id: wait_for(lambda: submission(submission_id), "the verdict")


@pytest.fixture
def counted(rows):
    """Return how often the ledger holds a submission."""
    statement = "SELECT count(*) AS n FROM score_changes WHERE submission_id = :id"
    return lambda submission_id: rows(statement, id=submission_id)[0]["n"]


def test_a_worker_grades_queued_and_later_submissions(start, hand_in, exercise_id, learner, done, counted, rows):
    first = hand_in(learner.id, exercise_id, queued=True)
    start()
    second = hand_in(learner.id, exercise_id, queued=True, answer=WRONG)
    assert [done(one.id)["verdict"] for one in (first, second)] == ["accepted", "wrong_answer"]
    assert [counted(one.id) for one in (first, second)] == [1, 1]
    wait_for(lambda: rows("SELECT id FROM procrastinate_jobs") == [], "the jobs to be deleted")


def test_a_submission_of_a_killed_worker_is_graded_by_another_once(start, hand_in, exercise_id, learner, done, counted):
    workers = [start(), start()]
    handed = hand_in(learner.id, exercise_id, queued=True, answer=SLOW)
    (victim,) = wait_for(lambda: [worker for worker in workers if worker.has_begun(handed.id)], "a worker to take it")
    victim.kill()
    ended = done(handed.id)
    assert (ended["verdict"], ended["run"] > 1, counted(handed.id)) == ("accepted", True, 1)


def test_the_loss_of_a_worker_is_noticed_before_the_lease_is_over(
    start, hand_in, exercise_id, learner, done, counted, change
):
    patient = {"GRADING_LEASE_SECONDS": "3600"}
    victim = start(**patient)
    handed = hand_in(learner.id, exercise_id, queued=True, answer=SLOW)
    wait_for(lambda: victim.has_begun(handed.id), "the worker to take it")
    victim.kill()
    change("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")  # as time would
    start(**patient)
    ended = done(handed.id)
    assert (ended["verdict"], ended["run"] > 1, counted(handed.id)) == ("accepted", True, 1)


def test_a_submission_that_repeatedly_ends_its_worker_ends_visibly(
    start, hand_in, exercise_id, learner, submission, score_of
):
    limits = {"GRADING_LEASE_SECONDS": "1", "GRADING_MAX_RUNS": "2"}
    handed = hand_in(learner.id, exercise_id, queued=True, answer=SLOW)
    for _ in range(2):
        worker = start(**limits)
        wait_for(lambda worker=worker: worker.has_begun(handed.id), "the worker to take it")
        worker.kill()
    start(**limits)
    ended = wait_for(lambda: submission(handed.id), "its end")
    assert (ended["verdict"], ended["run"]) == ("sandbox_error", 2)
    assert score_of(learner.id, exercise_id) is None


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_gets_a_signal_finishes_what_it_has_begun(
    start, hand_in, exercise_id, learner, submission, ending
):
    worker = start(GRADING_LEASE_SECONDS="60")
    handed = hand_in(learner.id, exercise_id, queued=True, answer=SLOW)
    wait_for(lambda: worker.has_begun(handed.id), "the worker to take it")
    worker.stop(ending)
    assert (submission(handed.id)["verdict"], submission(handed.id)["run"]) == ("accepted", 1)


def test_a_worker_survives_the_end_of_its_database(make_app, make_exercise, hand_in, tmp_path):
    with private_data_dir(tmp_path / "data") as data_dir, ExitStack() as running:
        worker = running.enter_context(running_worker(data_dir))
        killed = postmaster(data_dir)
        socket_directory = (data_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[4]
        own = make_app(SQLALCHEMY_DATABASE_URI=f"postgresql+psycopg://eval@/eval_test?host={quote(socket_directory)}")
        exercise_id = make_exercise(own)
        first = hand_in(7, exercise_id, queued=True, answer=SLOW, app=own)
        wait_for(lambda: worker.has_begun(first.id), "the worker to take it")
        kill_postgres(killed)
        wait_for(lambda: postmaster(data_dir) not in {None, killed}, "PostgreSQL to come back")
        with own.app_context():
            wait_for(can_connect, "PostgreSQL to take connections")
            second = hand_in(8, exercise_id, queued=True, app=own)
            wait_for(lambda: scalars("SELECT verdict FROM submissions") == ["accepted"] * 2, "the verdicts")
            assert sorted(scalars("SELECT submission_id FROM score_changes")) == [first.id, second.id]
        dispose_all()
        worker.stop()
        assert postmaster(data_dir) is None


def scalars(statement):
    with db.engine.connect() as connection:
        return connection.scalars(sa.text(statement)).all()


def can_connect():
    try:
        return scalars("SELECT 1")
    except sa.exc.OperationalError:
        return False
