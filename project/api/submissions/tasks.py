"""What workers do with submissions. Like views, tasks end their transactions."""

from collections.abc import Mapping
from typing import Any

import procrastinate
import psycopg
import structlog
from flask import current_app
from procrastinate import RetryStrategy

from project.api.submissions import grading, queries
from project.api.submissions.recording import record
from project.api.submissions.retention import OldTexts
from project.api.submissions.runs import Run
from project.api.submissions.turns import TurnOver, turn_of
from project.extensions import db
from project.grading.grader import grader
from project.postgres.prepared import prepared
from project.sandbox.errors import SandboxUnavailable

RETRY_SECONDS = 5  # meanwhile another worker may have a sandbox

log = structlog.get_logger()

blueprint = procrastinate.Blueprint()


@blueprint.task(name="grade", retry=RetryStrategy(wait=RETRY_SECONDS, retry_exceptions={SandboxUnavailable}))
def grade(submission_id: int, run: int, address: str = "") -> None:
    """Grade a queued submission, unless its time for that run is over."""
    grader.start()  # or it would count as a run
    claimed = grading.claim(submission_id, run, address)
    db.session.commit()
    if claimed:
        log.debug("grading", submission_id=submission_id, run=run)
        finish(claimed)


def finish(run: Run, *, is_announced: bool = True) -> dict[str, Any] | None:
    """Judge what was taken, and record how it ended; None when it was queued again, or given up.

    It is announced to the server processes, whose requests may wait for it.
    """
    turn = turn_of(run, current_app.config["GRADING_MAX_RUNS"])
    try:
        judgement = grading.judge(run.problem, run.answer, turn)
    except TurnOver as over:
        grading.put_back(run, over.seconds)
        db.session.commit()
        log.info("graded_later", submission_id=run.id, run=run.number, milliseconds=round(over.seconds * 1000))
        return None
    row = record(run, judgement)
    if row and is_announced:
        _announce(run.id)
    log.info(
        "graded" if row else "graded_too_late",
        submission_id=run.id,
        run=run.number,
        verdict=judgement.verdict.value,
        milliseconds=judgement.wall_ms,
    )
    return row


def _announce(submission_id: int) -> None:
    """Notify all who listen, in a transaction of its own: one that notifies makes all others that do wait for it."""
    try:
        prepared().rows(queries.ANNOUNCE, {"id": submission_id})
    except psycopg.Error as error:  # who waits finds the verdict a little later
        log.warning("not_announced", submission_id=submission_id, error=str(error).strip())


def withdraw(run: Run) -> None:
    """Forget a submission that cannot be graded here, as if it had been refused."""
    db.session.execute(queries.WITHDRAW, {"id": run.id, "run": run.number})
    db.session.commit()


def sweep(user_id: int | None = None) -> int:
    """Find lost submissions: `grading.sweep`."""
    moved = grading.sweep(user_id)
    db.session.commit()
    return moved


def delete_old_texts(old_texts: OldTexts) -> int:
    """Delete the texts of a batch of old submissions: `OldTexts.delete`."""
    deleted = old_texts.delete()
    db.session.commit()
    return deleted


def release(task_name: str, arguments: Mapping[str, Any]) -> None:
    """Let the next sweep find the submission of a job whose worker is known to be gone."""
    if task_name == grade.name:
        db.session.execute(queries.EXPIRE, {"id": arguments["submission_id"], "run": arguments["run"]})
        db.session.commit()
