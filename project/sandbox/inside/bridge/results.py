# ruff: noqa: N802, D102 - unittest's names and methods
"""What became of each test, in a learner's words."""

import errno
import sys
import unittest
from collections.abc import Callable
from types import TracebackType
from typing import Any

from .assertions import Assertions
from .cases import AnswerStopped
from .errors import PROCESS_ENDED, Ended, TooSlow
from .modules import MISSING, AnswerModule
from .proxies import remote_of

MAX_MESSAGE = 2048  # characters
UNSAID = "An assertion does not hold."  # of an `assert` without words
NOT_RUN = "not_run"  # the outcome of a test that did not come to an end, nor was it the one that ended the run
OUT_OF_MEMORY = "memory_limit"  # the outcome of a test in which the answer ran out of memory
TOO_SLOW = "time_limit"  # the outcome of a test to which the answer gave what takes too long to read
_GRAVITY = ("passed", "skipped", "failed", "error", OUT_OF_MEMORY, TOO_SLOW)

Failure = tuple[type[BaseException], BaseException, TracebackType]


def result(name: str, outcome: str, message: str = "") -> dict[str, Any]:
    """Return a result as `run` gives it."""
    return {"name": name, "outcome": outcome, "message": shortened(message)}


def shortened(text: str) -> str:
    """Cut a text in its middle."""
    half = MAX_MESSAGE // 2 - 3
    return text if len(text) <= MAX_MESSAGE else f"{text[:half]}\n...\n{text[-half:]}"


def tell(error: BaseException) -> str:
    """Say what an exception says: the learner's with its traceback, a test's without."""
    if isinstance(error, AnswerStopped):
        error = error.reason
    if isinstance(error, Ended):
        return PROCESS_ENDED
    if isinstance(error, TooSlow):
        return str(error)
    remote = remote_of(error)
    if remote is not None and remote.traceback:
        return remote.traceback
    if isinstance(error, ImportError) and type(imported := sys.modules.get(str(error.name))) is AnswerModule:
        return vars(imported).get(MISSING) or str(error)
    if isinstance(error, AttributeError) and type(error.obj) is AnswerModule:
        return str(error)
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - what the learner's side is asked for may fail, and may raise what ends a run
        text = ""
    return text or UNSAID if isinstance(error, AssertionError) else f"{type(error).__name__}: {text}".removesuffix(": ")


def kind_of_error(error: BaseException) -> str:
    """Return the outcome of a test that ended with an exception which is no failed assertion.

    Large mappings fail with an OSError.
    """
    if isinstance(error, TooSlow):
        return TOO_SLOW
    is_full = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
    return OUT_OF_MEMORY if is_full and remote_of(error) is not None else "error"


class Results(unittest.TestResult):
    """Collects one result per test. A test of which unittest says nothing, since its end was prevented, has none."""

    def __init__(self, is_broken: Any, assertions: Assertions) -> None:
        super().__init__()
        self.found: dict[str, dict[str, Any]] = {}
        self._is_broken = is_broken
        self._assertions = assertions

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._assertions.kinds = (AssertionError, test.failureException)

    def stopTest(self, test: unittest.TestCase) -> None:
        for error in self._assertions.take():  # those of setUpClass too, before the first test
            self._add(test, "failed", tell(error))
        if self._is_broken():
            self._add(test, "error", PROCESS_ENDED)
            self.stop()
        super().stopTest(test)

    def end(self, clear_away: Callable[[], None]) -> None:
        """Add what happens after the last test: in tearDownClass and the like, and in what is left to clear away."""
        try:
            clear_away()
        except BaseException as error:  # noqa: BLE001 - the answer's, mostly
            self._add("tearDown", "failed" if isinstance(error, AssertionError) else kind_of_error(error), tell(error))
        for swallowed in self._assertions.take():
            self._add("tearDown", "failed", tell(swallowed))

    def addSuccess(self, test: unittest.TestCase) -> None:
        self._add(test, "passed")

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        self._add(test, kind_of_error(err[1]), tell(err[1]))

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        self._add(test, "failed", tell(err[1]))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self._add(getattr(test, "test_case", test), "skipped", reason)  # of a subtest, the test

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self._add(test, "failed", "The test was expected to fail.")

    def addExpectedFailure(self, test: unittest.TestCase, _err: Any) -> None:
        self._add(test, "passed")

    def addSubTest(self, test: unittest.TestCase, subtest: Any, err: Any) -> None:
        if err is not None:
            outcome = "failed" if issubclass(err[0], test.failureException) else kind_of_error(err[1])
            self._add(test, outcome, f"{subtest._subDescription()}: {tell(err[1])}")  # noqa: SLF001

    def _add(self, test: Any, outcome: str, message: str = "") -> None:
        name = test_name(test)
        known = self.found.setdefault(name, result(name, outcome, message))
        if _GRAVITY.index(outcome) > _GRAVITY.index(known["outcome"]):
            known.update(result(name, outcome, message))


def test_name(test: Any) -> str:
    """Return `Class.method`, or `function`; of what is no test but a class's set-up, what unittest calls it."""
    if isinstance(test, unittest.FunctionTestCase):
        return test.id()
    method = getattr(test, "_testMethodName", None)
    return f"{type(test).__qualname__}.{method}" if method else str(test)
