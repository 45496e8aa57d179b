"""The tasks of workers for rejudges: a few seconds at a time, so that submissions that wait go first."""

import time
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import procrastinate
import sqlalchemy as sa
from flask import current_app
from procrastinate import RetryStrategy

from project.api.exercises.further_languages import offered
from project.api.exercises.problems import problem
from project.api.rejudges import queries
from project.api.rejudges.states import RejudgeState
from project.api.submissions import queries as submission_queries
from project.extensions import db
from project.grading.local_judge import local_judge
from project.judging.problems import Problem
from project.judging.verdicts import Verdict
from project.postgres import job_queue
from project.sandbox.errors import SandboxUnavailable

CHUNK_SECONDS = 2.0
RETRY_SECONDS = 30
# Of a submission that cannot be judged again, such as one in a language that the exercise no longer has: the score
# follows its old result.
KEPT: Mapping[str, Any] = {"verdict": Verdict.SANDBOX_ERROR.value, "points": 0, "max_points": 0}
BEHIND_SUBMISSIONS = -(2**31)  # the lowest priority; that of submissions depends on the time

blueprint = procrastinate.Blueprint()


def queue(rejudge_id: int) -> None:
    """Queue a job that continues a rejudge."""
    name = f"rejudge {rejudge_id}"
    job_queue.defer("rejudge", name, lock=name, priority=BEHIND_SUBMISSIONS, rejudge_id=rejudge_id)


@blueprint.task(name="rejudge", retry=RetryStrategy(wait=RETRY_SECONDS, retry_exceptions={SandboxUnavailable}))
def rejudge(rejudge_id: int) -> None:
    """Judge some submissions of a rejudge; then queue the rest, or find which scores would change."""
    local_judge().start()
    begun = db.session.execute(queries.BEGIN, {"id": rejudge_id}).mappings().one_or_none()
    if begun is None:
        return
    db.session.commit()
    try:
        _continue(rejudge_id, dict(begun))
    except (sa.exc.SQLAlchemyError, SandboxUnavailable):
        raise  # the task is tried again
    except Exception:
        db.session.rollback()
        db.session.execute(queries.END, {"id": rejudge_id, "state": RejudgeState.FAILED})
        db.session.commit()
        raise


def _continue(rejudge_id: int, begun: Mapping[str, Any]) -> None:
    version = submission_queries.version(begun["exercise_id"], begun["exercise_version"])
    exercise = dict(db.session.execute(version).mappings().one())
    problem_in = cache(partial(problem, exercise))
    # A submission may end its worker each time: like any other, it gets so many runs.
    is_lost = begun["lost"] >= current_app.config["GRADING_MAX_RUNS"]
    deadline = time.monotonic() + CHUNK_SECONDS
    while time.monotonic() < deadline:
        row = db.session.execute(queries.NEXT, {"id": rejudge_id, **begun}).mappings().one_or_none()
        db.session.rollback()  # no transaction is open while it is judged
        if row is None:
            db.session.execute(queries.FIND_CHANGES, {"id": rejudge_id})
            db.session.execute(queries.END, {"id": rejudge_id, "state": RejudgeState.READY})
            db.session.commit()
            return
        if is_lost or row["language"] not in offered(exercise):
            result = KEPT
        else:
            result = _judge(problem_in(row["language"]), row["answer"], row["files"] or {})
        is_lost = False
        values = {"id": rejudge_id, "submission_id": row["id"], "user_id": row["user_id"], **result}
        db.session.execute(queries.RECORD, values)
        db.session.commit()
    queue(rejudge_id)
    db.session.commit()


def _judge(task: Problem, answer: str, files: Mapping[str, str]) -> Mapping[str, Any]:
    judge = local_judge()
    with judge.wait_for_slot() as slot:
        judgement = judge.judge(task, answer, slot, files=files)
    return {
        "verdict": judgement.verdict.value,
        "points": judgement.points,
        "max_points": judgement.max_points,
    }


def sweep() -> None:
    """Queue the rejudges again whose job was lost with its worker."""
    for rejudge_id in db.session.scalars(queries.WITHOUT_JOB).all():
        queue(rejudge_id)
    db.session.commit()
