"""Changes to `unittest.TestCase`, so that no assertion is decided by what the learner's objects say.

`==` between a proxy and a plain value is decided on this side (see `comparing`), and most assertions come down to it.
Those that are changed here do more with their arguments than to compare them.
"""

import difflib
import functools
import unittest
from collections.abc import Callable, Iterable
from typing import Any

from .comparing import plain
from .proxies import remote_of

MAX_DIFFERENCE_LINES, MAX_DIFFERENCE_CHARACTERS = 200, 10_000

_ASSERTIONS = ("assertAlmostEqual", "assertNotAlmostEqual", "assertSetEqual", "assertRegex", "assertNotRegex")
_NEW_ASSERTIONS = ("assertStartsWith", "assertNotStartsWith", "assertEndsWith", "assertNotEndsWith")  # Python 3.14
_MEMBERSHIPS = ("assertIn", "assertNotIn")
# They call what the test defines, and so the answer.
_CALLERS = ("_callSetUp", "_callTestMethod", "_callTearDown", "_callCleanup")
# These end more than the test in which they are raised, so from the answer they come as another exception.
_ENDING = (KeyboardInterrupt, SystemExit, GeneratorExit)


class AnswerStopped(Exception):
    """The answer raised what would end the tester: the `reason`."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__()  # without a text: it is the answer's code that would make it
        self.reason = reason


def guard(case: type[unittest.TestCase], settle: Callable[[], None]) -> None:
    """Change the class, and what it shows differences with. `settle` is called before each assertion."""
    difflib.ndiff = _bounded(difflib.ndiff)  # type: ignore[assignment] # for lists, which is what unittest has
    decided = (*_ASSERTIONS, *(name for name in _NEW_ASSERTIONS if hasattr(case, name)))
    for names, guarded in ((decided, _decided_here), (_MEMBERSHIPS, _of_plain_values), (_CALLERS, _contained)):
        for name in names:
            setattr(case, name, guarded(getattr(case, name)))
    for name in dir(case):
        if name.startswith("assert"):
            setattr(case, name, _settled(getattr(case, name), settle))


def _bounded(ndiff: Callable[..., Iterable[str]]) -> Callable[..., Iterable[str]]:
    """Refuse long texts: the time that it takes to compare them grows with the cube of their length."""

    def bounded(a: list[str], b: list[str], *args: Any, **kwargs: Any) -> Iterable[str]:
        if len(a) + len(b) > MAX_DIFFERENCE_LINES or sum(map(len, (*a, *b))) > MAX_DIFFERENCE_CHARACTERS:
            return ["(too long to be compared line by line)"]
        return ndiff(a, b, *args, **kwargs)

    return bounded


def _settled(assertion: Callable[..., Any], settle: Callable[[], None]) -> Callable[..., Any]:
    """Let the changes that the answer has made to the test's containers be seen by an assertion."""

    @functools.wraps(assertion)
    def method(*args: Any, **kwargs: Any) -> Any:
        settle()
        return assertion(*args, **kwargs)

    return method


def _of_plain_values(assertion: Callable[..., Any]) -> Callable[..., Any]:
    """Let an assertion see the plain values of proxies."""

    @functools.wraps(assertion)
    def method(self: Any, first: Any, second: Any, *args: Any, **kwargs: Any) -> Any:
        return assertion(self, plain(first), plain(second), *args, **kwargs)

    return method


def _decided_here(assertion: Callable[..., Any]) -> Callable[..., Any]:
    """Let an assertion see plain values, and fail where a proxy without one stands against a plain value."""

    @functools.wraps(assertion)
    def method(self: Any, first: Any, second: Any, *args: Any, **kwargs: Any) -> Any:
        first, second = plain(first), plain(second)
        if (remote_of(first) is None) != (remote_of(second) is None):
            raise self.failureException(f"{type(first).__name__} cannot be compared with {type(second).__name__}")
        return assertion(self, first, second, *args, **kwargs)

    return method


def _contained(call: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an exception that ends more than a test into one that does not."""

    @functools.wraps(call)
    def method(*args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except _ENDING as error:
            raise AnswerStopped(error) from error

    return method
