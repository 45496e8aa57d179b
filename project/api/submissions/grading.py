"""From an answer to a run and its judgement: what is judged, queueing, claiming, and what was lost. Callers commit."""

import json
import time
from dataclasses import dataclass

from flask import current_app

from project.api.exercises.problems import problem
from project.api.submissions import queries, usage
from project.api.submissions.claimed import ClaimedSubmission
from project.api.submissions.handing_in import HandedIn
from project.extensions import db
from project.grading.local_judge import local_judge
from project.grading.slots import Slot
from project.judging.problems import Problem
from project.judging.results import Judgement
from project.judging.verdicts import Verdict
from project.operations.metrics import GRADING_SECONDS, SUBMISSIONS
from project.postgres import job_queue
from project.postgres.prepared import in_session, prepared, text
from project.sandbox.event_loop import NEVER_STOP, StopCondition

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


def first_run(handed: HandedIn) -> ClaimedSubmission:
    """Return what is to be judged of an answer that was handed in to be graded at once."""
    exercise = _exercise(handed)
    return ClaimedSubmission(
        id=handed.id,
        run=1,
        user_id=handed.user_id,
        exercise_id=handed.exercise_id,
        exercise_version=handed.version,
        language=handed.language,
        answer=handed.answer,
        problem=exercise.problem,
        policy=exercise.policy,
        address=handed.address,
        lease_ends=_lease_ends(),
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


def queue(submission_id: int, run: int, priority: int, address: str = "") -> None:
    """Let a worker grade a queued submission, which came from that address."""
    name = f"submission {submission_id}, run {run}"
    job_queue.defer("grade", name, priority=priority, submission_id=submission_id, run=run, address=address)


def claim(submission_id: int, run: int, address: str = "") -> ClaimedSubmission | None:
    """Take a queued submission; None when that run is not due any more."""
    values = {"id": submission_id, "run": run, "lease": current_app.config["GRADING_LEASE_SECONDS"]}
    row = db.session.execute(queries.CLAIM, values).mappings().one_or_none()
    if row is None:
        return None
    exercise = db.session.execute(queries.version(row["exercise_id"], row["exercise_version"])).mappings().one()
    return ClaimedSubmission(
        problem=problem(dict(exercise)),
        policy=exercise["policy"],
        address=address,
        lease_ends=_lease_ends(),
        **row,
    )


def _lease_ends() -> float:
    """Return when a lease that begins now is over, by the monotonic clock."""
    return time.monotonic() + float(current_app.config["GRADING_LEASE_SECONDS"])


def put_back(claimed: ClaimedSubmission, seconds: float) -> None:
    """Queue a submission anew whose run had a slot for so long, and was stopped since others go first."""
    spent = usage.used(claimed.sender, seconds * 1000)
    rows = in_session(queries.PUT_BACK, {"id": claimed.id, "run": claimed.run, **spent})
    for (priority,) in rows:
        queue(claimed.id, claimed.run + 1, int(text(priority)), claimed.address)


def judge(task: Problem, answer: str, slot: Slot, stop_condition: StopCondition = NEVER_STOP) -> Judgement:
    """Judge an answer in a slot of this process, and measure how long that takes. No transaction should be open.

    Raises:
        SandboxUnavailable: this host offers too little isolation.
        TurnOver: others go first.

    """
    began = time.perf_counter()
    judgement = local_judge().judge(task, answer, slot, stop_condition)
    GRADING_SECONDS.observe(time.perf_counter() - began)
    return judgement


def sweep(user_id: int | None = None) -> int:
    """Queue what was lost with its process, and end what was lost too often; of one user, if given.

    Returns how many submissions it moved.
    """
    values = {"user_id": user_id, "max_runs": current_app.config["GRADING_MAX_RUNS"]}
    given_up = db.session.execute(queries.GIVE_UP, values).all()
    lost = db.session.execute(queries.REQUEUE, values).all()
    forgotten = db.session.execute(queries.FORGOTTEN, values | {"seconds": FORGOTTEN_SECONDS}).all()
    for submission_id, run in (*lost, *forgotten):
        queue(submission_id, run + 1, AGAIN)
    SUBMISSIONS.labels(Verdict.SANDBOX_ERROR.value, 0).inc(len(given_up))
    return len(given_up) + len(lost) + len(forgotten)
