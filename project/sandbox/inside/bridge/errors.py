"""Errors of the bridge.

None of them is an `Exception`: a test that expects an `Exception` of the answer must not catch one of the bridge.
"""

from typing import Any

PROCESS_ENDED = "The answer's process ended."  # the message of the test in which it did


class BridgeError(BaseException):
    """A remote call failed."""


class MarshallingError(BridgeError):
    """A value may not, or cannot, be sent to the other side."""


class ConnectionClosed(BridgeError):
    """The other side has closed the connection, or its process has ended."""


class OutOfMemory(ConnectionClosed):
    """A message did not fit into memory, so that no more can be read."""


class ProtocolViolation(BridgeError):
    """The other side sent an invalid message. `results`: those of the tests so far, with the current ones as errors."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.results: list[dict[str, Any]] = []


class ReadTimeExceeded(ProtocolViolation):
    """Decoding the messages of the other side takes too long."""
