"""The tester's side: runs a test module with unittest, against an answer that it reaches only by remote calls.

It has a process of its own, which `run` adapts for the tests: it patches `unittest`, `random` and `sys`.
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
from . import pytest_shim
from .access_policy import AccessPolicy
from .answer_module import AnswerModule
from .errors import ProtocolViolation
from .proxies import ProxyMeta
from .pytest_builtin_fixtures import BUILTIN
from .pytest_collection import collect
from .pytest_fixtures import Fixture
from .read_budget import ReadBudget
from .read_detection import exclude_existing_objects
from .results import NOT_RUN, Results, describe_error, outcome_of_error, result, test_name
from .stdlib_patches import patch_stdlib
from .swallowed_assertions import TesterPeer
from .unittest_patches import patch_test_case

THREAD_STACK = 256 << 10  # bytes: tests start a thousand threads
RECURSION_LIMIT = 5_000  # nested requests take frames of the bridge

Result = dict[str, Any]


def run(  # noqa: PLR0913, PLR0917 - the content of the command
    source: str,
    filename: str,
    answer_module: str,
    files: Mapping[str, str],
    fd: int,
    seconds: float = math.inf,
    shared: Collection[str] = (),
) -> list[Result]:
    """Run the tests in `source`, and return the result of each: `{"name", "outcome", "message"}`.

    `outcome` is passed, failed, error, skipped, memory_limit when the answer ran out of memory, or not_run. `files` are
    modules that the test may import (`name.py` to source). A module that cannot be loaded, or has no tests, is one
    error named "load". Messages contain those of assertions, which may show the expected value, but no line of the
    test.

    The answer has the modules in `shared`, too. Their classes are shared classes, except those of modules that no
    source mentions: the tests use none of their classes.

    `seconds` of CPU time may be spent on reading the answer's messages; beyond that the current test has the outcome
    time_limit.

    Raises ProtocolViolation, with the `results`, when the learner's side violates the protocol.
    """
    name = filename.rpartition("/")[2].removesuffix(".py").replace(".", "_")
    sources = {**files, f"{name}.py": source}
    mentioned = [module for module in shared if _is_mentioned(module, sources)]
    policy = AccessPolicy({file.removesuffix(".py") for file in sources}, mentioned)
    peer = TesterPeer(fd, policy, policy.assertions)
    policy.set_read_check(peer.is_reading)
    peer.read_budget = ReadBudget(seconds)
    results = _run(source, name, answer_module, files, peer)
    if isinstance(peer.failure, ProtocolViolation):
        peer.failure.results = results
        raise peer.failure
    return results


def _is_mentioned(module: str, sources: Mapping[str, str]) -> bool:
    """Whether a source other than that of the module itself mentions it."""
    return any(re.search(rf"\b{re.escape(module)}\b", text) for file, text in sources.items() if file != f"{module}.py")


def _run(source: str, name: str, answer_module: str, files: Mapping[str, str], peer: TesterPeer) -> list[Result]:
    try:
        sources = SourceFinder({**files, f"{name}.py": source}, name, peer.apply_deferred_changes)
        _prepare(answer_module, sources, peer)
        __import__(name)
        suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[name])
        collected = collect(sys.modules[name], _shared_fixtures(files))
        suite.addTests(collected.found)
        tests = [test_name(test) for test in _flat(suite)]
    except BaseException as error:  # noqa: BLE001 - a test module may raise anything while it is loaded
        return [result("load", outcome_of_error(error), describe_error(error))]
    if not tests:
        return [result("load", "error", "There are no tests.")]
    for swallowed in peer.assertions.pop_all():
        return [result("load", "error", describe_error(swallowed))]
    exclude_existing_objects()
    results = Results(lambda: peer.failure is not None, peer.assertions)
    try:
        suite.run(results)
    except BaseException as error:  # noqa: BLE001 - ends all tests: KeyboardInterrupt in setUpClass
        rest = ("error", describe_error(error))
    else:
        rest = (NOT_RUN, "")
    results.end(collected.fixtures.close)
    others = {test: result(test, *rest) for test in tests if test not in results.found}
    return [*results.found.values(), *others.values()]


def _prepare(answer_module: str, sources: SourceFinder, peer: TesterPeer) -> None:
    """Adapt this process for the tests."""
    warnings.simplefilter("ignore")
    threading.stack_size(THREAD_STACK)
    sys.setrecursionlimit(RECURSION_LIMIT)
    # Tests set it to almost nothing, to provoke races in an answer in the same interpreter. Here it would only slow
    # down the tests.
    sys.setswitchinterval = lambda _interval: None
    random.seed = _seed_both(peer)
    # A test's replacement for `super` detects by the stack whether the answer is in the `__init__` of a class.
    frame = ProxyMeta.__call__.__code__
    ProxyMeta.__call__.__code__ = frame.replace(co_name="__init__", co_filename=f"{answer_module}.py")
    patch_test_case(unittest.TestCase, peer.apply_deferred_changes)
    patch_stdlib()
    peer.track_patches()
    sys.meta_path.insert(0, sources)
    sys.modules["pytest"] = pytest_shim.module()
    sys.modules[answer_module] = AnswerModule(answer_module, peer.call("module", None, answer_module))
    peer.shared.load()


def _shared_fixtures(files: Mapping[str, str]) -> dict[str, Fixture]:
    """Return the fixtures that come with pytest, and those in `conftest.py`."""
    shared = dict(BUILTIN)
    if "conftest.py" in files:
        values = vars(importlib.import_module("conftest")).values()
        shared |= {made.name: made for made in values if isinstance(made, Fixture)}
    return shared


def _seed_both(peer: TesterPeer) -> Callable[..., None]:
    """Return a `random.seed` that also seeds the random numbers of the answer."""
    seed = random.seed

    def seed_both(*args: Any, **kwargs: Any) -> None:
        seed(*args, **kwargs)
        peer.call("seed", None, args, kwargs)

    return seed_both


def _flat(suite: Any) -> Iterator[unittest.TestCase]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _flat(test)
        else:
            yield test
