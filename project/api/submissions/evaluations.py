"""The limits on evaluations in one process. Each occupies the thread of its request until it is judged."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from project.api.submissions.errors import StillGrading

EXTENSION = "evaluations"
CROWDED_WAIT = 0.5  # seconds that an evaluation may wait for a slot when nearly all threads have one


class Evaluations:
    """The evaluations of an application that are in progress."""

    def __init__(self, web_threads: int) -> None:
        self._lock = threading.Lock()
        self._users: set[int] = set()
        # One thread is left for other requests, however many evaluations there are.
        self._patient = threading.BoundedSemaphore(max(1, web_threads - 1))

    @contextmanager
    def one_at_a_time(self, user_id: int) -> Iterator[None]:
        """Let a user have one evaluation at a time in this process.

        Raises:
            StillGrading: another evaluation of this user is in progress.

        """
        with self._lock:
            if user_id in self._users:
                raise StillGrading
            self._users.add(user_id)
        try:
            yield
        finally:
            with self._lock:
                self._users.remove(user_id)

    @contextmanager
    def seconds_for_slot(self, wanted: float) -> Iterator[float]:
        """Yield how long the evaluation in this block may wait for a slot: CROWDED_WAIT at most when there are many."""
        if not self._patient.acquire(blocking=False):
            yield min(wanted, CROWDED_WAIT)
            return
        try:
            yield wanted
        finally:
            self._patient.release()


def evaluations() -> Evaluations:
    """Return the evaluations of the current application."""
    found: Evaluations = current_app.extensions[EXTENSION]
    return found


def init_app(app: Flask) -> None:
    """Give the application its limits on evaluations."""
    app.extensions[EXTENSION] = Evaluations(app.config["WEB_THREADS"])
