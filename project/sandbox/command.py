"""The commands that a sandboxed process carries out, and its replies to them."""

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
class Command:
    """One command for the runner; inside/runner.py lists them. Its descriptors are sent with it, and closed here."""

    name: str
    content: Mapping[str, Any]
    descriptors: Sequence[int] = field(default=())
    may_raise: bool = False  # whether the next command is still sent when this one, a call, raises an exception
    output_bytes: int | None = None  # the limit of its output, where that is not the limit of the process

    def close(self) -> None:
        """Close the descriptors: they have been sent, or never will be."""
        for descriptor in self.descriptors:
            os.close(descriptor)

    def parse_reply(self, message: bytes, nonce: str) -> "Reply":
        """Parse the reply to this command. Raises ValueError if it is not a valid reply with this nonce."""
        if self.name == LOAD:
            if message == b'{"phase": "ready"}':
                return Reply()
            raise ValueError("the reply to `load` is not that the answer is ready")
        # Only UTF-8: `json` also accepts UTF-16, in which brackets can be where their depth is not counted.
        reply = None if is_nested_too_deeply(message) else json.loads(message.decode())
        phases = (DONE, RAISED) if self.name in CALLS else (DONE,)
        if not isinstance(reply, dict) or reply.get("phase") not in phases or reply.get("nonce") != nonce:
            raise ValueError("the reply has an unexpected phase or a wrong nonce")
        value = reply.get("value")
        return Reply(value if isinstance(value, str) else None, is_exception=reply["phase"] == RAISED)


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a command. For a call: the returned value as JSON text, or the exception that it raised."""

    value: str | None = None
    is_exception: bool = False
