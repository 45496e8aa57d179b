"""Patches of `unittest.TestCase`, so that no assertion is decided by methods of the learner's objects.

`==` between a proxy and a plain value is decided on this side (see `comparisons`), and most assertions only use that.
Those that are patched here call other methods of their arguments.
"""

import difflib
import functools
import unittest
from collections.abc import Callable, Iterable
from typing import Any

from .comparisons import plain
from .proxies import reference_of

MAX_DIFFERENCE_LINES, MAX_DIFFERENCE_CHARACTERS = 200, 10_000

_ASSERTIONS = ("assertAlmostEqual", "assertNotAlmostEqual", "assertSetEqual", "assertRegex", "assertNotRegex")
_NEW_ASSERTIONS = ("assertStartsWith", "assertNotStartsWith", "assertEndsWith", "assertNotEndsWith")  # Python 3.14
_MEMBERSHIPS = ("assertIn", "assertNotIn")
# They call methods of the test, and so the answer.
_PHASES = ("_callSetUp", "_callTestMethod", "_callTearDown", "_callCleanup")
# These would end more than the test in which they are raised; when the answer raises one, it is replaced.
_EXITS = (KeyboardInterrupt, SystemExit, GeneratorExit)


class ExitFromAnswer(Exception):
    """The answer raised an exception that would end the tester: the `reason`."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__()  # without a text, which code of the answer would produce
        self.reason = reason


def patch_test_case(case: type[unittest.TestCase], apply_deferred_changes: Callable[[], None]) -> None:
    """Patch the class, and the function by which it shows differences."""
    difflib.ndiff = _bounded(difflib.ndiff)  # type: ignore[assignment] # for lists, which is what unittest has
    decided = (*_ASSERTIONS, *(name for name in _NEW_ASSERTIONS if hasattr(case, name)))
    for names, guarded in ((decided, _decided_here), (_MEMBERSHIPS, _of_plain_values), (_PHASES, _without_exit)):
        for name in names:
            setattr(case, name, guarded(getattr(case, name)))
    for name in dir(case):
        if name.startswith("assert"):
            setattr(case, name, _after_deferred_changes(getattr(case, name), apply_deferred_changes))


def _bounded(ndiff: Callable[..., Iterable[str]]) -> Callable[..., Iterable[str]]:
    """Refuse long texts: the time for comparing them grows with the cube of their length."""

    def bounded(a: list[str], b: list[str], *args: Any, **kwargs: Any) -> Iterable[str]:
        if len(a) + len(b) > MAX_DIFFERENCE_LINES or sum(map(len, (*a, *b))) > MAX_DIFFERENCE_CHARACTERS:
            return ["(too long to be compared line by line)"]
        return ndiff(a, b, *args, **kwargs)

    return bounded


def _after_deferred_changes(
    assertion: Callable[..., Any], apply_deferred_changes: Callable[[], None]
) -> Callable[..., Any]:
    """Apply the changes that the answer made to containers of the test before an assertion."""

    @functools.wraps(assertion)
    def method(*args: Any, **kwargs: Any) -> Any:
        apply_deferred_changes()
        return assertion(*args, **kwargs)

    return method


def _of_plain_values(assertion: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the plain values of proxies to an assertion."""

    @functools.wraps(assertion)
    def method(self: Any, first: Any, second: Any, *args: Any, **kwargs: Any) -> Any:
        return assertion(self, plain(first), plain(second), *args, **kwargs)

    return method


def _decided_here(assertion: Callable[..., Any]) -> Callable[..., Any]:
    """Pass plain values to an assertion; fail when a proxy without one is compared with a plain value."""

    @functools.wraps(assertion)
    def method(self: Any, first: Any, second: Any, *args: Any, **kwargs: Any) -> Any:
        first, second = plain(first), plain(second)
        if (reference_of(first) is None) != (reference_of(second) is None):
            raise self.failureException(f"{type(first).__name__} cannot be compared with {type(second).__name__}")
        return assertion(self, first, second, *args, **kwargs)

    return method


def _without_exit(call: Callable[..., Any]) -> Callable[..., Any]:
    """Replace an exception that would end more than the test by one that does not."""

    @functools.wraps(call)
    def method(*args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except _EXITS as error:
            raise ExitFromAnswer(error) from error

    return method
