"""What workers do with submissions. Like views, tasks end their transactions."""

from collections.abc import Mapping
from typing import Any

import procrastinate
import psycopg
import structlog
from flask import current_app
from procrastinate import RetryStrategy

from project.api.submissions import grading, queries
from project.api.submissions.claimed import ClaimedSubmission
from project.api.submissions.preemption import Preempted, stop_condition
from project.api.submissions.recording import record
from project.api.submissions.retention import OldTexts
from project.extensions import db
from project.grading.local_judge import local_judge
from project.grading.slots import Slot
from project.postgres.prepared import statement_pool
from project.sandbox.errors import SandboxUnavailable

RETRY_SECONDS = 5  # until then, another worker may have a sandbox

log = structlog.get_logger()

blueprint = procrastinate.Blueprint()


@blueprint.task(name="grade", retry=RetryStrategy(wait=RETRY_SECONDS, retry_exceptions={SandboxUnavailable}))
def grade(submission_id: int, run: int, address: str = "") -> None:
    """Grade a queued submission, unless that run is no longer due."""
    judge = local_judge()
    judge.start()  # before the claim: without sandboxes, this does not count as a run
    claimed = grading.claim(submission_id, run, address)
    db.session.commit()
    if claimed:
        log.debug("grading", submission_id=submission_id, run=run)
        with judge.wait_for_slot() as slot:
            finish(claimed, slot)


def finish(claimed: ClaimedSubmission, slot: Slot, *, is_announced: bool = True) -> dict[str, Any] | None:
    """Judge a claimed submission and record its verdict; return None if it was queued again, or given up.

    The verdict is announced to the server processes, whose requests may wait for it.
    """
    stop_when = stop_condition(claimed, current_app.config["GRADING_MAX_RUNS"])
    try:
        judgement = grading.judge(claimed.problem, claimed.answer, slot, stop_when, claimed.files)
    except Preempted as preempted:
        grading.put_back(claimed, preempted.seconds)
        db.session.commit()
        log.info(
            "graded_later", submission_id=claimed.id, run=claimed.run, milliseconds=round(preempted.seconds * 1000)
        )
        return None
    row = record(claimed, judgement)
    if row and is_announced:
        _announce(claimed.id)
    log.info(
        "graded" if row else "graded_too_late",
        submission_id=claimed.id,
        run=claimed.run,
        verdict=judgement.verdict.value,
        milliseconds=judgement.wall_ms,
    )
    return row


def _announce(submission_id: int) -> None:
    """Notify all listeners, in a transaction of its own, since transactions that notify commit one after another."""
    try:
        statement_pool().rows(queries.ANNOUNCE, {"id": submission_id})
    except psycopg.Error as error:  # requests that wait find the verdict a little later
        log.warning("not_announced", submission_id=submission_id, error=str(error).strip())


def withdraw(claimed: ClaimedSubmission) -> None:
    """Delete a submission that cannot be graded here, as if it had been refused."""
    db.session.execute(queries.WITHDRAW, {"id": claimed.id, "run": claimed.run})
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
    """End the lease of a job's submission whose worker is known to be gone, so that the next sweep finds it."""
    if task_name == grade.name:
        db.session.execute(queries.EXPIRE, {"id": arguments["submission_id"], "run": arguments["run"]})
        db.session.commit()
