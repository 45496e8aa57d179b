"""Grading in the web process itself while it has a slot free: quicker than a worker, as nothing is queued.

A thread grades. The request that handed the answer in waits for it without one: `project.api.submissions.waiting`.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from flask import Flask, current_app

from project.api.submissions import tasks
from project.api.submissions.errors import GradingUnavailable, StillGrading
from project.api.submissions.runs import Run
from project.sandbox.errors import SandboxUnavailable

CROWDED_WAIT = 0.5  # seconds that a request may wait when too many do
# To wait so long for a slot of this process costs less than to queue the submission.
SLOT_SECONDS = 0.5
SLOTS_TAKEN = "eval.slots_taken"  # in the environment of a request that has waited so long


class InlineGrading:
    """The threads of an application that grade, and its requests that wait."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._trying: set[int] = set()
        self._threads = ThreadPoolExecutor(app.config["GRADING_SLOTS"], "grading")
        # For a slot, to try an answer. One thread is left to those who want no grading, however long the queue is.
        self._waiters = threading.BoundedSemaphore(max(1, app.config["WEB_THREADS"] - 1))

    def start(self, run: Run, slot: AbstractContextManager[None]) -> "Future[dict[str, Any] | None]":
        """Grade in a slot, and give it back. The result is the submission, or None when a worker grades it later."""
        return self._threads.submit(self._grade, run, slot)

    def _grade(self, run: Run, slot: AbstractContextManager[None]) -> dict[str, Any] | None:
        with slot, self._app.app_context():
            try:
                return tasks.finish(run, is_announced=False)  # who waits for it waits for this thread
            except SandboxUnavailable:
                tasks.withdraw(run)
                raise GradingUnavailable from None

    @contextmanager
    def alone(self, user_id: int) -> Iterator[None]:
        """Let a learner try one answer at a time in this process.

        Raises:
            StillGrading: another one of theirs is being tried.

        """
        with self._lock:
            if user_id in self._trying:
                raise StillGrading
            self._trying.add(user_id)
        try:
            yield
        finally:
            with self._lock:
                self._trying.remove(user_id)

    @contextmanager
    def seconds_to_wait(self, wanted: float) -> Iterator[float]:
        """Yield how long this request may wait: hardly when too many do."""
        if not self._waiters.acquire(blocking=False):
            yield min(wanted, CROWDED_WAIT)
            return
        try:
            yield wanted
        finally:
            self._waiters.release()


@contextmanager
def given_back_on_failure(slot: AbstractContextManager[None] | None) -> Iterator[None]:
    """Keep a slot for whoever comes next only when nothing goes wrong before."""
    try:
        yield
    except BaseException:
        if slot is not None:
            with slot:
                pass
        raise


def inline_grading() -> InlineGrading:
    """Return the current application's."""
    found: InlineGrading = current_app.extensions["inline_grading"]
    return found


def init_app(app: Flask) -> None:
    """Give the application its threads; none starts before it is needed."""
    app.extensions["inline_grading"] = InlineGrading(app)
