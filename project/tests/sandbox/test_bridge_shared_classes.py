"""Shared classes are one class on both sides; a class of the answer has the answer's metadata."""

from project.tests.sandbox.bridge_pair import judge
from project.tests.sandbox.shared_shapes import SHAPES

ANSWER = """
from shapes import *
import shapes
class Square(Shape):
    '''A square.'''
    sides = 4
    name: str
    def __init__(self, side): self.side = side
    def area(self): return self.side ** 2
class Cube(Solid):
    def volume(self): return 8
class BigCell(Cell): pass
class Tower(Stack): pass
class Animal(Named):
    CAT = 1
class OwnError(WorseError):
    level = 2
    def advice(self): return "try again"
class CountedError(Counted): pass
def fail(kind=Error, *args): raise kind(*args or (5,))
def own(): raise OwnError(7, "own")
def make(name, *args): return getattr(shapes, name)(*args)
def chained():
    try: fail()
    except Error as error: raise FrozenError(3) from error
def catch(function):
    try: function()
    except Error as error: return type(error) is Error, error.code, str(error)
def checks(name, value): return isinstance(value, getattr(shapes, name))
def derived(kind, name): return issubclass(kind, getattr(shapes, name))
def same(name, kind): return kind is getattr(shapes, name)
def is_red(colour): return colour is Colour.RED
def colours(): return {Colour.RED: [Colour.BLUE], "level": Level.HIGH}
def equal(point): return Point(1, 2) == point
def raise_it(kind): raise kind(6)
"""
TESTS = """
import dataclasses, inspect, pytest, unittest
import answer_module as answer
from answer_module import *
from shapes import *
import shapes
class Test(unittest.TestCase):
{body}
"""


def run(body, answer=ANSWER, **more):
    indented = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return judge(answer, TESTS.format(body=indented), shared={"shapes.py": SHAPES}, **more)


def assert_passes(body, answer=ANSWER, **more):
    result = run(body, answer, **more)
    assert result.violation is None
    assert [one for one in result.results if one["outcome"] != "passed"] == []


def test_exceptions_of_a_shared_class_are_caught():
    assert_passes("""
def test_raises(self):
    with self.assertRaises(Error) as caught: fail()
    error = caught.exception
    self.assertIs(type(error), Error)
    self.assertEqual((error.code, error.shown, str(error), error.args), (5, "5: wrong", "wrong", ("wrong",)))
    self.assertEqual(error, Error(5))
    self.assertNotEqual(error, Error(6))
    with self.assertRaisesRegex(Error, "wr.ng"): fail()
    with pytest.raises(WorseError, match="wrong"): fail(WorseError)
    try: fail()
    except WorseError: self.fail()
    except Error: pass
def test_subclass_of_the_answer(self):
    with self.assertRaises(Error) as caught: own()
    error = caught.exception
    self.assertIsInstance(error, WorseError)
    self.assertEqual((error.code, error.shown, str(error)), (7, "7: own", "own"))
    with self.assertRaises(answer.OwnError): own()
    self.assertEqual((error.level, error.advice(), answer.OwnError.level), (2, "try again", 2))
    self.assertEqual((error, Error(7)), (Error(7), error))
    self.assertNotEqual(error, Error(8))
def test_not_the_class_itself(self):
    with self.assertRaises(Error) as caught: fail()
    self.assertNotIsInstance(caught.exception, WorseError)
def test_with_a_special_class(self):
    with self.assertRaises(FrozenError) as caught: fail(FrozenError, 4)
    self.assertEqual((caught.exception, caught.exception.code), (FrozenError(4), 4))
    with self.assertRaises(MissingFile) as caught: fail(MissingFile, 2, "no")
    error = caught.exception
    self.assertEqual((error.errno, error.strerror, error.kind), (2, "no", "missing"))
    with self.assertRaises(FrozenError) as caught: chained()
    self.assertIs(type(caught.exception.__cause__), Error)
    before = len(Counted.subclasses)
    with self.assertRaises(Counted): fail(answer.CountedError)
    self.assertEqual(len(Counted.subclasses), before)
""")


def test_instances_and_subclasses_are_known():
    assert_passes("""
def test_isinstance(self):
    for shape in (answer.Square(3), make("Shape")): self.assertIsInstance(shape, Shape)
    self.assertIsInstance(answer.Cube(), Solid)
    self.assertNotIsInstance(answer.Cube(), Shape)
    for name, args in (("Cell", [1]), ("Pair", [1, 2]), ("Stack", []), ("Lazy", []), ("Model", []), ("Money", [5])):
        self.assertIsInstance(make(name, *args), getattr(shapes, name))
        self.assertEqual(type(make(name, *args)), getattr(shapes, name))
    self.assertIsInstance(make("Pair", 1, 2), tuple)
    self.assertIsInstance(answer.BigCell(1), Cell)
    self.assertIsInstance(answer.Tower(), Stack)
    self.assertIsInstance(answer.Animal.CAT, Named)
    self.assertIsInstance(answer.Outer.Inner(), Outer.Inner)
def test_issubclass(self):
    for kind, base in ((answer.Square, Shape), (answer.Cube, Solid), (answer.OwnError, Error), (answer.BigCell, Cell)):
        self.assertTrue(issubclass(kind, base))
    self.assertFalse(issubclass(answer.Square, Solid) or issubclass(answer.Cube, Shape))
    self.assertFalse(issubclass(answer.Square, answer.Cube) or issubclass(Shape, answer.Square))
def test_the_answer_hands_over_the_class(self):
    self.assertTrue(answer.Shape is Shape and answer.Error is Error and answer.Colour is Colour)
    self.assertEqual(type(make("Shape")), answer.Shape)
def test_methods_and_attributes_are_the_answers(self):
    self.assertEqual((answer.Square(3).area(), make("Shape").area(), answer.Square.sides), (9, 0, 4))
    self.assertEqual(answer.Square.area(answer.Square(2)), 4)
    self.assertEqual((answer.Cube().volume(), answer.BigCell(2).doubled(), answer.BigCell(2).value), (8, 4, 2))
    with self.assertRaisesRegex(AttributeError, "nothing"): make("Lazy").nothing
    self.assertEqual(Shape.known, [])
""")


def test_values_of_shared_classes_compare_by_their_attributes():
    assert_passes("""
def test_equal(self):
    self.assertEqual(make("Point", 1, 2), Point(1, 2))
    self.assertEqual(Point(1, 2), make("Point", 1, 2))
    self.assertNotEqual(make("Point", 1, 2), Point(1, 3))
    self.assertEqual(make("Line", make("Point", 1, 2), make("Point", 3, 4)), Line(Point(1, 2), Point(3, 4)))
    self.assertEqual([make("Cell", 1), make("Pair", 1, 2)], [Cell(1), Pair(1, 2)])
    self.assertEqual((make("Money", 5), make("Version", 1, 2)), (Money(5), Version(1, 2)))
    self.assertEqual({make("Key", "a"): 1}, {Key("a"): 1})
    self.assertIn(make("Key", "a"), {Key("a")})
def test_order(self):
    self.assertLess(make("Version", 1, 2), Version(1, 3))
    self.assertGreaterEqual(Money(6), make("Money", 5))
    self.assertEqual(sorted([make("Money", 6), Money(5), make("Money", 4)]), [Money(4), Money(5), Money(6)])
    self.assertFalse(make("Version", 1, 2) < Version(1, 2))
def test_patterns(self):
    match make("Point", 1, 2):
        case Point(1, y): self.assertEqual(y, 2)
        case _: self.fail()
""")


def test_members_of_shared_enumerations_are_the_testers_own():
    assert_passes(
        """
def test_members(self):
    self.assertIs(colours()[Colour.RED][0], Colour.BLUE)
    self.assertIs(colours()["level"], Level.HIGH)
    self.assertTrue(is_red(Colour.RED))
    self.assertFalse(is_red(Colour.BLUE))
    self.assertEqual(answer.Animal.CAT.lower(), "cat")
def test_many(self):
    self.assertEqual(many(), [Colour.RED] * 40_000)
""",
        ANSWER
        + """
def many(): return [Colour.RED] * 40_000
""",
    )


def test_what_the_test_hands_over_is_of_the_class_for_the_answer():
    assert_passes("""
def test_objects(self):
    class Own(Shape): pass
    class OwnCell(Cell): pass
    for name, value in (("Shape", Shape()), ("Shape", Own()), ("Cell", OwnCell(1)), ("Stack", Stack()),
                        ("Pair", Pair(1, 2)), ("Error", Error(1)), ("Colour", Colour.RED)):
        self.assertTrue(checks(name, value), name)
    self.assertFalse(checks("Solid", Own()))
    self.assertTrue(equal(Point(1, 2)))
    self.assertFalse(equal(Point(1, 3)))
def test_classes(self):
    class Own(Shape): pass
    self.assertTrue(derived(Own, "Shape") and derived(WorseError, "Error") and not derived(Own, "Solid"))
    self.assertTrue(same("Shape", Shape) and same("Error", Error))
    self.assertIsInstance(answer.make("Shape"), Shape)
    with self.assertRaises(Error): raise_it(Error)
def test_exceptions(self):
    def fails(): raise Error(9, "given")
    self.assertEqual(catch(fails), (True, 9, "given"))
    with self.assertRaises(WorseError) as caught: answer.catch(lambda: None) or answer.fail(WorseError, 3)
    self.assertEqual(caught.exception.code, 3)
""")


def test_metadata_of_a_class_is_the_answers():
    assert_passes(
        """
def test_metadata(self):
    self.assertEqual(answer.Square.__doc__, "A square.")
    self.assertEqual(inspect.getdoc(answer.Square), "A square.")
    self.assertEqual(answer.Square.__annotations__, {"name": str})
    self.assertEqual(inspect.get_annotations(answer.Square), {"name": str})
    self.assertEqual(answer.Square.__bases__, (Shape,))
    self.assertEqual([base.__name__ for base in answer.Square.__mro__], ["Square", "Shape", "object"])
    self.assertEqual([base.__name__ for base in inspect.getmro(answer.Plain)], ["Plain", "object"])
    self.assertIsNone(answer.Plain.__doc__)
    self.assertEqual((answer.Plain.__bases__, answer.Plain.__annotations__), ((object,), {}))
    self.assertTrue({"area", "sides", "__init__", "name"} - {"name"} <= set(dir(answer.Square)))
    self.assertIn("method", dir(answer.Plain))
    self.assertNotIn("__reference__", dir(answer.Plain))
    self.assertEqual([base.__name__ for base in answer.PlainError.__mro__],
                     ["PlainError", "ValueError", "Exception", "BaseException", "object"])
    self.assertEqual(answer.PlainError.__doc__, "Plain.")
""",
        ANSWER
        + """
class Plain:
    def method(self): pass
class PlainError(ValueError):
    'Plain.'
""",
    )
