"""Wrong answers that change what a test looks at while it looks: each with the test that it tries to pass."""

import re
from collections.abc import Mapping
from textwrap import dedent, indent

# `lie()` is what an answer does when it is asked something in the middle of a comparison.
LIAR = """
class Sly:
    def __init__(self, x=1, y=2): self.x_, self.y = x, y
    @property
    def x(self): lie(); return self.x_
    def get(self): lie(); return self.x_
    def ok(self): lie(); return True
    def __eq__(self, other): lie(); return True
    def __ne__(self, other): lie(); return False
    def __lt__(self, other): lie(); return True
    def __hash__(self): lie(); return 7
    def __bool__(self): lie(); return True
    def __repr__(self): lie(); return "Sly(1, 2)"
    def __sub__(self, other): lie(); return 0
    def __abs__(self): lie(); return 0
armed = []
def lie():
    if armed:
        for one in armed: one.clear()
def arm(*containers):
    armed[:] = containers
    return containers[0]
class Items(list):
    '''Its plain value is asked for by the tester.'''
from inside.bridge import learner as _learner
_base = _learner.LearnerSide._base
def _lying_base(self, target):
    lie()
    return _base(self, target)
_learner.LearnerSide._base = _lying_base
"""

TEST = """
import collections, copy, dataclasses, functools, itertools, operator, unittest
from unittest import mock
from pytest import approx
import answer_module
from answer_module import *
class Near:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return other.x == self.x
    __hash__ = None
class Calling(Near):
    def __eq__(self, other): return other.get() == self.x
class Unnamed:
    __eq__ = lambda self, other: other.get() == 1
@dataclasses.dataclass
class Pair:
    one: object
    two: object
class Test(unittest.TestCase):
    maxDiff = None
"""


# The same without a lie.
HONEST = """
class Sly:
    def __init__(self, x=1, y=2): self.x, self.y = x, y
    def get(self): return self.x
    def ok(self): return True
    def __eq__(self, other): return (self.x, self.y) == (other.x, other.y)
    def __lt__(self, other): return self.x < other.x
    def __hash__(self): return hash(self.x)
    def __bool__(self): return True
    def __repr__(self): return f"Sly({self.x}, {self.y})"
def arm(*containers): return containers[0]
class Items(list):
    pass
"""


def source(answer: str) -> str:
    """Return the whole of an answer."""
    return LIAR + dedent(answer)


def honest_source(answer: str) -> str:
    """Return the whole of an honest answer."""
    return HONEST + dedent(answer)


def module(bodies: Mapping[str, str], before: str = "", preamble: str = TEST) -> str:
    """Return a test module with a test of each body, under its name; `before` comes before each."""
    return preamble + "".join(
        f"    def {method_name(name)}(self):\n" + indent(before + dedent(body.strip("\n")), " " * 8) + "\n"
        for name, body in bodies.items()
    )


def method_name(name: str) -> str:
    """Return what the test of this name is called in the module."""
    return "test_" + re.sub(r"\W+", "_", name.translate({ord("="): "equal", ord("!"): "un"}))


def groups(forgeries: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Return the bodies of tests by name, for each answer that tries to pass them."""
    found: dict[str, dict[str, str]] = {}
    for name, (answer, body) in forgeries.items():
        found.setdefault(answer, {})[name] = body
    return found
