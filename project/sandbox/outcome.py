"""The outcome of a sandboxed process: why it ended, its output, and the resources that it used."""

import signal
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from project.sandbox.command import Reply
from project.sandbox.limits import Limits


class TerminationReason(StrEnum):
    """Why a process ended, the most serious reason first. Where several apply, the first one counts."""

    OUTPUT_LIMIT = "output_limit"
    PROTOCOL_VIOLATION = "protocol_violation"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    FORBIDDEN_CALL = "forbidden_call"
    SYNTAX_ERROR = "syntax_error"
    RUNTIME_ERROR = "runtime_error"
    COMPLETED = "completed"  # every command was carried out, and the process exited with status 0


# By exit status. inside/failures.py defines those that the runner itself exits with.
REASONS_BY_EXIT_STATUS = {
    95: TerminationReason.MEMORY_LIMIT,
    97: TerminationReason.SYNTAX_ERROR,
    -signal.SIGXCPU: TerminationReason.TIME_LIMIT,
    -signal.SIGKILL: TerminationReason.MEMORY_LIMIT,  # not sent by the judge: by the kernel, which is out of memory
    -signal.SIGSYS: TerminationReason.FORBIDDEN_CALL,
}


@dataclass(frozen=True, slots=True)
class ExitReport:
    """How the kernel reports the end of a process: from wait4(2)."""

    exit_status: int  # below 0: the signal that ended the process
    cpu_ms: float
    memory_bytes: int  # the largest resident set


@dataclass(slots=True, kw_only=True)
class Outcome:
    """The outcome of a process that has ended. Its output and replies are untrusted bytes."""

    reason: TerminationReason
    limits: Limits  # those that were in force
    exit_status: int  # below 0: the signal that ended the process
    stdout: bytes  # what the answer's body printed
    stderr: bytes
    outputs: list[bytes] = field(default_factory=list)  # the standard output of each command after `load`
    replies: list[Reply] = field(default_factory=list)  # to each command after `load`
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    memory_bytes: int = 0
    is_native: bool = False  # a native program may exit with any status, and the runner's have no meaning there


def termination_reason(
    report: ExitReport, kill_reasons: Collection[TerminationReason], limits: Limits, *, completed: bool
) -> TerminationReason:
    """Return why a process ended. `kill_reasons`: why the judge killed it; `completed`: no command was left."""
    for reason in TerminationReason:
        if reason in kill_reasons:
            return reason
    if report.exit_status in REASONS_BY_EXIT_STATUS:
        return REASONS_BY_EXIT_STATUS[report.exit_status]
    if report.exit_status == 0 and completed:
        return TerminationReason.COMPLETED
    # Large mappings fail with an OSError, which the learner's code may have caught and replaced by another exception.
    is_full = report.memory_bytes >= limits.memory_bytes * 9 // 10
    return TerminationReason.MEMORY_LIMIT if is_full else TerminationReason.RUNTIME_ERROR
