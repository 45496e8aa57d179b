"""Grading a submission: queueing, claiming, judging, and finding what was lost with its process. Callers commit."""

import json
import time
from collections.abc import Mapping
from typing import NamedTuple

from flask import Flask, current_app

from project.api.bounded_cache import BoundedCache
from project.api.exercises.problems import problem
from project.api.submissions import queries, usage
from project.api.submissions.claimed import ClaimedSubmission
from project.api.submissions.handing_in import HandedIn
from project.extensions import db
from project.grading.local_judge import local_judge
from project.grading.slots import Slot
from project.judging.problems import NOTHING, Problem
from project.judging.results import Judgement
from project.judging.verdicts import Verdict
from project.operations.metrics import GRADING_SECONDS, SUBMISSIONS
from project.postgres import job_queue
from project.postgres.prepared import decoded, run_in_session, statement_pool
from project.sandbox.event_loop import NEVER_STOP, StopCondition

LOST_PRIORITY = 1  # of jobs: above all others, since what was lost with its process has waited longest
# Longer than a worker needs from fetching a job to claiming its submission.
FORGOTTEN_SECONDS = 20

EXTENSION = "parsed_exercises"
CACHED_EXERCISES = 256


class _ExerciseState(NamedTuple):
    """What identifies an exercise as it was at some time, in one of its languages.

    A change that makes no new version has another time.
    """

    exercise_id: int
    version: int
    changed_at: str
    language: str


class _ParsedExercise(NamedTuple):
    """An exercise in the form for the judge, and which of several answers the score follows."""

    problem: Problem
    policy: str


def first_run(handed: HandedIn) -> ClaimedSubmission:
    """Return the submission of an answer that was handed in to be graded at once: handing it in has claimed it."""
    exercise = _exercise(handed)
    return ClaimedSubmission(
        id=handed.id,
        run=1,
        user_id=handed.user_id,
        exercise_id=handed.exercise_id,
        exercise_version=handed.version,
        language=handed.language,
        answer=handed.answer,
        files=handed.files,
        problem=exercise.problem,
        policy=exercise.policy,
        address=handed.address,
        lease_ends=_lease_ends(),
    )


def _exercise(handed: HandedIn) -> _ParsedExercise:
    """Return the exercise, which is read and parsed once for each of its states."""
    cache: BoundedCache[_ExerciseState, _ParsedExercise] = current_app.extensions[EXTENSION]
    state = _ExerciseState(handed.exercise_id, handed.version, handed.changed_at, handed.language)
    parsed = cache.get(state)
    if parsed is None:
        values = {"exercise_id": handed.exercise_id, "version": handed.version}
        ((stored,),) = statement_pool().rows(queries.VERSION, values)
        row = json.loads(decoded(stored))
        parsed = _ParsedExercise(problem(row, handed.language), row["policy"])
        cache.add(state, parsed)
    return parsed


def queue(submission_id: int, run: int, priority: int, address: str = "") -> None:
    """Let a worker grade a queued submission, which came from that address."""
    name = f"submission {submission_id}, run {run}"
    job_queue.defer("grade", name, priority=priority, submission_id=submission_id, run=run, address=address)


def claim(submission_id: int, run: int, address: str = "") -> ClaimedSubmission | None:
    """Claim a queued submission; return None if that run is no longer due."""
    values = {"id": submission_id, "run": run, "lease": current_app.config["GRADING_LEASE_SECONDS"]}
    row = db.session.execute(queries.CLAIM, values).mappings().one_or_none()
    if row is None:
        return None
    exercise = db.session.execute(queries.version(row["exercise_id"], row["exercise_version"])).mappings().one()
    return ClaimedSubmission(
        problem=problem(dict(exercise), row["language"]),
        policy=exercise["policy"],
        address=address,
        lease_ends=_lease_ends(),
        **{**row, "files": row["files"] or {}},
    )


def _lease_ends() -> float:
    """Return when a lease that begins now is over, by the monotonic clock."""
    return time.monotonic() + float(current_app.config["GRADING_LEASE_SECONDS"])


def put_back(claimed: ClaimedSubmission, seconds: float) -> None:
    """Queue a submission again that was stopped after so many seconds in a slot, since others go first."""
    spent = usage.used(claimed.sender, seconds * 1000)
    rows = run_in_session(queries.PUT_BACK, {"id": claimed.id, "run": claimed.run, **spent})
    for (priority,) in rows:
        queue(claimed.id, claimed.run + 1, int(decoded(priority)), claimed.address)


def judge(
    task: Problem,
    answer: str,
    slot: Slot,
    stop_condition: StopCondition = NEVER_STOP,
    files: Mapping[str, str] = NOTHING,
) -> Judgement:
    """Judge an answer, with its other files, in a slot of this process, and measure how long that takes.

    No transaction should be open.

    Raises:
        SandboxUnavailable: this host offers too little isolation.
        Exception: what the stop condition raises.

    """
    began = time.perf_counter()
    judgement = local_judge().judge(task, answer, slot, stop_condition, files)
    GRADING_SECONDS.observe(time.perf_counter() - began)
    return judgement


def sweep(user_id: int | None = None) -> int:
    """Queue what was lost with its process again, and end what was lost too often; of one user, if given.

    Return the number of submissions that were queued or ended.
    """
    values = {"user_id": user_id, "max_runs": current_app.config["GRADING_MAX_RUNS"]}
    given_up = db.session.execute(queries.GIVE_UP, values).all()
    lost = db.session.execute(queries.REQUEUE, values).all()
    forgotten = db.session.execute(queries.FORGOTTEN, values | {"seconds": FORGOTTEN_SECONDS}).all()
    for row in (*lost, *forgotten):
        queue(row.id, row.run + 1, LOST_PRIORITY)
    SUBMISSIONS.labels(Verdict.SANDBOX_ERROR.value, 0).inc(len(given_up))
    return len(given_up) + len(lost) + len(forgotten)


def init_app(app: Flask) -> None:
    """Give the application its cache of parsed exercises."""
    app.extensions[EXTENSION] = BoundedCache[_ExerciseState, _ParsedExercise](CACHED_EXERCISES, lambda _: 1)
