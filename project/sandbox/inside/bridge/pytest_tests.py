"""What pytest would take for tests: functions named `test…`, also in a class `Test…`, once for each of its parameters.

What wants a fixture that there is not is an error when it runs, so that nothing is passed over in silence.
"""

import asyncio
import functools
import inspect
import itertools
import types
import unittest
import unittest.mock
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .proxies import remote_of
from .pytest_fixtures import Fixture, Fixtures, Item, Request

MAX_LABEL = 60  # characters, of a value in a test's name
PARAMETERS = "__parameters__"  # of a function or class: its lists of runs, that of the lowest decorator first
USED = "__used_fixtures__"  # of a function or class: the names in its marks `usefixtures`
_PLAIN = (str, int, float, bool, type(None))
_NO_ARGUMENTS: Mapping[str, Any] = types.MappingProxyType({})


class Run(NamedTuple):
    """One set of arguments of a test."""

    label: str
    arguments: Mapping[str, Any]
    marks: tuple[Callable[[Any], Any], ...] = ()
    given: Mapping[str, Any] = _NO_ARGUMENTS  # the parameters of fixtures


class Parameters:
    """`pytest.param`: the values of one run, with its name."""

    def __init__(self, *values: Any, id: str | None = None, marks: Any = ()) -> None:  # noqa: A002 - pytest's name
        self.values, self.id = values, id
        self.marks = tuple(marks) if isinstance(marks, list | tuple) else (marks,)


def parametrize(
    names: str | Iterable[str], values: Iterable[Any], *, ids: Any = None, indirect: Any = False, **_: Any
) -> Callable[[Any], Any]:
    """Return the decorator that `pytest.mark.parametrize` is."""
    listed = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    is_bare = isinstance(names, str) and len(listed) == 1  # the values are the arguments themselves, and no tuples
    for_fixtures = set(listed if indirect is True else indirect or ())
    runs: list[Run] = []
    for number, value in enumerate(values):
        given = value if isinstance(value, Parameters) else Parameters(*((value,) if is_bare else value))
        arguments = dict(zip(listed, given.values, strict=True))
        label = given.id or _chosen(ids, number, given.values) or _label(arguments, number)
        direct = {name: value for name, value in arguments.items() if name not in for_fixtures}
        runs.append(Run(label, direct, given.marks, {name: arguments[name] for name in for_fixtures}))

    def decorator(decorated: Any) -> Any:
        setattr(decorated, PARAMETERS, [*vars(decorated).get(PARAMETERS, ()), runs])
        return decorated

    return decorator


def use_fixtures(*names: str) -> Callable[[Any], Any]:
    """Return the decorator that `pytest.mark.usefixtures` is."""

    def decorator(decorated: Any) -> Any:
        setattr(decorated, USED, [*getattr(decorated, USED, ()), *names])
        return decorated

    return decorator


class Tests(NamedTuple):
    """The functions of a module, and the methods of its plain classes, as tests of unittest."""

    found: list[unittest.TestCase]
    fixtures: Fixtures


def collect(module: types.ModuleType, more: Mapping[str, Fixture]) -> Tests:
    """Return the tests of a module; `more` are the fixtures of others that it can use.

    A name that stands for the answer's is none of the module's own: its type is another.
    """
    own = {made.name: made for made in vars(module).values() if isinstance(made, Fixture)}
    fixtures = Fixtures(module, {**more, **own})
    tests = Tests([], fixtures)
    for name, value in list(vars(module).items()):
        if name.startswith("test") and type(value) is types.FunctionType:
            tests.found.extend(_runs(fixtures, Item(name, _marked(value, module), None, module)))
        elif name.startswith("Test") and type(value) is type and not issubclass(value, unittest.TestCase):
            kind = _marked(_marked(value, module), value)
            tests.found.extend(_methods(fixtures, kind, module))
    return tests


def _marked(test: Any, place: Any) -> Any:
    """Return a test with the marks that stand in the `pytestmark` of its module or class."""
    marks = vars(place).get("pytestmark", ())
    if remote_of(marks) is not None:
        return test
    for mark in marks if isinstance(marks, list | tuple) else [marks]:
        test = mark(test)
    return test


def _methods(fixtures: Fixtures, kind: type, module: types.ModuleType) -> Iterator[unittest.TestCase]:
    """Yield the tests in a class, each with an object of its own."""
    for name in dir(kind):
        method = getattr(kind, name)
        if name.startswith("test") and type(method) is types.FunctionType:
            item = Item(f"{kind.__name__}.{name}", method, kind, module)
            yield from _runs(fixtures, item, getattr(kind, PARAMETERS, ()))


def _call(fixtures: Fixtures, item: Item, run: Run) -> None:
    """Run one test, with the values of its fixtures."""
    kind = item.kind
    if getattr(kind, "__unittest_skip__", False):
        raise unittest.SkipTest(getattr(kind, "__unittest_skip_why__", ""))
    request = Request(fixtures, item, kind() if kind else None, run.given)
    fixtures.begin(item)
    try:
        for made in _needed(fixtures, item, run):
            request.getfixturevalue(made.name)
        wanted = [name for name in _wanted(item) if name not in run.arguments]
        values = {name: request.getfixturevalue(name) for name in wanted}
        function = functools.partial(item.function, request.instance) if kind else item.function
        outcome = function(**run.arguments, **values)
        if inspect.iscoroutine(outcome):
            asyncio.run(outcome)
        elif inspect.isgenerator(outcome):
            raise TypeError("A test cannot be a generator.")
    finally:
        fixtures.end_test()


def _wanted(item: Item) -> list[str]:
    """Return the names of a test's arguments that have no value of their own."""
    parameters = list(inspect.signature(item.function).parameters.values())
    free = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    # A mock for `@patch` comes as one of the first arguments.
    patches = [one for one in getattr(item.function, "patchings", ()) if one.new is unittest.mock.DEFAULT]
    mocks = len([one for one in patches if not one.attribute_name])
    of_test = parameters[mocks + (1 if item.kind else 0) :]
    return [one.name for one in of_test if one.kind in free and one.default is inspect.Parameter.empty]


def _needed(fixtures: Fixtures, item: Item, run: Run) -> list[Fixture]:
    used = [*getattr(item.function, USED, ()), *getattr(item.kind, USED, ())]
    names = [name for name in _wanted(item) if name not in run.arguments]
    return fixtures.needed([*used, *names], item.kind)


def _runs(fixtures: Fixtures, item: Item, more: Iterable[list[Run]] = ()) -> Iterator[unittest.TestCase]:
    """Yield a test for each combination of a function's parameters, and those of its fixtures."""
    seen: set[str] = set()
    marked = [*more, *reversed(getattr(item.function, PARAMETERS, ()))]
    direct = Run("", {name: None for runs in marked for run in runs[:1] for name in run.arguments})
    made = [fixture for fixture in _needed(fixtures, item, direct) if fixture.params]
    indirect = {name for runs in marked for run in runs[:1] for name in run.given}
    choices = [*marked, *(_choices(fixture) for fixture in made if fixture.name not in indirect)]
    for runs in itertools.product(*choices):
        label = "-".join(run.label for run in reversed(runs))
        title = f"{item.name}[{label}]" if runs else item.name
        title = f"{title} ({len(seen) + 1})" if title in seen else title
        seen.add(title)
        arguments = {key: value for run in runs for key, value in run.arguments.items()}
        given = {key: value for run in runs for key, value in run.given.items()}
        call = functools.partial(_call, fixtures, item, Run(title, arguments, (), given))
        yield _test(title, call, [mark for run in runs for mark in run.marks])


def _choices(fixture: Fixture) -> list[Run]:
    """Return the parameters of a fixture."""
    choices = []
    for number, value in enumerate(fixture.params):
        given = value if isinstance(value, Parameters) else Parameters(value)
        label = (
            given.id or _chosen(fixture.ids, number, given.values) or _label({fixture.name: given.values[0]}, number)
        )
        choices.append(Run(label, {}, given.marks, {fixture.name: given.values[0]}))
    return choices


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
