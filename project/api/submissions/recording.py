"""Recording a verdict. A statement that failed in the database is tried again until the lease is over."""

import datetime as dt
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import psycopg
import structlog

from project.api.submissions import queries, usage
from project.api.submissions.claimed import ClaimedSubmission
from project.api.submissions.states import State
from project.judging.results import Judgement
from project.operations.metrics import SUBMISSIONS
from project.postgres.prepared import Row, decoded, statement_pool

# Between two tries, in seconds. Each pause is random, from half of it, so that two that collided do not collide again.
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

log = structlog.get_logger()


def record(claimed: ClaimedSubmission, judgement: Judgement) -> dict[str, Any] | None:
    """Record a verdict, and the score that follows, in a transaction of its own; return the submission.

    Return None, and record nothing, if the run was given up before.

    Raises:
        psycopg.OperationalError: every try failed until the lease was over.

    """
    found = judgement.as_json()
    documents = ("cases", "limits", "diagnostics", "compilation")
    stored = {name: found[name] if found[name] is None else orjson.dumps(found[name]).decode() for name in documents}
    spent = usage.used(claimed.sender, judgement.wall_ms)
    rows = _finish(
        claimed, {"id": claimed.id, "run": claimed.run, "policy": claimed.policy, **found, **stored, **spent}
    )
    if not rows:
        return None
    SUBMISSIONS.labels(judgement.verdict.value, judgement.level).inc()
    times = queries.FinishedTimes(*rows[0])._asdict()
    names = ("id", "user_id", "exercise_id", "exercise_version", "language", "answer", "files")
    return {
        **{name: getattr(claimed, name) for name in names},
        "state": State.DONE,
        **found,
        **{name: dt.datetime.fromisoformat(decoded(time_)) for name, time_ in times.items()},
        "has_hidden_case": claimed.problem.has_hidden_case,
    }


def _finish(claimed: ClaimedSubmission, values: Mapping[str, Any]) -> Sequence[Row]:
    """Execute the statement until it succeeds, or the lease is over.

    After a deadlock or a lost connection it is tried again. Its condition on the run lets it write once at most.
    """
    pause, is_repeat = FIRST_PAUSE, False
    while True:
        try:
            rows = statement_pool().rows(queries.FINISH, values)
            # The previous try may have been committed, and only its response lost.
            return rows or (statement_pool().rows(queries.FINISHED, values) if is_repeat else [])
        except psycopg.OperationalError as error:
            if time.monotonic() + pause >= claimed.lease_ends:
                raise
            log.warning("recording_again", submission_id=claimed.id, run=claimed.run, error=str(error).strip())
        time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - not a secret
        pause, is_repeat = min(2 * pause, LONGEST_PAUSE), True
