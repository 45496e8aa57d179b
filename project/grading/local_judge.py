"""Judging in this process: its sandboxes, which start when they are first needed, and its slots."""

import threading
import weakref
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask, current_app

from project.config import LANGUAGE_STATUSES, NATIVE_PYTHON, PROGRAM_CACHE, TOOLCHAINS
from project.grading.language_status import LanguageStatuses
from project.grading.slots import Slot, Slots
from project.grading.status_store import StatusStore
from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.problems import NOTHING, Problem
from project.judging.program_cache import ProgramCache
from project.judging.results import Judgement
from project.operations import metrics
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.event_loop import NEVER_STOP, StopCondition
from project.sandbox.limits import MIB
from project.sandbox.pool import Sandboxes
from project.sandbox.tools import Tools

EXTENSION = "local_judge"
WARM_PER_SLOT = 2
WAITING_PER_SLOT = 3  # threads that may wait for a slot; the others are needed for other requests


class SandboxStatus(NamedTuple):
    """The isolation level in force, the lowest that is accepted, and why there are no sandboxes, if there are none."""

    level: int
    minimum: int
    trouble: str

    @property
    def is_available(self) -> bool:
        """Whether answers can be judged."""
        return not self.trouble


class LocalJudge:
    """The judge of an application. Judging an answer needs one of its GRADING_SLOTS slots."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        slots = settings["GRADING_SLOTS"]
        self._slots = Slots(slots)
        self._waiting_threads = threading.BoundedSemaphore(WAITING_PER_SLOT * slots)
        self._minimum: int = settings["SANDBOX_MIN_LEVEL"]
        self._sandboxes = Sandboxes(
            minimum=self._minimum,
            warm=WARM_PER_SLOT * slots,
            tools=Tools(TOOLCHAINS, python=NATIVE_PYTHON),
            on_level=metrics.set_sandbox_level,
        )
        programs = ProgramCache(PROGRAM_CACHE, settings["PROGRAM_CACHE_MIB"] * MIB)
        compiler = Compiler(self._sandboxes, programs)
        self._judge = Judge(self._sandboxes, seconds=settings["GRADING_SUBMISSION_SECONDS"], compiler=compiler)
        self.languages = LanguageStatuses(
            self._sandboxes, self._judge, compiler, self.wait_for_slot, StatusStore(LANGUAGE_STATUSES)
        )
        weakref.finalize(self, self._sandboxes.close)  # with the application; an ending process disconnects them

    def claim_slot(self, timeout: float = 0.0) -> Slot | None:
        """Return a slot if one is free now, or within the timeout in seconds.

        When too many threads wait already, this one does not.
        """
        slot = self._slots.claim(0)
        if slot is not None or timeout <= 0 or not self._waiting_threads.acquire(blocking=False):
            return slot
        try:
            return self._slots.claim(timeout)
        finally:
            self._waiting_threads.release()

    async def claim_slot_async(self, seconds: float) -> Slot | None:
        """Return a slot if one is free within so many seconds. No thread waits for it."""
        return await self._slots.claim_async(seconds)

    def wait_for_slot(self) -> Slot:
        """Return a slot, however long that takes."""
        return self._slots.wait()

    def judge(
        self,
        problem: Problem,
        answer: str,
        slot: Slot,
        stop_condition: StopCondition = NEVER_STOP,
        files: Mapping[str, str] = NOTHING,
    ) -> Judgement:
        """Judge an answer, with its other files, in a slot that the caller holds.

        Raises:
            SandboxUnavailable: this host has no sandboxes at the moment.
            Exception: what the stop condition raises.

        """
        if not slot.is_held:
            raise RuntimeError("The slot was released before.")
        return self._judge.judge(problem, answer, stop_condition, files)

    def start(self) -> None:
        """Start the sandboxes, or check them again when that is due.

        Raises:
            SandboxUnavailable: this host offers less isolation than SANDBOX_MIN_LEVEL.

        """
        self._sandboxes.start()

    def status(self) -> SandboxStatus:
        """Start the sandboxes if needed, and return their status."""
        try:
            self.start()
        except SandboxUnavailable as error:
            return SandboxStatus(0, self._minimum, str(error))
        return SandboxStatus(self._sandboxes.level, self._minimum, "")

    def close(self) -> None:
        """End the sandboxes."""
        self._sandboxes.close()


def local_judge() -> LocalJudge:
    """Return the judge of the current application."""
    return judge_of(current_app)


def judge_of(app: Flask) -> LocalJudge:
    """Return the judge of an application."""
    found: LocalJudge = app.extensions[EXTENSION]
    return found


def init_app(app: Flask) -> None:
    """Give the application its judge. Its sandboxes do not start yet."""
    app.extensions[EXTENSION] = LocalJudge(app.config)
