"""Grading in the web process itself while it has a free slot: faster than a worker, since nothing is queued.

A thread grades. The request that handed the answer in waits for the verdict without one:
`project.api.submissions.waiting`.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from flask import Flask, current_app
from structlog.contextvars import bound_contextvars

from project.api.submissions import tasks
from project.api.submissions.claimed import ClaimedSubmission
from project.api.submissions.errors import GradingUnavailable
from project.api.submissions.evaluations import Evaluation
from project.grading.slots import Slot
from project.sandbox.errors import SandboxUnavailable
from project.web.responses import JsonResponse

EXTENSION = "grading_threads"
# Waiting this long for a slot of this process costs less than queueing the submission.
SLOT_SECONDS = 0.5
SLOTS_TAKEN = "eval.slots_taken"  # in a request's environment: it has waited for a slot in vain


class GradingThreads:
    """The threads of an application that grade, one for each slot."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(app.config["GRADING_SLOTS"], "grading")

    def start(self, claimed: ClaimedSubmission, slot: Slot) -> "Future[dict[str, Any] | None]":
        """Grade in a thread, which from now on holds the slot and releases it at the end.

        The result is the submission, or None if it was queued again and a worker grades it later.
        """
        return self._threads.submit(self._grade, claimed, slot)

    def evaluate(self, evaluation: Evaluation, slot: Slot, request_id: str) -> Future[JsonResponse]:
        """Judge an answer without recording it, in a thread, which from now on holds the slot."""
        return self._threads.submit(self._evaluate, evaluation, slot, request_id)

    def _evaluate(self, evaluation: Evaluation, slot: Slot, request_id: str) -> JsonResponse:
        with self._app.app_context(), bound_contextvars(request_id=request_id):
            return evaluation.respond(slot)

    def _grade(self, claimed: ClaimedSubmission, slot: Slot) -> dict[str, Any] | None:
        with slot, self._app.app_context():
            try:
                return tasks.finish(claimed, slot, is_announced=False)  # its request waits for the future instead
            except SandboxUnavailable:
                tasks.withdraw(claimed)
                raise GradingUnavailable from None


def grading_threads() -> GradingThreads:
    """Return the grading threads of the current application."""
    return threads_of(current_app)


def threads_of(app: Flask) -> GradingThreads:
    """Return the grading threads of an application."""
    found: GradingThreads = app.extensions[EXTENSION]
    return found


def init_app(app: Flask) -> None:
    """Give the application its threads. None starts before it is needed."""
    app.extensions[EXTENSION] = GradingThreads(app)
