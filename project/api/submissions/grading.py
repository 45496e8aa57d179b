"""From an answer to its verdict in the database: handing in, taking, judging, recording. Callers commit."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from project import job_queue
from project.api.exercises.problems import problem
from project.api.submissions import queries
from project.extensions import db
from project.grader import grader
from project.judging.problems import Problem
from project.judging.results import Judgement
from project.judging.verdicts import Verdict
from project.metrics import GRADING_SECONDS, SUBMISSIONS

# Those that were lost with their process have waited longest.
AGAIN = 1
# Longer than a job takes to be fetched by a worker, and to take its submission.
FORGOTTEN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Run:
    """A submission that this process has taken to grade: until the lease is over, nobody else does."""

    id: int
    number: int
    answer: str
    problem: Problem
    policy: str


def add(values: Mapping[str, Any], allowed: int | None, *, queued: bool) -> dict[str, Any] | None:
    """Hand in an answer, to be graded by a worker or at once by the caller; None when the user's slots are taken."""
    lease = None if queued else current_app.config["GRADING_LEASE_SECONDS"]
    row = None
    # Another one who takes the same slot at the same moment leaves the next one.
    for _ in range(allowed or 1):
        row = db.session.execute(queries.ADD, {**values, "allowed": allowed, "lease": lease}).mappings().one_or_none()
        if row is not None:
            break
    if row is not None and queued:
        queue(row["id"], 1)
    return dict(row) if row is not None else None


def queue(submission_id: int, run: int, priority: int = 0) -> None:
    """Let a worker grade a queued submission."""
    name = f"submission {submission_id}, run {run}"
    job_queue.defer("grade", name, priority=priority, submission_id=submission_id, run=run)


def claim(submission_id: int, run: int) -> Run | None:
    """Take a queued submission; None when that run is not due any more."""
    values = {"id": submission_id, "run": run, "lease": current_app.config["GRADING_LEASE_SECONDS"]}
    row = db.session.execute(queries.CLAIM, values).mappings().one_or_none()
    if row is None:
        return None
    exercise = db.session.execute(queries.version(row["exercise_id"], row["exercise_version"])).mappings().one()
    return run_of(dict(row), dict(exercise))


def run_of(row: Mapping[str, Any], exercise: Mapping[str, Any]) -> Run:
    """Return what is to be judged."""
    return Run(row["id"], row["run"], row["answer"], problem(exercise), exercise["policy"])


def judge(task: Problem, answer: str) -> Judgement:
    """Judge an answer, as soon as this process has a slot. No transaction should be open meanwhile.

    Raises:
        SandboxUnavailable: this host offers too little isolation.

    """
    began = time.perf_counter()
    judgement = grader.judge(task, answer)
    GRADING_SECONDS.observe(time.perf_counter() - began)
    return judgement


def record(run: Run, judgement: Judgement) -> dict[str, Any] | None:
    """Write how a run ended, and the score that follows; None when the run was given up before, and nothing happens."""
    values = {"id": run.id, "run": run.number, "policy": run.policy, **judgement.as_json()}
    row = db.session.execute(queries.FINISH, values).mappings().one_or_none()
    if row is None:
        return None
    SUBMISSIONS.labels(judgement.verdict.value, judgement.level).inc()
    return dict(row)


def sweep(user_id: int | None = None) -> int:
    """Queue what was lost with its process, and end what was lost too often or waited too long; of one user, if given.

    Returns how many submissions it moved.
    """
    config = current_app.config
    values = {"user_id": user_id, "max_runs": config["GRADING_MAX_RUNS"]}
    given_up = db.session.execute(queries.GIVE_UP, values | {"queue_seconds": config["GRADING_QUEUE_SECONDS"]}).all()
    lost = db.session.execute(queries.REQUEUE, values).all()
    forgotten = db.session.execute(queries.FORGOTTEN, values | {"seconds": FORGOTTEN_SECONDS}).all()
    for submission_id, run in (*lost, *forgotten):
        queue(submission_id, run + 1, AGAIN)
    SUBMISSIONS.labels(Verdict.SANDBOX_ERROR.value, 0).inc(len(given_up))
    return len(given_up) + len(lost) + len(forgotten)
