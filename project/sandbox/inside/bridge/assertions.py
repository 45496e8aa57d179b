"""The test's failed assertions that the answer got hold of, and did not give back.

An assertion that fails in a `with` of an object of the answer's, or in a function that the answer calls, passes through
the answer, which can catch it like any other exception. An exception that the answer was meant to catch is the test's
matter; but what failed has failed. So an assertion that crosses is kept in mind, until the very question with which it
went, or during which it went, ends with it: then the test has it again, and may catch it.
"""

from typing import Any

from .peer import Side
from .remotes import Remote
from .surroundings import SurroundingPeer


class Assertions:
    """Those that are with the learner's side, in the order in which they went."""

    def __init__(self) -> None:
        self.kinds: tuple[type[BaseException], ...] = (AssertionError,)  # what a test fails with
        self._gone: list[BaseException] = []

    def __len__(self) -> int:
        return len(self._gone)

    def goes(self, error: BaseException) -> None:
        """Note that an exception crosses. One that was not raised has failed nothing: it is a value like others."""
        has_failed = issubclass(type(error), self.kinds) and error.__traceback__ is not None
        if has_failed and not any(gone is error for gone in self._gone):
            self._gone.append(error)

    def returns(self, error: Any, since: int) -> None:
        """Note that the test has an exception again, if it went after the first `since` of them."""
        self._gone[since:] = [gone for gone in self._gone[since:] if gone is not error]

    def take(self) -> list[BaseException]:
        """Return those that were kept by the answer, and forget them."""
        gone, self._gone = self._gone, []
        return gone


class TesterPeer(SurroundingPeer):
    """The tester's side, which sees what comes of each assertion."""

    def __init__(self, descriptor: int, side: Side, assertions: Assertions) -> None:
        super().__init__(descriptor, side)
        self.shared = side.shared
        self.assertions = assertions

    def ask(self, operation: str, remote: Remote | None, *arguments: Any) -> Any:
        """Ask as a peer does. Raises BridgeError."""
        with self._turn:
            since = len(self.assertions)
            try:
                answer = super().ask(operation, remote, *arguments)
            except BaseException as error:
                self.assertions.returns(error, since)
                raise
            # Then `with` raises it again. What else may mean "no" is not trusted: it could mean "yes" the next time.
            if operation == "do" and arguments[0] == "__exit__" and (answer is None or answer is False):
                for argument in arguments[1]:
                    self.assertions.returns(argument, since)
            return answer
