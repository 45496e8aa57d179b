# ruff: noqa: N802, D102 - unittest's names and methods
"""The results of the tests, with messages for the learner."""

import errno
import sys
import unittest
from collections.abc import Callable
from typing import Any

from .answer_module import MISSING, AnswerModule
from .errors import PROCESS_ENDED, ConnectionClosed, ReadTimeExceeded
from .proxies import reference_of
from .swallowed_assertions import SwallowedAssertions
from .unittest_patches import ExitFromAnswer

MAX_MESSAGE = 2048  # characters
DEFAULT_ASSERTION_MESSAGE = "An assertion does not hold."  # of an `assert` without a message
NOT_RUN = "not_run"  # the outcome of a test that was not completed, and did not cause that
OUT_OF_MEMORY = "memory_limit"  # the outcome of a test in which the answer ran out of memory
TOO_SLOW = "time_limit"  # the outcome of a test for which decoding the answer's messages took too long
_SEVERITY = ("passed", "skipped", "failed", "error", OUT_OF_MEMORY, TOO_SLOW)


def result(name: str, outcome: str, message: str = "") -> dict[str, Any]:
    """Return a result as `tester.run` does."""
    return {"name": name, "outcome": outcome, "message": shortened(message)}


def shortened(text: str) -> str:
    """Cut a text in its middle."""
    half = MAX_MESSAGE // 2 - 3
    return text if len(text) <= MAX_MESSAGE else f"{text[:half]}\n...\n{text[-half:]}"


def describe_error(error: BaseException) -> str:  # noqa: PLR0911 - one for each kind
    """Return the text for an exception: of the answer with a traceback, of the test without."""
    if isinstance(error, ExitFromAnswer):
        error = error.reason
    if isinstance(error, ConnectionClosed):
        return PROCESS_ENDED
    if isinstance(error, ReadTimeExceeded):
        return str(error)
    reference = reference_of(error)
    if reference is not None and reference.traceback:
        return reference.traceback
    if isinstance(error, ImportError) and type(imported := sys.modules.get(str(error.name))) is AnswerModule:
        return vars(imported).get(MISSING) or str(error)
    if isinstance(error, AttributeError) and type(error.obj) is AnswerModule:
        return str(error)
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - a remote call may fail, or raise what ends the tests
        text = ""
    if isinstance(error, AssertionError):
        return text or DEFAULT_ASSERTION_MESSAGE
    return f"{type(error).__name__}: {text}".removesuffix(": ")


def outcome_of_error(error: BaseException) -> str:
    """Return the outcome of a test that ended with an exception which is no failed assertion.

    Large mappings fail with an OSError.
    """
    if isinstance(error, ReadTimeExceeded):
        return TOO_SLOW
    is_full = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
    return OUT_OF_MEMORY if is_full and reference_of(error) is not None else "error"


class Results(unittest.TestResult):
    """Collects one result per test. A test whose end was prevented, so that unittest reports nothing, has none."""

    def __init__(self, is_broken: Any, assertions: SwallowedAssertions) -> None:
        super().__init__()
        self.found: dict[str, dict[str, Any]] = {}
        self._is_broken = is_broken
        self._assertions = assertions

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._assertions.kinds = (AssertionError, test.failureException)

    def stopTest(self, test: unittest.TestCase) -> None:
        for error in self._assertions.pop_all():  # those of setUpClass too, before the first test
            self._add(test, "failed", describe_error(error))
        if self._is_broken():
            self._add(test, "error", PROCESS_ENDED)
            self.stop()
        super().stopTest(test)

    def end(self, tear_down: Callable[[], None]) -> None:
        """Add the errors after the last test: in tearDownClass and the like, and in the remaining fixtures."""
        try:
            tear_down()
        except BaseException as error:  # noqa: BLE001 - the answer's, mostly
            outcome = "failed" if isinstance(error, AssertionError) else outcome_of_error(error)
            self._add("tearDown", outcome, describe_error(error))
        for swallowed in self._assertions.pop_all():
            self._add("tearDown", "failed", describe_error(swallowed))

    def addSuccess(self, test: unittest.TestCase) -> None:
        self._add(test, "passed")

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        self._add(test, outcome_of_error(err[1]), describe_error(err[1]))

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        self._add(test, "failed", describe_error(err[1]))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self._add(getattr(test, "test_case", test), "skipped", reason)  # of a subtest, the test

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self._add(test, "failed", "The test was expected to fail.")

    def addExpectedFailure(self, test: unittest.TestCase, _err: Any) -> None:
        self._add(test, "passed")

    def addSubTest(self, test: unittest.TestCase, subtest: Any, err: Any) -> None:
        if err is not None:
            outcome = "failed" if issubclass(err[0], test.failureException) else outcome_of_error(err[1])
            self._add(test, outcome, f"{subtest._subDescription()}: {describe_error(err[1])}")  # noqa: SLF001

    def _add(self, test: Any, outcome: str, message: str = "") -> None:
        name = test_name(test)
        known = self.found.setdefault(name, result(name, outcome, message))
        if _SEVERITY.index(outcome) > _SEVERITY.index(known["outcome"]):
            known.update(result(name, outcome, message))


def test_name(test: Any) -> str:
    """Return `Class.method` or `function`; for the set-up of a class, the name that unittest uses."""
    if isinstance(test, unittest.FunctionTestCase):
        return test.id()
    method = getattr(test, "_testMethodName", None)
    return f"{type(test).__qualname__}.{method}" if method else str(test)
