"""Fixtures as in pytest: the values of the arguments of tests, made once for each test, class or module."""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from types import ModuleType
from typing import Any, NamedTuple

SCOPES = ("session", "package", "module", "class", "function")  # the longest first


class Fixture(NamedTuple):
    """A function with `@pytest.fixture`."""

    function: Callable[..., Any]
    name: str
    scope: str = "function"
    params: tuple[Any, ...] = ()
    ids: Any = None
    autouse: bool = False

    @property
    def needs(self) -> list[str]:
        """The names of the fixtures that are its arguments."""
        return [name for name in inspect.signature(self.function).parameters if name != "self"]


def fixture(  # noqa: PLR0913 - pytest's arguments
    function: Any = None,
    *,
    scope: Any = "function",
    params: Iterable[Any] | None = None,
    autouse: bool = False,
    ids: Any = None,
    name: str | None = None,
) -> Any:
    """Make a fixture, with or without arguments."""

    def decorator(made: Callable[..., Any]) -> Fixture:
        if scope not in SCOPES:
            raise ValueError(f"{scope!r} is no scope of a fixture")
        return Fixture(made, name or made.__name__, scope, tuple(params or ()), ids, autouse)

    return decorator if function is None else decorator(function)


class Item(NamedTuple):
    """A test function, for all its parameter sets."""

    name: str
    function: Callable[..., Any]
    kind: type | None  # the class that it is a method of
    module: ModuleType


class Request:
    """`request`: the test for which a fixture is set up, and the parameter of the fixture."""

    def __init__(self, store: "Fixtures", item: Item, instance: Any, given: Mapping[str, Any]) -> None:
        self.node, self.function, self.cls, self.module, self.instance = (
            item,
            item.function,
            item.kind,
            item.module,
            instance,
        )
        self._store = store
        self._given = given
        self._made: Fixture | None = None
        self._ends = ExitStack()

    def __getattr__(self, name: str) -> Any:
        if name == "param" and self._made is not None and self._made.name in self._given:
            return self._given[self._made.name]
        raise AttributeError(f"'FixtureRequest' object has no attribute '{name}'")

    @property
    def scope(self) -> str:
        """The scope of the fixture that is being set up."""
        return self._made.scope if self._made else "function"

    def getfixturevalue(self, name: str) -> Any:
        """Return the value of a fixture, which is set up if necessary."""
        return self._store.value(name, self)

    def addfinalizer(self, finalizer: Callable[[], Any]) -> None:
        """Register a function that is called when the fixture is torn down."""
        self._ends.callback(finalizer)

    def for_fixture(self, made: Fixture, ends: ExitStack) -> "Request":
        """Return the request of a fixture that this test needs."""
        request = Request(self._store, self.node, self.instance, self._given)
        request._made, request._ends = made, ends
        return request

    def parameter(self, name: str) -> Any:
        """Return the parameter of a fixture, if it has one."""
        return self._given.get(name)


class _Active(NamedTuple):
    """A fixture that is set up."""

    fixture: Fixture
    owner: Any
    parameter: Any
    value: Any
    ends: ExitStack


class Fixtures:
    """The fixtures of a test module, and those of them that are set up."""

    def __init__(self, module: ModuleType, shared: Mapping[str, Fixture]) -> None:
        self._module = module
        self._shared = shared
        self._known: dict[type | None, Mapping[str, Fixture]] = {}
        self._of_module = {made.name: made for made in _steps("module", module, "setup_module", "teardown_module")}
        self._active: list[_Active] = []

    def known(self, kind: type | None) -> Mapping[str, Fixture]:
        """Return the fixtures that a test in this class, or outside of classes, can use, by name."""
        if kind not in self._known:
            found = {**self._shared, **self._of_module}
            for parent in reversed(kind.__mro__ if kind else ()):
                found |= {made.name: made for made in vars(parent).values() if isinstance(made, Fixture)}
            if kind:
                of_test = [*_steps("class", kind, "setup_class", "teardown_class")]
                of_test += _steps("function", kind, "setup_method", "teardown_method")
            else:
                of_test = [*_steps("function", self._module, "setup_function", "teardown_function")]
            self._known[kind] = found | {made.name: made for made in of_test}
        return self._known[kind]

    def needed(self, names: Iterable[str], kind: type | None) -> list[Fixture]:
        """Return the fixtures with these names, the autouse ones, and all that these need: longest scope first."""
        known = self.known(kind)
        found: dict[str, Fixture] = {}
        open_names = [*(name for name, made in known.items() if made.autouse), *names]
        while open_names:
            name = open_names.pop(0)
            if name in known and name not in found:
                found[name] = known[name]
                open_names += known[name].needs
        return sorted(found.values(), key=lambda made: (SCOPES.index(made.scope), not made.autouse))

    def value(self, name: str, request: Request) -> Any:
        """Return the value of a fixture for a test. Raises LookupError if there is no such fixture."""
        if name == "request":
            return request
        made = self.known(request.cls).get(name)
        if made is None:
            raise LookupError(f"There is no fixture {name!r}.")
        owner = {"function": request.node, "class": request.cls}.get(made.scope)
        parameter = request.parameter(name)
        for active in self._active:
            if active.fixture is made and active.owner is owner:
                if active.parameter is parameter:
                    return active.value
                self._end(self._active[self._active.index(active) :])
                break
        ends = ExitStack()
        inner = request.for_fixture(made, ends)
        try:
            value = self._make(made, inner, ends)
        except BaseException:
            ends.close()
            raise
        self._active.append(_Active(made, owner, parameter, value, ends))
        return value

    def _make(self, made: Fixture, request: Request, ends: ExitStack) -> Any:
        function = made.function
        if "self" in inspect.signature(function).parameters:
            function = functools.partial(function, request.instance)
        arguments = {name: self.value(name, request) for name in made.needs}
        if not inspect.isgeneratorfunction(made.function):
            return function(**arguments)
        steps = function(**arguments)
        value = next(steps)
        ends.callback(next, steps, None)
        return value

    def begin(self, item: Item) -> None:
        """Tear down the fixtures for the tests of another class."""
        self._end(
            [active for active in self._active if active.fixture.scope == "class" and active.owner is not item.kind]
        )

    def end_test(self) -> None:
        """Tear down the fixtures for one test."""
        self._end([active for active in self._active if active.fixture.scope == "function"])

    def close(self) -> None:
        """Tear down all fixtures."""
        self._end(list(self._active))

    def _end(self, ending: list[_Active]) -> None:
        """Tear down fixtures, the last one first. All are torn down, also when one of them fails."""
        with ExitStack() as stack:
            for active in ending:
                stack.callback(active.ends.close)
                self._active = [other for other in self._active if other is not active]


def _steps(scope: str, owner: Any, before: str, after: str) -> Iterator[Fixture]:
    """Yield the fixture of a pair of setup and teardown functions, if there is one of them."""
    if hasattr(owner, before) or hasattr(owner, after):
        yield Fixture(_around(owner, before, after), before, scope, autouse=True)


def _around(owner: Any, before: str, after: str) -> Callable[..., Iterator[None]]:
    def around(request: Request) -> Iterator[None]:
        subject = request.instance if before == "setup_method" else owner
        argument = {"setup_module": request.module, "setup_class": request.cls}.get(before, request.function)
        _call_step(subject, before, argument)
        yield
        _call_step(subject, after, argument)

    return around


def _call_step(subject: Any, name: str, argument: Any) -> None:
    """Call a function with or without an argument."""
    step = getattr(subject, name, None)
    if step is not None:
        step(*([argument] if inspect.signature(step).parameters else []))
