"""What a run is told to do, and what it must answer."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from project.sandbox.nesting import is_nested_too_deeply

LOAD = "load"


@dataclass(frozen=True, slots=True)
class Order:
    """Something that the runner shall do: inside/runner.py lists what. Its descriptors are handed over, and closed."""

    name: str
    content: Mapping[str, Any]
    descriptors: Sequence[int] = field(default=())

    def close(self) -> None:
        """Close the descriptors, which the runner has or will never get."""
        for descriptor in self.descriptors:
            os.close(descriptor)

    def read_answer(self, message: bytes, nonce: str) -> str | None:
        """Return the value in an answer, if there is one. Raises ValueError unless the order calls for that answer."""
        if self.name == LOAD:
            if message == b'{"phase": "ready"}':
                return None
            raise ValueError("it is not ready")
        # As UTF-8: `json` would also take UTF-16, in which brackets can be where their depth is not counted.
        answer = None if is_nested_too_deeply(message) else json.loads(message.decode())
        if not isinstance(answer, dict) or answer.get("phase") != "done" or answer.get("nonce") != nonce:
            raise ValueError("it is not done, or nobody could say so")
        value = answer.get("value")
        return value if isinstance(value, str) else None
