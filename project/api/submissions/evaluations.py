"""Evaluations: answers that are judged without being recorded.

The front waits for a slot on its event loop (`project.front.evaluations`), without a thread. Under another server the
thread of the request waits.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, current_app

from project.api.submissions import grading, usage
from project.api.submissions.errors import GradingBusy, GradingUnavailable, StillGrading
from project.api.submissions.own_runs import as_own_run
from project.api.submissions.responses import visible
from project.grading.slots import Slot
from project.judging.problems import Problem
from project.sandbox.errors import SandboxUnavailable
from project.web.responses import DeferredBody, JsonResponse

EXTENSION = "evaluations"


@dataclass
class Evaluation(DeferredBody):
    """An evaluation that waits for a slot, and how long it may wait, in seconds."""

    problem: Problem
    is_own_run: bool  # whether its only case is an input, or a call, of the learner's own
    answer: str
    files: Mapping[str, str]
    sender: usage.Sender
    seconds: float
    exercise: Mapping[str, Any]  # what the response says of it
    reads_judging: bool  # whether the caller sees all of how the answer is judged
    in_progress: ExitStack  # is closed when the evaluation ends

    def respond(self, slot: Slot | None) -> JsonResponse:
        """Judge the answer in a slot, release that, and return the response.

        Raises:
            GradingBusy: there is no slot.
            GradingUnavailable: this host has no sandboxes at the moment.

        """
        with self.in_progress:
            if slot is None:
                raise GradingBusy
            with slot:
                try:
                    judgement = grading.judge(self.problem, self.answer, slot, files=self.files)
                except SandboxUnavailable:
                    raise GradingUnavailable from None
                usage.add(self.sender, judgement.wall_ms)
        result = as_own_run(judgement) if self.is_own_run else judgement.as_json() | {"run": None}
        judged = result | {"has_hidden_case": self.problem.has_hidden_case, **self.exercise}
        return JsonResponse(
            b'"message":"Answer was judged!","data":%b' % orjson.dumps(visible(judged, self.reads_judging))
        )


class Evaluations:
    """Who has an evaluation in progress in an application."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: set[int] = set()

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


def evaluations() -> Evaluations:
    """Return the evaluations of the current application."""
    found: Evaluations = current_app.extensions[EXTENSION]
    return found


def init_app(app: Flask) -> None:
    """Let the application know who has an evaluation in progress."""
    app.extensions[EXTENSION] = Evaluations()
