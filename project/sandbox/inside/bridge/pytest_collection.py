"""Collection of tests as by pytest: functions named `test…`, also in a class `Test…`, once for each parameter set.

A test that needs an unknown fixture is an error when it runs, so that no test is skipped silently.
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

from .proxies import reference_of
from .pytest_fixtures import Fixture, Fixtures, Item, Request

MAX_LABEL = 60  # characters, of a value in a test's name
PARAMETERS = "__parameters__"  # of a function or class: its lists of parameter sets, that of the lowest decorator first
USED = "__used_fixtures__"  # of a function or class: the names in its marks `usefixtures`
_PLAIN = (str, int, float, bool, type(None))
_NO_ARGUMENTS: Mapping[str, Any] = types.MappingProxyType({})


class ParameterSet(NamedTuple):
    """One set of arguments of a test, as pytest calls it."""

    label: str
    arguments: Mapping[str, Any]
    marks: tuple[Callable[[Any], Any], ...] = ()
    given: Mapping[str, Any] = _NO_ARGUMENTS  # the parameters of fixtures, by their names


class Param:
    """`pytest.param`: the values of one parameter set, with its name."""

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
    sets: list[ParameterSet] = []
    for number, value in enumerate(values):
        given = value if isinstance(value, Param) else Param(*((value,) if is_bare else value))
        arguments = dict(zip(listed, given.values, strict=True))
        label = given.id or _chosen(ids, number, given.values) or _label(arguments, number)
        direct = {name: value for name, value in arguments.items() if name not in for_fixtures}
        sets.append(ParameterSet(label, direct, given.marks, {name: arguments[name] for name in for_fixtures}))

    def decorator(decorated: Any) -> Any:
        setattr(decorated, PARAMETERS, [*vars(decorated).get(PARAMETERS, ()), sets])
        return decorated

    return decorator


def use_fixtures(*names: str) -> Callable[[Any], Any]:
    """Return the decorator that `pytest.mark.usefixtures` is."""

    def decorator(decorated: Any) -> Any:
        setattr(decorated, USED, [*getattr(decorated, USED, ()), *names])
        return decorated

    return decorator


class CollectedTests(NamedTuple):
    """The functions of a module, and the methods of its plain classes, as tests of unittest."""

    found: list[unittest.TestCase]
    fixtures: Fixtures


def collect(module: types.ModuleType, more: Mapping[str, Fixture]) -> CollectedTests:
    """Return the tests of a module; `more` are fixtures of other modules that it can use.

    Names imported from the answer are not collected: proxies have other types.
    """
    own = {made.name: made for made in vars(module).values() if isinstance(made, Fixture)}
    fixtures = Fixtures(module, {**more, **own})
    tests = CollectedTests([], fixtures)
    for name, value in list(vars(module).items()):
        if name.startswith("test") and type(value) is types.FunctionType:
            tests.found.extend(_parametrized(fixtures, Item(name, _marked(value, module), None, module)))
        elif name.startswith("Test") and type(value) is type and not issubclass(value, unittest.TestCase):
            kind = _marked(_marked(value, module), value)
            tests.found.extend(_methods(fixtures, kind, module))
    return tests


def _marked(test: Any, place: Any) -> Any:
    """Return a test with the marks in the `pytestmark` of its module or class."""
    marks = vars(place).get("pytestmark", ())
    if reference_of(marks) is not None:
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
            yield from _parametrized(fixtures, item, getattr(kind, PARAMETERS, ()))


def _call(fixtures: Fixtures, item: Item, parameter_set: ParameterSet) -> None:
    """Run one test, with the values of its fixtures."""
    kind = item.kind
    if getattr(kind, "__unittest_skip__", False):
        raise unittest.SkipTest(getattr(kind, "__unittest_skip_why__", ""))
    request = Request(fixtures, item, kind() if kind else None, parameter_set.given)
    fixtures.begin(item)
    try:
        for made in _needed(fixtures, item, parameter_set):
            request.getfixturevalue(made.name)
        wanted = [name for name in _wanted(item) if name not in parameter_set.arguments]
        values = {name: request.getfixturevalue(name) for name in wanted}
        function = functools.partial(item.function, request.instance) if kind else item.function
        outcome = function(**parameter_set.arguments, **values)
        if inspect.iscoroutine(outcome):
            asyncio.run(outcome)
        elif inspect.isgenerator(outcome):
            raise TypeError("A test cannot be a generator.")
    finally:
        fixtures.end_test()


def _wanted(item: Item) -> list[str]:
    """Return the names of the arguments of a test that have no default value."""
    parameters = list(inspect.signature(item.function).parameters.values())
    free = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    # The mocks of `@patch` are the first arguments.
    patches = [one for one in getattr(item.function, "patchings", ()) if one.new is unittest.mock.DEFAULT]
    mocks = len([one for one in patches if not one.attribute_name])
    of_test = parameters[mocks + (1 if item.kind else 0) :]
    return [one.name for one in of_test if one.kind in free and one.default is inspect.Parameter.empty]


def _needed(fixtures: Fixtures, item: Item, parameter_set: ParameterSet) -> list[Fixture]:
    used = [*getattr(item.function, USED, ()), *getattr(item.kind, USED, ())]
    names = [name for name in _wanted(item) if name not in parameter_set.arguments]
    return fixtures.needed([*used, *names], item.kind)


def _parametrized(
    fixtures: Fixtures, item: Item, more: Iterable[list[ParameterSet]] = ()
) -> Iterator[unittest.TestCase]:
    """Yield a test for each combination of the parameter sets of a function and of its fixtures."""
    seen: set[str] = set()
    marked = [*more, *reversed(getattr(item.function, PARAMETERS, ()))]
    direct = ParameterSet(
        "", {name: None for sets in marked for parameter_set in sets[:1] for name in parameter_set.arguments}
    )
    made = [fixture for fixture in _needed(fixtures, item, direct) if fixture.params]
    indirect = {name for sets in marked for parameter_set in sets[:1] for name in parameter_set.given}
    choices = [*marked, *(_choices(fixture) for fixture in made if fixture.name not in indirect)]
    for sets in itertools.product(*choices):
        label = "-".join(parameter_set.label for parameter_set in reversed(sets))
        title = f"{item.name}[{label}]" if sets else item.name
        title = f"{title} ({len(seen) + 1})" if title in seen else title
        seen.add(title)
        arguments = {key: value for parameter_set in sets for key, value in parameter_set.arguments.items()}
        given = {key: value for parameter_set in sets for key, value in parameter_set.given.items()}
        call = functools.partial(_call, fixtures, item, ParameterSet(title, arguments, (), given))
        yield _test(title, call, [mark for parameter_set in sets for mark in parameter_set.marks])


def _choices(fixture: Fixture) -> list[ParameterSet]:
    """Return the parameter sets of a fixture."""
    choices = []
    for number, value in enumerate(fixture.params):
        given = value if isinstance(value, Param) else Param(value)
        label = (
            given.id or _chosen(fixture.ids, number, given.values) or _label({fixture.name: given.values[0]}, number)
        )
        choices.append(ParameterSet(label, {}, given.marks, {fixture.name: given.values[0]}))
    return choices


def _test(title: str, call: Callable[[], None], marks: Iterable[Callable[[Any], Any]]) -> unittest.TestCase:
    def test() -> None:
        call()

    for mark in marks:
        test = mark(test)
    test.__name__ = title
    return unittest.FunctionTestCase(test)


def _chosen(ids: Any, number: int, values: tuple[Any, ...]) -> str | None:
    """Return the name that the test chooses for a parameter set."""
    if callable(ids):
        chosen = [ids(value) for value in values]
        return None if None in chosen else "-".join(map(str, chosen))
    return str(ids[number]) if ids is not None and ids[number] is not None else None


def _label(arguments: Mapping[str, Any], number: int) -> str:
    """Name a parameter set by its values, as far as they are short and plain."""
    texts = ((name, str(value) if type(value) in _PLAIN else "") for name, value in arguments.items())
    return "-".join(text if 0 < len(text) <= MAX_LABEL else f"{name}{number}" for name, text in texts)
