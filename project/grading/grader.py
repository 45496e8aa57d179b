"""The judge of a process: started when it is first needed, with as many slots as it may use of the machine."""

import atexit
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from flask import Flask

from project.grading.slots import Slots
from project.judging.judge import Judge
from project.judging.problems import Problem
from project.judging.results import Judgement
from project.operations import metrics
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.event_loop import NEVER_STOP, StopCondition
from project.sandbox.pool import Sandboxes

WARM_PER_SLOT = 2
WAITING_PER_SLOT = 3


class Grader:
    """Sandboxes, a judge, and the local slots: how many answers this process judges at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        atexit.register(self.close)
        self._mine = threading.local()  # whether the current thread holds a slot
        self._slots = Slots(1)
        self._waiting = threading.BoundedSemaphore(1)  # for a slot, for a limited time
        self._sandboxes: Sandboxes | None = None
        self._judge: Judge | None = None
        self._settings: Mapping[str, Any] = {}

    def init_app(self, app: Flask) -> None:
        """Take the settings; the sandboxes are made anew if they were made for others."""
        settings = {
            name: app.config[name] for name in ("SANDBOX_MIN_LEVEL", "GRADING_SLOTS", "GRADING_SUBMISSION_SECONDS")
        }
        with self._lock:
            if settings != self._settings:
                self._close()
                self._settings = settings
                self._slots = Slots(settings["GRADING_SLOTS"])
                self._waiting = threading.BoundedSemaphore(WAITING_PER_SLOT * settings["GRADING_SLOTS"])

    def judge(self, problem: Problem, answer: str, stop_condition: StopCondition = NEVER_STOP) -> Judgement:
        """Judge an answer, as soon as there is a slot.

        Raises:
            SandboxUnavailable: this host has no sandboxes at the moment.
            Exception: what the stop condition raises.

        """
        with nullcontext() if getattr(self._mine, "held", False) else self._slot():
            return self._ready().judge(problem, answer, stop_condition)

    def try_slot(self, timeout: float = 0.0) -> AbstractContextManager[None] | None:
        """Return a slot, this thread's until its block ends, if one is free now or within the timeout in seconds.

        When too many threads wait already, this one does not: threads are needed for other requests.
        """
        slots, waiting = self._slots, self._waiting
        if slots.acquire(0):
            return self._held(slots)
        if timeout <= 0 or not waiting.acquire(blocking=False):
            return None
        try:
            is_free = slots.acquire(timeout)
        finally:
            waiting.release()
        return self._held(slots) if is_free else None

    async def slot_soon(self, seconds: float) -> AbstractContextManager[None] | None:
        """Return a slot as `try_slot` does, for the thread that enters it; no thread waits for it."""
        slots = self._slots
        return self._held(slots) if await slots.acquire_soon(seconds) else None

    @contextmanager
    def _slot(self) -> Iterator[None]:
        slots = self._slots
        slots.acquire()
        with self._held(slots):
            yield

    @contextmanager
    def _held(self, slots: Slots) -> Iterator[None]:
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False
            slots.release()

    def start(self) -> None:
        """Start the sandboxes.

        Raises:
            SandboxUnavailable: this host offers less isolation than SANDBOX_MIN_LEVEL.

        """
        self._ready()
        if self._sandboxes is not None:
            self._sandboxes.start()

    def status(self) -> dict[str, Any]:
        """Return the isolation level in force, the least that is asked for, and what is wrong, if anything is."""
        try:
            self.start()
        except SandboxUnavailable as error:
            reason = str(error)
        else:
            reason = ""
        level = self._sandboxes.level if self._sandboxes and not reason else 0
        return {"level": level, "minimum": self._settings["SANDBOX_MIN_LEVEL"], "ok": not reason, "reason": reason}

    def close(self) -> None:
        """End the sandboxes."""
        with self._lock:
            self._close()

    def _ready(self) -> Judge:
        with self._lock:
            if self._judge is None:
                warm = WARM_PER_SLOT * self._settings["GRADING_SLOTS"]
                self._sandboxes = Sandboxes(
                    minimum=self._settings["SANDBOX_MIN_LEVEL"], warm=warm, on_level=metrics.set_sandbox_level
                )
                self._judge = Judge(self._sandboxes, seconds=self._settings["GRADING_SUBMISSION_SECONDS"])
            return self._judge

    def _close(self) -> None:
        if self._sandboxes is not None:
            self._sandboxes.close()
        self._sandboxes = self._judge = None


grader = Grader()
