"""How the bridge itself fails.

None of these is an `Exception`, so that a test which expects `Exception` from the answer does not take our failure for
the answer's.
"""

from typing import Any

PROCESS_ENDED = "The answer's process ended."  # the message of the test in which it did


class BridgeError(BaseException):
    """The bridge could not do what was asked of it."""


class CannotCross(BridgeError):
    """A value may not, or cannot, be handed to the other side."""


class Ended(BridgeError):
    """The other side has closed the connection, or its process is gone."""


class OutOfMemory(Ended):
    """A message did not fit into this process, so that nothing more can be read."""


class ProtocolViolation(BridgeError):
    """The other side sent what no honest peer sends. `results`: the tests so far, those that are open as errors."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.results: list[dict[str, Any]] = []


class TooSlow(ProtocolViolation):
    """What the other side sent takes too long to read."""
