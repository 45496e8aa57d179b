"""What is known of a run when it is over."""

import signal
from dataclasses import dataclass, field
from enum import StrEnum

from project.sandbox.limits import Limits
from project.sandbox.order import Reply


class Ending(StrEnum):
    """Why a run ended, the most serious reason first: of several, the first counts."""

    OUTPUT_LIMIT = "output_limit"
    PROTOCOL_VIOLATION = "protocol_violation"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    FORBIDDEN_CALL = "forbidden_call"
    SYNTAX_ERROR = "syntax_error"
    RUNTIME_ERROR = "runtime_error"
    DONE = "done"  # every order was carried out, and the process ended well


# By exit status; inside/failures.py has the numbers of the runner's own.
EXIT_ENDINGS = {
    95: Ending.MEMORY_LIMIT,
    97: Ending.SYNTAX_ERROR,
    -signal.SIGXCPU: Ending.TIME_LIMIT,
    -signal.SIGKILL: Ending.MEMORY_LIMIT,  # not by us: the kernel's, for want of memory
    -signal.SIGSYS: Ending.FORBIDDEN_CALL,
}


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How a run ended, and what it left. Every byte of it is a stranger's."""

    ending: Ending
    limits: Limits  # that it ran under
    exit_status: int  # of its process; below 0, the signal that ended it
    stdout: bytes  # what the answer's body printed
    stderr: bytes
    outputs: list[bytes] = field(default_factory=list)  # of each order after `load`
    replies: list[Reply] = field(default_factory=list)  # to each order after `load`
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    memory_bytes: int = 0
