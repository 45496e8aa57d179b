"""A replacement for pytest, with what tests in two processes can use. `pytest_names` lists it."""

import fractions
import functools
import importlib
import math
import re
import types
import unittest
from collections.abc import Callable
from typing import Any, NoReturn, Self

from .comparisons import plain
from .proxies import reference_of
from .pytest_builtin_fixtures import Capture, MonkeyPatch, Recorder
from .pytest_collection import Param, parametrize, use_fixtures
from .pytest_fixtures import Request, fixture


def _xfail(*conditions: Any, reason: str = "", **_: Any) -> Any:
    """Skip a test if it fails as expected; with or without arguments."""
    if conditions and isinstance(conditions[0], types.FunctionType):
        return _xfail()(conditions[0])

    def decorator(test: Any) -> Any:
        if conditions and not conditions[0]:
            return test

        @functools.wraps(test)
        def expected_to_fail(*args: Any, **kwargs: Any) -> None:
            try:
                test(*args, **kwargs)
            except Exception as error:
                raise unittest.SkipTest(reason or "It was expected to fail.") from error

        return expected_to_fail

    return decorator


def _skip(*tests: Any, reason: str = "") -> Any:
    """Skip a test; with or without arguments, of which the only one may be the reason."""
    if tests and not isinstance(tests[0], str):
        return unittest.skip(reason)(tests[0])
    return unittest.skip(reason or "".join(tests))


class _Marks:
    """`pytest.mark`. Unknown marks, with or without arguments, have no effect."""

    parametrize = staticmethod(parametrize)
    skip = staticmethod(_skip)
    skipif = staticmethod(lambda condition, *, reason="": unittest.skipIf(condition, reason))
    xfail = staticmethod(_xfail)
    usefixtures = staticmethod(use_fixtures)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def mark(*args: Any, **_: Any) -> Any:
            is_bare = len(args) == 1 and isinstance(args[0], type | types.FunctionType)
            return args[0] if is_bare else lambda decorated: decorated

        return mark


class raises:  # noqa: N801 - pytest's name
    """`pytest.raises`, and the object of its `with`, which has `value`, `type` and `match`."""

    __class_getitem__: Any = classmethod(types.GenericAlias)

    def __init__(self, expected: Any, *call: Any, match: str | None = None, **keywords: Any) -> None:
        self.expected = expected
        self.pattern = match
        self.value: Any = None
        if call:
            with self:
                call[0](*call[1:], **keywords)

    @property
    def type(self) -> type | None:
        """The exception's class."""
        return None if self.value is None else type(self.value)

    def match(self, pattern: str) -> bool:
        """Fail unless the exception's text has the pattern in it."""
        if not re.search(pattern, str(self.value)):
            raise AssertionError(f"{pattern!r} is not found in {str(self.value)!r}")
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> bool:
        if error is None:
            raise AssertionError(f"{self.expected} was not raised")
        if not isinstance(error, self.expected):
            return False
        self.value = error
        if self.pattern is not None:
            self.match(self.pattern)
        return True


class approx:  # noqa: N801 - pytest's name
    """`pytest.approx` for numbers, and sequences and dicts of them. `abs` alone leaves no relative tolerance."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, expected: Any, rel: float | None = None, abs: float | None = None) -> None:  # noqa: A002 - pytest's name
        self.expected = expected
        self.rel, self.abs = rel, abs

    def __eq__(self, actual: object) -> bool:
        # Either may be a value of the answer: `assert approx(f()) == 0.3`.
        expected, actual = plain(self.expected), plain(actual)
        if reference_of(expected) is not None or reference_of(actual) is not None:
            return False
        return self._is_near(expected, actual)

    def _is_near(self, expected: Any, actual: Any) -> bool:
        if isinstance(expected, dict):
            return (
                isinstance(actual, dict)
                and expected.keys() == actual.keys()
                and all(approx(expected[key], self.rel, self.abs) == actual[key] for key in expected)
            )
        if isinstance(expected, list | tuple):
            return len(expected) == len(actual) and all(
                approx(one, self.rel, self.abs) == other for one, other in zip(expected, actual, strict=True)
            )
        if expected == actual:
            return True
        if not (_is_finite(expected) and _is_finite(actual)):
            return False
        return bool(abs(expected - actual) <= self._tolerance(expected))

    def _tolerance(self, expected: Any) -> float:
        absolute: float = 1e-12 if self.abs is None else self.abs
        if self.rel is None and self.abs is not None:
            return absolute
        relative: float = (1e-6 if self.rel is None else self.rel) * abs(expected)
        return max(absolute, relative)

    def __repr__(self) -> str:
        return f"approx({self.expected!r})"


def _is_finite(value: Any) -> bool:
    """Whether it is a finite number. Infinity and NaN are only near to what they equal."""
    if not isinstance(value, int | float | complex | fractions.Fraction):
        return False
    size: Any = abs(value)
    return bool(size < math.inf)


class warns(Recorder):  # noqa: N801 - pytest's name
    """`pytest.warns`: receives the warnings of the answer, see `patched_globals`."""

    def __init__(self, expected: Any = Warning, *call: Any, match: str | None = None, **keywords: Any) -> None:
        super().__init__()
        self.expected, self.pattern = expected, match
        if call:
            with self:
                call[0](*call[1:], **keywords)

    def __exit__(self, *raised: object) -> None:
        super().__exit__(*raised)
        if raised[0] is not None:
            return
        fitting = [one for one in self.list if issubclass(one.category, self.expected)]
        if not fitting:
            raise AssertionError(f"{self.expected} was not warned of")
        if self.pattern is not None and not any(re.search(self.pattern, str(one.message)) for one in fitting):
            raise AssertionError(f"{self.pattern!r} is not found in {[str(one.message) for one in fitting]}")


def deprecated_call(*call: Any, match: str | None = None, **keywords: Any) -> warns:
    """Return `warns` for deprecation warnings."""
    kinds = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
    return warns(kinds, *call, match=match, **keywords)


def skip(reason: str = "") -> NoReturn:
    """Skip the test."""
    raise unittest.SkipTest(reason)


def fail(reason: str = "") -> NoReturn:
    """Fail the test."""
    raise AssertionError(reason)


def xfail(reason: str = "") -> NoReturn:
    """Skip the rest of the test, which is expected to fail."""
    raise unittest.SkipTest(reason)


def importorskip(name: str, **_: Any) -> Any:
    """Return a module, or skip the test where there is none of that name."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise unittest.SkipTest(f"could not import {name!r}") from None


def module() -> types.ModuleType:
    """Return the module that `import pytest` imports."""
    shim = types.ModuleType("pytest")
    shim.__dict__.update(
        mark=_Marks(),
        param=Param,
        fixture=fixture,
        raises=raises,
        warns=warns,
        deprecated_call=deprecated_call,
        approx=approx,
        skip=skip,
        fail=fail,
        xfail=xfail,
        importorskip=importorskip,
        MonkeyPatch=MonkeyPatch,
        # For annotations.
        CaptureFixture=Capture,
        ExceptionInfo=raises,
        FixtureRequest=Request,
        WarningsRecorder=Recorder,
    )
    return shim
