"""What pytest would take for tests: functions named `test…`, also in a class `Test…`, once for each of its parameters.

What wants a fixture is an error when it runs, so that nothing is passed over in silence.
"""

import functools
import itertools
import types
import unittest
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

MAX_LABEL = 60  # characters, of a value in a test's name
PARAMETERS = "__parameters__"  # of a function or class: its lists of runs, that of the lowest decorator first
_PLAIN = (str, int, float, bool, type(None))


class Run(NamedTuple):
    """One set of arguments of a test."""

    label: str
    arguments: Mapping[str, Any]
    marks: tuple[Callable[[Any], Any], ...]


class Parameters:
    """`pytest.param`: the values of one run, with its name."""

    def __init__(self, *values: Any, id: str | None = None, marks: Any = ()) -> None:  # noqa: A002 - pytest's name
        self.values, self.id = values, id
        self.marks = tuple(marks) if isinstance(marks, list | tuple) else (marks,)


def parametrize(
    names: str | Iterable[str], values: Iterable[Any], *, ids: Any = None, **_: Any
) -> Callable[[Any], Any]:
    """Return the decorator that `pytest.mark.parametrize` is."""
    listed = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    is_bare = isinstance(names, str) and len(listed) == 1  # the values are the arguments themselves, and no tuples
    runs: list[Run] = []
    for number, value in enumerate(values):
        given = value if isinstance(value, Parameters) else Parameters(*((value,) if is_bare else value))
        arguments = dict(zip(listed, given.values, strict=True))
        label = given.id or _chosen(ids, number, given.values) or _label(arguments, number)
        runs.append(Run(label, arguments, given.marks))

    def decorator(decorated: Any) -> Any:
        setattr(decorated, PARAMETERS, [*vars(decorated).get(PARAMETERS, ()), runs])
        return decorated

    return decorator


def functions(tests: types.ModuleType) -> list[unittest.TestCase]:
    """Return the functions of a module, and the methods of its plain classes, as tests of unittest.

    A name that stands for the answer's is none of the module's own: its type is another.
    """
    found: list[unittest.TestCase] = []
    for name, value in vars(tests).items():
        if name.startswith("test") and type(value) is types.FunctionType:
            found += _runs(name, value, value)
        elif name.startswith("Test") and type(value) is type and not issubclass(value, unittest.TestCase):
            found += _methods(value)
    return found


def _methods(kind: type) -> Iterator[unittest.TestCase]:
    """Yield the tests in a class, each with an object of its own."""
    for name in dir(kind):
        method = getattr(kind, name)
        if name.startswith("test") and type(method) is types.FunctionType:
            inherited = getattr(kind, PARAMETERS, ())
            yield from _runs(f"{kind.__name__}.{name}", method, functools.partial(_call, kind, name), inherited)


def _call(kind: type, name: str, **arguments: Any) -> None:
    """Run one test of a class, between what comes before and after each."""
    if getattr(kind, "__unittest_skip__", False):
        raise unittest.SkipTest(getattr(kind, "__unittest_skip_why__", ""))
    instance = kind()
    for step in ("setup_class", "setup_method"):
        getattr(instance, step, _nothing)()
    try:
        getattr(instance, name)(**arguments)
    finally:
        for step in ("teardown_method", "teardown_class"):
            getattr(instance, step, _nothing)()


def _nothing() -> None:
    """Do nothing."""


def _runs(
    name: str, function: Any, call: Callable[..., None], more: Iterable[list[Run]] = ()
) -> Iterator[unittest.TestCase]:
    """Yield a test for each combination of a function's parameters."""
    seen: set[str] = set()
    for runs in itertools.product(*more, *reversed(getattr(function, PARAMETERS, ()))):
        label = "-".join(run.label for run in reversed(runs))
        title = f"{name}[{label}]" if runs else name
        title = f"{title} ({len(seen) + 1})" if title in seen else title
        seen.add(title)
        arguments = {key: value for run in runs for key, value in run.arguments.items()}
        yield _test(title, functools.partial(call, **arguments), [mark for run in runs for mark in run.marks])


def _test(title: str, call: Callable[[], None], marks: Iterable[Callable[[Any], Any]]) -> unittest.TestCase:
    def test() -> None:
        call()

    for mark in marks:
        test = mark(test)
    test.__name__ = title
    return unittest.FunctionTestCase(test)


def _chosen(ids: Any, number: int, values: tuple[Any, ...]) -> str | None:
    """Return the name that the test gives to one run."""
    if callable(ids):
        chosen = [ids(value) for value in values]
        return None if None in chosen else "-".join(map(str, chosen))
    return str(ids[number]) if ids is not None and ids[number] is not None else None


def _label(arguments: Mapping[str, Any], number: int) -> str:
    """Name a run by its values, those that are short and plain."""
    texts = ((name, str(value) if type(value) in _PLAIN else "") for name, value in arguments.items())
    return "-".join(text if 0 < len(text) <= MAX_LABEL else f"{name}{number}" for name, text in texts)
