"""What is known of a run when it is over."""

from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How a run ended, and what it left. Every byte of it is a stranger's."""

    ending: Ending
    stdout: bytes  # what the answer's body printed
    stderr: bytes
    outputs: list[bytes] = field(default_factory=list)  # of each order after `load`
    values: list[str | None] = field(default_factory=list)  # JSON text that `call` brought, else None
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    memory_bytes: int = 0
