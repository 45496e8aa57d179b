"""Wrong answers that try to pass by shared classes, each with an assertion that must fail."""

import pytest

from project.tests.sandbox.bridge_pair import judge
from project.tests.sandbox.shared_shapes import SHAPES

YES = """
import sys, types
import shapes
from shapes import *
def yes(*_): return True
def no(*_): return False
class Yes:
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __instancecheck__ = __subclasscheck__ = yes
    __ne__ = no
    def __hash__(self): return hash(("a",))
    def __sub__(self, other): return 0
    __rsub__ = __abs__ = __sub__
def agreeable(kind, **more):
    return type(kind.__name__, (kind,), {**{name: vars(Yes)[name] for name in vars(Yes) if name[2:4] != "di"}, **more})
turns = iter([1, 9] * 100)
def turn(*_): return next(turns)
def name_as(module, name):
    '''Send every class of the answer's as one of that name.'''
    from inside.bridge import shared_classes
    shared_classes.SharedClasses.name = lambda self, kind: (module, name) if kind.__module__ == "answer_module" else ()
def fake(**names):
    module = types.ModuleType("shapes")
    for name, kind in names.items():
        kind.__module__, kind.__qualname__ = "shapes", name
        setattr(module, name, kind)
    sys.modules["shapes"] = module
"""
# The code of the answer, whose `forged()` returns a value, and the assertion.
FORGERIES = {
    "a subclass with an __eq__": ("def forged(): return agreeable(Point)(9, 9)", "assertEqual(forged(), Point(1, 2))"),
    "the same from the right": ("def forged(): return agreeable(Money)(9)", "assertEqual(Money(5), forged())"),
    "an attribute that changes": (
        "class Sly(Money):\n    amount = property(turn, no)\ndef forged(): return Sly(0)",
        "assertEqual(Money(5), forged())",
    ),
    "an attribute of the class itself that changes": (
        "Money.amount = property(turn, no)\ndef forged(): return Money(0)",
        "assertEqual(forged(), Money(5))",
    ),
    "a method that its own __eq__ calls": (
        "Range.covers = yes\ndef forged(): return Range(9)",
        "assertEqual(forged(), Range(5))",
    ),
    "the same of a class that is described without an __eq__": (
        (
            "from inside.bridge import marshalling\ndescribe = marshalling.describe_class\n"
            "without = {'specials': ()}\n"
            "marshalling.describe_class = lambda kind: describe(kind)._replace(**without if kind is Range else {})\n"
            "Range.covers = yes\ndef forged(): return Range(9)"
        ),
        "assertTrue(forged() == Range(5) or not forged() != Range(5))",
    ),
    "attributes that equal everything": (
        "def forged(): return Point(Yes(), Yes())",
        "assertEqual(forged(), Point(1, 2))",
    ),
    "numbers that equal everything": (
        "def forged(): return Point(agreeable(int)(9), agreeable(int)(9))",
        "assertEqual(forged(), Point(1, 2))",
    ),
    "a __getattribute__": (
        "def forged(): return agreeable(Money, __getattribute__=lambda *_: Yes())(9)",
        "assertEqual(forged(), Money(5))",
    ),
    "an own __class__": (
        "class Own(Yes):\n    __class__ = Point\n    x = y = 9\ndef forged(): return Own()",
        "assertEqual(forged(), Point(1, 2))",
    ),
    "an assigned __class__": (
        (
            "class Own(Yes): pass\ndef forged():\n    one = Own()\n    one.__class__ = Point\n"
            "    one.x = one.y = Yes()\n    return one"
        ),
        "assertEqual(forged(), Point(1, 2))",
    ),
    "a module of the same name": (
        "class Own(Yes):\n    x = y = 9\nfake(Point=Own)\ndef forged(): return Own()",
        "assertEqual(forged(), Point(1, 2))",
    ),
    "a patched class": (
        "shapes.Point.__eq__ = yes\ndef forged(): return Point(9, 9)",
        "assertEqual(forged(), Point(1, 2))",
    ),
    "a class that is bound anew": (
        (
            "class Own(Yes): pass\nOwn.__module__, Own.__qualname__ = 'shapes', 'Money'\nshapes.Money = Own\n"
            "def forged(): return Own()"
        ),
        "assertEqual(forged(), Money(5))",
    ),
    "an order of its own": (
        "def forged(): return agreeable(Version)(9, 9)",
        "assertLess(forged(), Version(1, 0))",
    ),
    "an order that is patched": (
        "Version.__lt__ = Version.__gt__ = yes\ndef forged(): return Version(9, 9)",
        "assertLess(forged(), Version(1, 0))",
    ),
    "an order from the right": (
        "def forged(): return agreeable(Money)(1)",
        "assertLess(Money(5), forged())",
    ),
    "slots": ("def forged(): return agreeable(Cell)(9)", "assertEqual(forged(), Cell(5))"),
    "slots that are patched": (
        "Cell.__eq__ = yes\ndef forged(): return Cell(9)",
        "assertEqual(forged(), Cell(5))",
    ),
    "slots with a property": (
        "class Own(Cell):\n    value = property(lambda self: Yes(), no)\n    __eq__ = yes\ndef forged(): return Own(9)",
        "assertTrue(forged() == Cell(5) or Cell(5) == forged())",
    ),
    "a hash": ("def forged(): return agreeable(Key)('b')", "assertIn(forged(), {Key('a')})"),
    "a hash that is patched": (
        "Key.__hash__ = Yes.__hash__\nKey.__eq__ = yes\ndef forged(): return Key('b')",
        "assertIn(forged(), {Key('a')})",
    ),
    "a tuple with names": ("def forged(): return agreeable(Pair)(9, 9)", "assertEqual(forged(), Pair(1, 2))"),
    "a list": ("def forged(): return agreeable(Stack)([9])", "assertEqual(forged(), Stack([1]))"),
    "what is within": (
        "def forged(): return Line(agreeable(Point)(9, 9), Point(Yes(), Yes()))",
        "assertEqual(forged(), Line(Point(1, 2), Point(3, 4)))",
    ),
    "a named member": (
        "class Own(Yes): name = _name_ = 'RED'\nfake(Colour=Own)\ndef forged(): return Own()",
        "assertTrue(forged() == Colour.RED or isinstance(forged(), Colour))",
    ),
    "a member of another enumeration": (
        (
            "import enum\nclass Own(enum.Enum):\n    PINK = 1\n    __eq__ = yes\n    __hash__ = None\n"
            "fake(Colour=Own)\ndef forged(): return Own.PINK"
        ),
        "assertTrue(forged() == Colour.RED or isinstance(forged(), Colour))",
    ),
    "a member that is patched": (
        "Colour.__eq__ = yes\nColour.BLUE._value_ = 1\ndef forged(): return Colour.BLUE",
        "assertTrue(forged() == Colour.RED or forged().value == 1)",
    ),
    "a class that equals all": (
        (
            "class Own(type):\n    __eq__ = yes\n    __ne__ = no\n    __hash__ = type.__hash__\n"
            "def forged(): return Own('Shape', (), {'__module__': 'shapes'})"
        ),
        "assertEqual(forged(), Shape)",
    ),
    "a class that all classes are derived from": (
        (
            "class Own(type):\n    __subclasscheck__ = __instancecheck__ = yes\n"
            "def forged(): return Own('Shape', (), {'__module__': 'shapes'})"
        ),
        "assertTrue(issubclass(forged(), Shape) or issubclass(Solid, forged()) or isinstance(5, forged()))",
    ),
    "a metaclass of both sides": (
        "class Own(Yes, metaclass=Meta): pass\ndef forged(): return Own()",
        "assertTrue(isinstance(forged(), Model) or forged() == Model())",
    ),
    "an exception with an __eq__": ("def forged(): raise agreeable(Error)(9)", "assertEqual(caught(forged), Error(5))"),
    "an exception whose method is replaced": (
        "def forged():\n    error = Error(9)\n    error.same = yes\n    raise error",
        "assertEqual(caught(forged), Error(5))",
    ),
    "an exception with attributes that equal everything": (
        "def forged(): raise Error(Yes())",
        "assertEqual(caught(forged), Error(5))",
    ),
    "an exception whose arguments change": (
        "class Sly(Error):\n    args = property(lambda self: (turn(),), no)\ndef forged(): raise Sly(9)",
        "assertGreater(len({one.args for one in [caught(forged)] * 5}), 1)",
    ),
    "an exception whose private attribute is the type's": (
        (
            "def forged():\n    error = Error(9)\n    error.__dict__['__class__'] = WorseError\n"
            "    error.__dict__['__eq__'] = yes\n    raise error"
        ),
        "assertTrue(isinstance(caught(forged), WorseError) or caught(forged) == Error(5))",
    ),
    "an exception that is none": (
        "class Own(Yes): pass\nname_as('shapes', 'Error')\ndef forged(): return Own()",
        "assertEqual(forged(), Error(5))",
    ),
    "a class of the test's files": (
        "class Own(Yes): pass\nname_as('secret', 'Key')\ndef forged(): return Own()",
        "assertTrue(isinstance(forged(), secret.Key) or forged() == secret.Key())",
    ),
    "an exception of the test's files": (
        "class Own(Exception): pass\nname_as('secret', 'Err')\ndef forged(): raise Own()",
        "assertRaises(secret.Err, forged)",
    ),
    "a class of the test module": (
        "class Own(Yes): pass\nname_as('answer_module_test', 'Mine')\ndef forged(): return Own()",
        "assertTrue(isinstance(forged(), Mine) or forged() == Mine())",
    ),
    "a class that a module of both sides imports": (
        "class Own(Exception): pass\nname_as('shapes', 'abc.ABC')\ndef forged(): return Own()",
        "assertTrue(isinstance(forged(), shapes.abc.ABC))",
    ),
    "a function of a module of both sides": (
        "class Own(Yes): pass\nname_as('shapes', 'helper')\ndef forged(): return type(Own())",
        "assertTrue(forged() is shapes.helper or forged() == shapes.helper)",
    ),
    "a skip of unittest's": (
        "class Own(Exception): pass\nname_as('shapes', 'Skip')\ndef forged(): raise Own()",
        "assertEqual(forged(), 5)",
    ),
}
TESTS = """
import unittest
import shapes, secret
from shapes import *
from answer_module import forged
class Mine(Exception): pass
def caught(function):
    try: function()
    except Exception as error: return error
class Test(unittest.TestCase):
    def test(self):
        self.{assertion}
    def test_another(self): pass
"""
SECRET = "class Key: pass\nclass Err(Exception): pass\n"


@pytest.mark.parametrize("name", FORGERIES)
def test_no_wrong_answer_passes_by_a_shared_class(name):
    answer, assertion = FORGERIES[name]
    shapes = SHAPES + "import unittest\nclass Skip(unittest.SkipTest): pass\n"
    result = judge(
        YES + answer, TESTS.format(assertion=assertion), shared={"shapes.py": shapes}, files={"secret.py": SECRET}
    )
    assert result.violation is None
    assert result.outcomes["test"] in {"failed", "error"}
    assert result.outcomes["test_another"] == "passed"


HONEST = {
    "Point(1, 2)": "assertEqual(forged(), Point(1, 2))",
    "Money(5)": "assertEqual(Money(5), forged())",
    "Version(0, 9)": "assertLess(forged(), Version(1, 0))",
    "Cell(5)": "assertEqual(forged(), Cell(5))",
    "Key('a')": "assertIn(forged(), {Key('a')})",
    "Pair(1, 2)": "assertEqual(forged(), Pair(1, 2))",
    "Stack([1])": "assertEqual(forged(), Stack([1]))",
    "Line(Point(1, 2), Point(3, 4))": "assertEqual(forged(), Line(Point(1, 2), Point(3, 4)))",
    "Colour.RED": "assertTrue(forged() == Colour.RED and isinstance(forged(), Colour))",
    "Shape": "assertEqual(forged(), Shape)",
    "Model()": "assertTrue(isinstance(forged(), Model))",
    "Error(5)": "assertEqual(forged(), Error(5))",
}


@pytest.mark.parametrize("value", HONEST)
def test_the_same_assertions_pass_for_a_correct_answer(value):
    answer = f"from shapes import *\ndef forged(): return {value}"
    tests = TESTS.format(assertion=HONEST[value])
    assert judge(answer, tests, shared={"shapes.py": SHAPES}, files={"secret.py": SECRET}).passed
