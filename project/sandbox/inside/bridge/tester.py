"""The tester's side: runs a test module with unittest, against an answer that it can only reach by asking.

It is a process of its own, which `run` makes over for the tests: it changes `unittest`, `random` and `sys`.
"""

import importlib
import math
import random
import re
import sys
import threading
import unittest
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from ..sources import SourceFinder
from . import pytest_stand_in
from .assertions import TesterPeer
from .cases import guard
from .costs import Costs
from .errors import ProtocolViolation
from .library import adapt
from .modules import AnswerModule
from .policy import Policy
from .proxies import Mirror
from .pytest_builtins import BUILTIN
from .pytest_fixtures import Fixture
from .pytest_tests import collect
from .reading import freeze
from .results import NOT_RUN, Results, kind_of_error, result, tell, test_name

THREAD_STACK = 256 << 10  # bytes: tests start a thousand threads
RECURSION_LIMIT = 5_000  # questions within questions take frames of ours

Result = dict[str, Any]


def run(  # noqa: PLR0913, PLR0917 - all that a run is made of
    source: str,
    filename: str,
    answer_module: str,
    files: Mapping[str, str],
    fd: int,
    seconds: float = math.inf,
    shared: Collection[str] = (),
) -> list[Result]:
    """Run the tests in `source`, and return what became of each: `{"name", "outcome", "message"}`.

    `outcome` is passed, failed, error, skipped, memory_limit when the answer ran out of memory, or not_run. `files` are
    modules that the test may import (`name.py` to source). A module that cannot be loaded, or has no tests, is one
    error named "load". Messages hold what assertions say, which may be what was expected; none holds a line of
    the test.

    The answer has the `shared` ones of these modules too. Their classes are one class on both sides, but for modules
    of which nothing in the sources speaks: the tests have none of their classes.

    `seconds` of CPU time are for reading what the answer sends; more, and the open test's outcome is time_limit.

    Raises ProtocolViolation, with the `results`, when the learner's side breaks the rules.
    """
    name = filename.rpartition("/")[2].removesuffix(".py").replace(".", "_")
    sources = {**files, f"{name}.py": source}
    policy = Policy({file.removesuffix(".py") for file in sources}, [one for one in shared if _is_named(one, sources)])
    peer = TesterPeer(fd, policy, policy.assertions)
    policy.watch(peer.is_reading)
    peer.costs = Costs(seconds)
    results = _run(source, name, answer_module, files, peer)
    if isinstance(peer.failure, ProtocolViolation):
        peer.failure.results = results
        raise peer.failure
    return results


def _is_named(module: str, sources: Mapping[str, str]) -> bool:
    """Whether anything but the module itself speaks of it."""
    return any(re.search(rf"\b{re.escape(module)}\b", text) for file, text in sources.items() if file != f"{module}.py")


def _run(source: str, name: str, answer_module: str, files: Mapping[str, str], peer: TesterPeer) -> list[Result]:
    try:
        sources = SourceFinder({**files, f"{name}.py": source}, name, peer.settle)
        _prepare(answer_module, sources, peer)
        __import__(name)
        suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[name])
        collected = collect(sys.modules[name], _shared_fixtures(files))
        suite.addTests(collected.found)
        tests = [test_name(test) for test in _flat(suite)]
    except BaseException as error:  # noqa: BLE001 - whatever a test module does while it is loaded
        return [result("load", kind_of_error(error), tell(error))]
    if not tests:
        return [result("load", "error", "There are no tests.")]
    for swallowed in peer.assertions.take():
        return [result("load", "error", tell(swallowed))]
    freeze()
    results = Results(lambda: peer.failure is not None, peer.assertions)
    try:
        suite.run(results)
    except BaseException as error:  # noqa: BLE001 - what ends the whole run: KeyboardInterrupt in setUpClass
        rest = ("error", tell(error))
    else:
        rest = (NOT_RUN, "")
    results.end(collected.fixtures.close)
    others = {test: result(test, *rest) for test in tests if test not in results.found}
    return [*results.found.values(), *others.values()]


def _prepare(answer_module: str, sources: SourceFinder, peer: TesterPeer) -> None:
    """Make this process over for the tests."""
    warnings.simplefilter("ignore")
    threading.stack_size(THREAD_STACK)
    sys.setrecursionlimit(RECURSION_LIMIT)
    # Tests set it to almost nothing, to disturb an answer that shares their interpreter: here only they would suffer.
    sys.setswitchinterval = lambda _interval: None
    random.seed = _seed_both(peer)
    # A test's stand-in for `super` finds out by the stack whether the answer is within a class's `__init__`.
    frame = Mirror.__call__.__code__
    Mirror.__call__.__code__ = frame.replace(co_name="__init__", co_filename=f"{answer_module}.py")
    guard(unittest.TestCase, peer.settle)
    adapt()
    peer.surround()
    sys.meta_path.insert(0, sources)
    sys.modules["pytest"] = pytest_stand_in.module()
    sys.modules[answer_module] = AnswerModule(answer_module, peer.ask("module", None, answer_module))
    peer.shared.load()


def _shared_fixtures(files: Mapping[str, str]) -> dict[str, Fixture]:
    """Return the fixtures that come with pytest, and those in `conftest.py`."""
    shared = dict(BUILTIN)
    if "conftest.py" in files:
        values = vars(importlib.import_module("conftest")).values()
        shared |= {made.name: made for made in values if isinstance(made, Fixture)}
    return shared


def _seed_both(peer: TesterPeer) -> Callable[..., None]:
    """Return a `random.seed` that makes the answer's numbers predictable too."""
    seed = random.seed

    def seed_both(*args: Any, **kwargs: Any) -> None:
        seed(*args, **kwargs)
        peer.ask("seed", None, args, kwargs)

    return seed_both


def _flat(suite: Any) -> Iterator[unittest.TestCase]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _flat(test)
        else:
            yield test
