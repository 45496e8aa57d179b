"""From an answer to its verdict in the database: handing in, taking, judging, recording. Callers commit."""

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Any

import orjson
from flask import current_app

from project import job_queue
from project.api.exercises.problems import problem
from project.api.submissions import queries
from project.api.submissions.handing_in import HandedIn
from project.api.submissions.states import State
from project.extensions import db
from project.grader import grader
from project.judging.problems import Problem
from project.judging.results import Judgement
from project.judging.verdicts import Verdict
from project.metrics import GRADING_SECONDS, SUBMISSIONS
from project.prepared import prepared, text

# Those that were lost with their process have waited longest.
AGAIN = 1
# Longer than a job takes to be fetched by a worker, and to take its submission.
FORGOTTEN_SECONDS = 20


# Exercises that a process keeps as the judge takes them.
KNOWN = 256


@dataclass(frozen=True, slots=True)
class _Exercise:
    problem: Problem
    policy: str


_known: dict[tuple[int, int, str], _Exercise] = {}


@dataclass(frozen=True, slots=True)
class Run:
    """A submission that this process has taken to grade: until the lease is over, nobody else does."""

    id: int
    number: int
    user_id: int
    exercise_id: int
    exercise_version: int
    language: str
    answer: str
    problem: Problem
    policy: str


def first_run(handed: HandedIn) -> Run:
    """Return what is to be judged of an answer that was handed in to be graded at once."""
    exercise = _exercise(handed)
    return Run(
        id=handed.id,
        number=1,
        user_id=handed.user_id,
        exercise_id=handed.exercise_id,
        exercise_version=handed.version,
        language=handed.language,
        answer=handed.answer,
        problem=exercise.problem,
        policy=exercise.policy,
    )


def _exercise(handed: HandedIn) -> _Exercise:
    """Return the exercise, which is read and parsed once for each of its states."""
    state = (handed.exercise_id, handed.version, handed.changed)
    found = _known.get(state)
    if found is None:
        values = {"exercise_id": handed.exercise_id, "version": handed.version}
        ((stored,),) = prepared().rows(queries.VERSION, values)
        row = json.loads(text(stored))
        found = _Exercise(problem(row), row["policy"])
        if len(_known) >= KNOWN:
            _known.clear()
        _known[state] = found
    return found


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
    taken = dict(row)
    return Run(number=taken.pop("run"), problem=problem(dict(exercise)), policy=exercise["policy"], **taken)


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
    """Write how a run ended, and the score that follows, in a transaction of its own; return the submission.

    None when the run was given up before, and nothing happens.
    """
    found = judgement.as_json()
    stored = {name: orjson.dumps(found[name]).decode() for name in ("cases", "limits")}
    rows = prepared().rows(queries.FINISH, {"id": run.id, "run": run.number, "policy": run.policy, **found, **stored})
    if not rows:
        return None
    SUBMISSIONS.labels(judgement.verdict.value, judgement.level).inc()
    times = (dt.datetime.fromisoformat(text(time)) for time in rows[0])
    own = ("id", "user_id", "exercise_id", "exercise_version", "language", "answer")
    return {
        **{name: getattr(run, name) for name in own},
        "state": State.DONE,
        **found,
        **dict(zip(queries.TIMES, times, strict=True)),
        "has_hidden_case": run.problem.has_hidden_case,
    }


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
