"""The exit statuses of the runner when it fails, which `sandbox/outcome.py` maps to termination reasons.

A learner's process can end with any status by itself; none of them helps the learner.
"""

from collections.abc import Mapping
from typing import Any

RAISED, OUT_OF_MEMORY, EXITED, NO_SYNTAX, BROKEN = 1, 95, 96, 97, 98


class Failure(Exception):
    """The learner's code failed. `status` ends the process, `text` is for the learner.

    `raised` is the exception of a call, which a case may expect: the names of its `types`, and its `message`.
    """

    def __init__(self, status: int, text: str, raised: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.raised = raised
