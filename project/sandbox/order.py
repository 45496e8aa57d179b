"""What a run is told to do, and what it must answer."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from project.sandbox.nesting import is_nested_too_deeply

LOAD = "load"
CALLS = ("call", "construct", "method")
DONE, RAISED = "done", "raised"


@dataclass(frozen=True, slots=True)
class Order:
    """Something that the runner shall do: inside/runner.py lists what. Its descriptors are handed over, and closed."""

    name: str
    content: Mapping[str, Any]
    descriptors: Sequence[int] = field(default=())
    may_raise: bool = False  # whether the next order follows also when this one, a call, raises an exception

    def close(self) -> None:
        """Close the descriptors, which the runner has or will never get."""
        for descriptor in self.descriptors:
            os.close(descriptor)

    def read_answer(self, message: bytes, nonce: str) -> "Reply":
        """Return what an answer says. Raises ValueError unless the order calls for that answer."""
        if self.name == LOAD:
            if message == b'{"phase": "ready"}':
                return Reply()
            raise ValueError("it is not ready")
        # As UTF-8: `json` would also take UTF-16, in which brackets can be where their depth is not counted.
        answer = None if is_nested_too_deeply(message) else json.loads(message.decode())
        phases = (DONE, RAISED) if self.name in CALLS else (DONE,)
        if not isinstance(answer, dict) or answer.get("phase") not in phases or answer.get("nonce") != nonce:
            raise ValueError("it is not done, or nobody could say so")
        value = answer.get("value")
        return Reply(value if isinstance(value, str) else None, is_exception=answer["phase"] == RAISED)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an order: of a call, the JSON text of its value, or of the exception that it raised."""

    value: str | None = None
    is_exception: bool = False
