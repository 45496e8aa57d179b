"""Waiting for a verdict, from this process or from a worker, which announces it by NOTIFY.

The front waits on its event loop (`project.front.verdicts`), without a thread. With another server, the thread of the
request waits.
"""

import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import current_app
from psycopg.conninfo import make_conninfo

from project.api.submissions.errors import SubmissionNotFound
from project.api.submissions.handing_in import HandedIn
from project.api.submissions.queries import LISTEN
from project.api.submissions.responses import find, graded, pending
from project.api.submissions.states import State
from project.postgres.database import connect_arguments, session_url
from project.web.permissions import Action, reaches_all
from project.web.responses import DeferredBody, JsonResponse


@dataclass(frozen=True, slots=True)
class AwaitedVerdict(DeferredBody):
    """The verdict that a request waits for. As the body of a response, only the front can send it, once it is known."""

    submission_id: int
    reads_judging: bool  # whether the caller sees all of how the answer is judged
    seconds: float  # that the request waits at most
    grading: "Future[dict[str, Any] | None] | None" = None  # if this process grades it


def await_verdict(
    handed: HandedIn, seconds: float, grading: "Future[dict[str, Any] | None] | None" = None
) -> AwaitedVerdict:
    """Return the verdict that the sender of an answer waits for. Those behind others in the queue do not wait."""
    reads_judging = reaches_all(Action.READ_JUDGING, handed.role)
    return AwaitedVerdict(handed.id, reads_judging, 0 if handed.is_behind else seconds, grading)


def find_done(submission_id: int) -> dict[str, Any] | None:
    """Return a submission, if it has its verdict."""
    return find(submission_id, state=State.DONE)


def response_to(awaited: AwaitedVerdict, done: dict[str, Any] | None) -> JsonResponse:
    """Return the response: with the verdict, or that there is none yet. Raises `SubmissionNotFound`."""
    if done:
        return graded(done, awaited.reads_judging)
    found = find(awaited.submission_id)
    if found is None:
        raise SubmissionNotFound
    return pending(found, awaited.reads_judging)


def wait_in_thread(awaited: AwaitedVerdict) -> JsonResponse:
    """Wait in this thread, and return the response. Raises what the grading raises, and `SubmissionNotFound`."""
    ends_at = time.monotonic() + awaited.seconds
    done = None
    if awaited.grading is not None:
        try:
            done = awaited.grading.result(awaited.seconds)
        except NotInTime:
            return response_to(awaited, None)
    if done is None and awaited.seconds > 0:
        done = _listen(awaited.submission_id, ends_at)
    return response_to(awaited, done)


def listening_conninfo(settings: Any) -> str:
    """Return how to connect for LISTEN: without a pooler, which would share the connection."""
    return make_conninfo(**connect_arguments(session_url(settings), settings))


def _listen(submission_id: int, ends_at: float) -> dict[str, Any] | None:
    """Wait until a submission has its verdict, and return it; None if that is not in time."""
    with psycopg.connect(listening_conninfo(current_app.config), autocommit=True) as connection:
        connection.execute(LISTEN)
        done = find_done(submission_id)  # what was announced before LISTEN
        while done is None and (left := ends_at - time.monotonic()) > 0:
            for notice in connection.notifies(timeout=left, stop_after=1):
                if notice.payload == str(submission_id):
                    done = find_done(submission_id)
    return done or find_done(submission_id)
