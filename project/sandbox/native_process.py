"""A sandbox for a native program: its first process, which is ours, reports how the program ended."""

import json
from dataclasses import replace
from typing import NamedTuple

from project.sandbox.errors import SandboxError
from project.sandbox.limits import Limits
from project.sandbox.outcome import ExitReport, Outcome, TerminationReason, termination_reason
from project.sandbox.process import SandboxedProcess, State
from project.sandbox.tree_watchdog import TreeWatchdog


class ProgramReport(NamedTuple):
    """How a program ended, as the first process of its sandbox reports it."""

    exit_status: int  # below 0: the signal that ended it
    memory_bytes: int  # the largest resident set of the program
    cpu_ms: float  # of the first process and of all that it waited for

    @classmethod
    def of(cls, outcome: Outcome) -> "ProgramReport | None":
        """Return the report in an outcome; None if there is none."""
        return cls.parse(outcome.replies[0].value) if outcome.replies else None

    @classmethod
    def parse(cls, value: str | None) -> "ProgramReport | None":
        """Return the report in a reply; None if it is not valid."""
        try:
            report = json.loads(value or "")
            return cls(int(report["exit"]), int(report["memory_bytes"]), float(report["cpu_ms"]))
        except (KeyError, TypeError, ValueError):
            return None


class NativeProcess(SandboxedProcess):
    """A sandbox for a native program.

    It has ended once its first process has reported the end of the program, and no process holds its outputs any more.
    The first process exits after its report, and with it all others. The judge does not wait until the kernel has
    removed their namespaces, which takes as long as many a program runs.
    """

    def __init__(self, level: int, limits: Limits) -> None:
        super().__init__(level, limits, TreeWatchdog(level, limits))

    @property
    def has_exited(self) -> bool:
        """Whether its first process has exited, or has reported and so is about to exit."""
        return super().has_exited or (self._state is State.RUNNING and self._channel.is_completed)

    def outcome(self) -> Outcome:
        """Return the outcome of a sandbox that has ended."""
        if self._report is None:
            report = ProgramReport.parse(self._channel.replies[0].value) if self._channel.replies else None
            if report is None:
                raise SandboxError("there is no valid report on a native program")
            self._report = ExitReport(0, report.cpu_ms, report.memory_bytes)
            self._wall_ms = self.watchdog.stop()
        return super().outcome()


def exit_status(outcome: Outcome) -> int | None:
    """Return how a native program exited, below 0 by a signal; None if it was ended with its sandbox."""
    report = ProgramReport.of(outcome)
    return report.exit_status if report else None


def program_outcome(outcome: Outcome) -> Outcome:
    """Return the outcome of a native program, from that of the process which executed it."""
    report = ProgramReport.of(outcome)
    if outcome.reason is not TerminationReason.COMPLETED or report is None:
        return outcome
    memory = max(outcome.memory_bytes, report.memory_bytes)
    # A positive status is the program's own, also where the runner's have a meaning.
    ended = ExitReport(min(report.exit_status, 1), outcome.cpu_ms, memory)
    reason = termination_reason(ended, (), outcome.limits, completed=True)
    return replace(outcome, reason=reason, exit_status=report.exit_status, memory_bytes=memory, is_native=True)
