"""Failed assertions of the test that the answer caught and did not raise again.

An assertion that fails in a `with` of an object of the answer, or in a function that the answer calls, is propagated
through the answer, which can catch it like any other exception. Nevertheless the test has failed. So each failed
assertion that is sent to the answer is recorded, until the remote call during which it was sent raises it again: then
the test has it, and may catch it.
"""

from typing import Any

from .patched_globals import PatchingPeer
from .peer import Side
from .references import RemoteReference


class SwallowedAssertions:
    """The failed assertions that were sent to the learner's side and not returned, in order."""

    def __init__(self) -> None:
        self.kinds: tuple[type[BaseException], ...] = (AssertionError,)  # the exceptions of failed assertions
        self._sent: list[BaseException] = []

    def __len__(self) -> int:
        return len(self._sent)

    def record_sent(self, error: BaseException) -> None:
        """Record that an exception is sent. One that was never raised is a value like others."""
        has_failed = issubclass(type(error), self.kinds) and error.__traceback__ is not None
        if has_failed and not any(sent is error for sent in self._sent):
            self._sent.append(error)

    def record_returned(self, error: Any, since: int) -> None:
        """Record that the test has an exception again, if it was sent after the first `since` of them."""
        self._sent[since:] = [sent for sent in self._sent[since:] if sent is not error]

    def pop_all(self) -> list[BaseException]:
        """Return and forget those that the answer swallowed."""
        swallowed, self._sent = self._sent, []
        return swallowed


class TesterPeer(PatchingPeer):
    """The tester's side, which tracks failed assertions."""

    def __init__(self, descriptor: int, side: Side, assertions: SwallowedAssertions) -> None:
        super().__init__(descriptor, side)
        self.shared = side.shared
        self.assertions = assertions

    def call(self, operation: str, reference: RemoteReference | None, *arguments: Any) -> Any:
        """Make a remote call. Raises BridgeError."""
        with self._turn:
            since = len(self.assertions)
            try:
                result = super().call(operation, reference, *arguments)
            except BaseException as error:
                self.assertions.record_returned(error, since)
                raise
            # Then the `with` raises it again. Other false values are not trusted: they may be true the next time.
            if operation == "call" and arguments[0] == "__exit__" and (result is None or result is False):
                for argument in arguments[1]:
                    self.assertions.record_returned(argument, since)
            return result
