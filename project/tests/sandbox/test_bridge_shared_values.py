"""Objects of shared classes that the test passes to the answer, and how an answer could misuse them."""

import pytest

from project.tests.sandbox.bridge_pair import judge

SHARED = """
import abc
from dataclasses import dataclass
class Money:
    def __init__(self, amount): self._amount = amount
    def __add__(self, other): return Money(self._amount + other._amount)
    def __sub__(self, other): return type(self)(self._amount - other._amount)
    def __mul__(self, times): return Money(self._amount * times)
    def __eq__(self, other): return isinstance(other, Money) and self._amount == other._amount
    def half(self): return type(self)(self._amount / 2)
@dataclass(frozen=True)
class Key:
    name: str
class Shape: pass
class Inner:
    def __init__(self, value): self.value = value
class Outer:
    def __init__(self, value): self.inner = Inner(value)
    def __eq__(self, other): return self.inner.value <= other.inner.value and self.inner.value >= other.inner.value
class Solid(abc.ABC):
    @abc.abstractmethod
    def volume(self): ...
"""
ANSWER = """
import values
from values import *
def total(all_of_them): return sum(all_of_them, Money(0))
def difference(one, other): return one - other
def doubled(money): return Money(1) * 2 + money - Money(2) + money
def like(money, amount): return type(money)(amount)
def kind(money): return type(money)
def halved(money): return Money.half(money)
def offers(money, name): return hasattr(type(money), name)
def amount(money): return money._amount
def look_up(key): return {Key("a"): 1}.get(key), key in {Key("a")}
"""
HONEST = {
    "a sum of objects of the test": "assertEqual(total([Money(1), Money(2)]), Money(3))",
    "a difference": "assertEqual(difference(Money(3), Money(1)), Money(2))",
    "operators of the answer's and the test's objects": "assertEqual(doubled(Money(4)), Money(8))",
    "an object of the class of one of the test": "assertEqual(like(Money(3), 5), Money(5))",
    "the class of an object of the test": "assertIs(kind(Money(3)), Money)",
    "a method that makes one of its own class": "assertEqual(halved(Money(8)), Money(4))",
    "attributes that a class has not": "assertEqual([offers(Money(1), 'half'), offers(Money(1), 'x')], [True, False])",
    "private attributes": "assertEqual(amount(Money(3)), 3)",
    "keys whose hash is that of a text": "assertEqual(look_up(Key('a')), (1, True))",
}
CHANGES = """
turns = iter([9, 1] * 9)
class Sly: value = property(lambda self: next(turns))
def forged():
    outer = Outer(0)
    outer.inner = Sly()
    return outer
"""
HAS_OTHER_BASES = """
from inside.bridge import shared_classes
name = shared_classes.SharedClasses.name
class Own(Solid):
    def volume(self): return 1
shared_classes.SharedClasses.name = lambda self, kind: ("values", "Shape") if kind is Own else name(self, kind)
def forged(): return Own()
"""
IS_UNPICKLED = """
class Maker:
    def __call__(self): pass
    def __reduce_ex__(self, _): return type, ("X", (object,), {"__eq__": bool, "__hash__": None})
class Own:
    def __reduce_ex__(self, _): return Maker(), ()
forged = Own
"""
FORGERIES = {
    "an attribute of an attribute that changes": (CHANGES, ["assertEqual(forged(), Outer(5))"]),
    "a class that claims to be one with other bases": (
        HAS_OTHER_BASES,
        ["assertTrue(issubclass(type(forged()), Solid))", "assertIsInstance(Shape(), Solid)"],
    ),
    "a pickle that makes a class": (IS_UNPICKLED, ["assertEqual(pickle.loads(pickle.dumps(forged())), 5)"]),
}


def run(answer, *assertions):
    body = "; ".join(f"self.{assertion}" for assertion in assertions)
    tests = f"""
import pickle, unittest
from answer_module import *
from values import *
class Test(unittest.TestCase):
    def test_it(self):
        {body}
    def test_what_comes_next(self):
        pass
"""
    return judge(answer, tests, shared={"values.py": SHARED})


@pytest.mark.parametrize("assertion", HONEST.values(), ids=HONEST)
def test_the_answer_uses_objects_of_the_test_as_its_own(assertion):
    outcome = run(ANSWER, assertion)
    assert outcome.violation is None
    assert outcome.passed, outcome.results


@pytest.mark.parametrize(("answer", "assertions"), FORGERIES.values(), ids=FORGERIES)
def test_a_wrong_value_does_not_pass(answer, assertions):
    outcome = run(ANSWER + answer, *assertions)
    assert outcome.outcomes["test_it"] in {"failed", "error"}, outcome.results
