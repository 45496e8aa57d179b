"""Fixtures that hand in, claim and record submissions, with fixed judgements."""

from typing import NamedTuple

import pytest

from project import db
from project.api.exercises.models import Exercise
from project.api.submissions import grading, recording, tasks
from project.api.submissions.claimed import ClaimedSubmission
from project.api.submissions.errors import StillGrading
from project.api.submissions.handing_in import hand_in as submit
from project.grading.local_judge import judge_of
from project.judging.problems import NOTHING
from project.judging.results import CaseResult, Judgement
from project.judging.verdicts import Verdict
from project.postgres.prepared import run_in_session
from project.sandbox.limits import Limits
from project.web.auth import TokenHolder
from project.web.roles import Role

GOOD = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"
MAX_POINTS = 10


class Handed(NamedTuple):
    """A submission, as it was claimed when it was handed in."""

    id: int
    claimed: ClaimedSubmission


def judgement(points, verdict=None):
    """Return a judgement: without a verdict, its points decide whether it is right."""
    verdict = verdict or (Verdict.ACCEPTED if points == MAX_POINTS else Verdict.WRONG_ANSWER)
    case = CaseResult(name="sums", verdict=verdict, points=points, max_points=MAX_POINTS, hidden=False)
    return Judgement(
        verdict=verdict,
        cases=(case,),
        points=points,
        max_points=MAX_POINTS,
        level=3,
        limits=Limits(),
        cpu_ms=1.5,
        wall_ms=2.5,
    )


@pytest.fixture(autouse=True)
def idle(finished_grading):
    """Leave nothing running."""


@pytest.fixture
def make_exercise(app):
    """Add an exercise, and return its id: `make_exercise(policy="latest")`."""

    def make(app=app, **values):
        with app.app_context():
            values = {"test_code": "print(add(2, 3))", "test_code_solution": "5", "grading": "server"} | values
            exercise = Exercise(exercise_body="Define `add`.", **values)
            db.session.add(exercise)
            db.session.commit()
            return exercise.id

    return make


@pytest.fixture
def exercise_id(make_exercise):
    return make_exercise()


@pytest.fixture
def hand_in(app):
    """Hand in an answer that runs at once (or is queued), and return it: `hand_in(user_id, exercise_id)`."""

    def add(user_id, exercise_id, *, queued=False, allowed=None, answer=GOOD, language=None, files=NOTHING, app=app):
        with app.app_context():
            holder = TokenHolder(user_id, "", Role.LEARNER if allowed else Role.GRADER)
            content = {"exercise_id": exercise_id, "language": language, "answer": answer, "files": files}
            try:
                handed = submit(
                    run_in_session,
                    holder,
                    content,
                    languages=["python", "javascript"],
                    allowed=allowed or 1,
                    lease=None if queued else 40,
                    queue_seconds=900,
                )
            except StillGrading:
                return None
            if queued:
                grading.queue(handed.id, 1, handed.priority)
            db.session.commit()
            return Handed(handed.id, grading.first_run(handed))

    return add


@pytest.fixture
def record(app):
    """Record the verdict of a claimed submission; return the submission, or None when the claim was over."""

    def write(claimed, result, app=app):
        with app.app_context():
            return recording.record(claimed, result)

    return write


@pytest.fixture
def grade(hand_in, record):
    """Hand in and record, and return the submission's id: `grade(user_id, exercise_id, points)`."""

    def do(user_id, exercise_id, points, verdict=None):
        handed = hand_in(user_id, exercise_id)
        assert record(handed.claimed, judgement(points, verdict))
        return handed.id

    return do


@pytest.fixture
def finish(app):
    """Judge a claimed submission, in a slot, and record its verdict: `finish(handed.claimed)`."""

    def do(claimed, app=app):
        with app.app_context(), judge_of(app).wait_for_slot() as slot:
            return tasks.finish(claimed, slot)

    return do


@pytest.fixture
def claim(app):
    """Claim a queued submission as a worker does."""

    def take(submission_id, run):
        with app.app_context():
            claimed = grading.claim(submission_id, run)
            db.session.commit()
            return claimed

    return take


@pytest.fixture
def sweep(app):
    def do(user_id=None):
        with app.app_context():
            return tasks.sweep(user_id)

    return do


@pytest.fixture
def score_of(rows):
    """Read a learner's score for an exercise, or None."""

    def read(user_id, exercise_id):
        statement = "SELECT * FROM scores WHERE user_id = :user_id AND exercise_id = :exercise_id"
        return next(iter(rows(statement, user_id=user_id, exercise_id=exercise_id)), None)

    return read


@pytest.fixture
def ledger_of(rows):
    """Read the ledger's entries of a learner's score, oldest first."""

    def read(user_id, exercise_id):
        statement = "SELECT * FROM score_changes WHERE user_id = :user_id AND exercise_id = :exercise_id ORDER BY id"
        return rows(statement, user_id=user_id, exercise_id=exercise_id)

    return read


@pytest.fixture
def jobs(rows):
    """Read the arguments of the queued jobs, in the order in which they are claimed."""
    statement = "SELECT args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY priority DESC, id"
    return lambda: [(row["args"]["submission_id"], row["args"]["run"]) for row in rows(statement)]
