"""Answers with enumerations, named tuples, data classes, class attributes and context managers."""

from project.tests.sandbox.bridge_pair import judge

ANSWER = """
    import collections, contextlib, dataclasses, datetime, enum, random, typing
    class Color(enum.Enum):
        RED = 1
        BLUE = 2
        CRIMSON = 1
        def title(self): return self.name.title()
    class Level(enum.IntEnum): LOW = 1; HIGH = 5
    class Word(str, enum.Enum): A = "a"
    class Right(enum.Flag): READ = 1; WRITE = 2
    Point = collections.namedtuple("Point", "x y")
    class Row(typing.NamedTuple):
        key: int
        text: str = "none"
    @dataclasses.dataclass(order=True, frozen=True)
    class Card:
        rank: int
        suit: str = "S"
    class Warm(float): pass
    class Alien:
        made = 0
        def __init__(self, x): self.x, self.health = x, 3; Alien.made += 1
        @property
        def alive(self): return self.health > 0
        @alive.setter
        def alive(self, value): self.health = 3 * value
        def hit(self): self.health -= 1
        @classmethod
        def many(cls, n): return [cls(x) for x in range(n)]
        @staticmethod
        def sound(): return "beep"
    class Martian(Alien): pass
    class Any_:
        def __getattr__(self, name): return f"any {name}"
    @contextlib.contextmanager
    def logged(log):
        log.append("in")
        try: yield len(log)
        except ZeroDivisionError: log.append("zero")
        finally: log.append("out")
    class Guard:
        def __enter__(self): return self
        def __exit__(self, kind, error, traceback): self.seen = kind, error and error.args; return kind is KeyError
    ONES = 1
    def twos(dice): return dice.count(2) * 2
    def score(dice, category): return category(dice) if callable(category) else dice.count(category)
    def documented(a, b=2, *args, c, d=4, **more) -> int:
        "It has words."
    def collections_():
        return collections.Counter("aab"), collections.OrderedDict(a=1), collections.defaultdict(list, a=[1])
    def views(): return {"a": 1}.keys(), map(str, [1]), zip([1], "a"), collections.deque([1])
    def nested(): return {"p": Point(1, 2), Color.BLUE: [Card(1)], Point(0, 0): "origin"}
    def drawn(): return [random.random() for _ in range(3)]
    def raises(kind): raise kind("x")
    def tomorrow(day): return day + datetime.timedelta(days=1)
"""


def run(tests):
    outcome = judge(ANSWER, "import unittest\n" + tests)
    assert outcome.passed, outcome.results


def test_enumerations():
    run("""
from answer_module import Color, Level, Right, Word
class Test(unittest.TestCase):
    def test_members(self):
        self.assertEqual((Color.RED.name, Color.RED.value, Color.RED.title()), ("RED", 1, "Red"))
        self.assertIs(Color(2), Color.BLUE)
        self.assertIs(Color["RED"], Color.CRIMSON)
        self.assertEqual([(color.name, color.value) for color in Color], [("RED", 1), ("BLUE", 2)])
        self.assertEqual((len(Color), list(Color.__members__)), (2, ["RED", "BLUE", "CRIMSON"]))
        self.assertIn(Color.RED, Color)
        self.assertNotEqual(Color.RED, 1)
        self.assertNotEqual(Color.RED, Color.BLUE)
        self.assertIsInstance(Color.RED, Color)
        self.assertEqual({Color.RED: "r"}[Color.CRIMSON], "r")
        self.assertEqual((str(Color.RED), repr(Color.RED)), ("Color.RED", "<Color.RED: 1>"))
        with self.assertRaises(ValueError):
            Color(9)
        self.assertEqual((Right.READ | Right.WRITE).value, 3)
    def test_members_that_are_values(self):
        self.assertEqual(Level.LOW, 1)
        self.assertEqual([1, 5], list(Level))
        self.assertLess(Level.LOW, Level.HIGH)
        self.assertGreater(3, Level.LOW)
        self.assertEqual((Level.LOW + 1, sum(Level), "abc"[Level.LOW]), (2, 6, "b"))
        self.assertEqual({1: "x"}[Level.LOW], "x")
        self.assertAlmostEqual(Level.LOW, 1.0)
        self.assertIsInstance(Level.LOW, int)
        self.assertEqual("a", Word.A)
        self.assertIn(Word.A, "xa")
        self.assertEqual(Word.A.upper(), "A")
""")


def test_records():
    run("""
from answer_module import Card, Point, Row, Warm, nested
class Test(unittest.TestCase):
    def test_tuples(self):
        point = Point(1, 2)
        x, y = point
        self.assertEqual((x, y, point.x, point[1], len(point)), (1, 2, 1, 2, 2))
        self.assertEqual(point, (1, 2))
        self.assertTupleEqual((1, 2), point)
        self.assertEqual(point, Point(1, 2))
        self.assertNotEqual(point, Point(2, 1))
        self.assertEqual({point}, {(1, 2)})
        self.assertEqual((point._replace(x=5), point._asdict()), ((5, 2), {"x": 1, "y": 2}))
        self.assertEqual(str(point), "Point(x=1, y=2)")
        self.assertEqual((Row(1).text, Point._fields), ("none", ("x", "y")))
        self.assertEqual(sorted([Point(2, 1), Point(1, 5)])[0], (1, 5))
        self.assertIsInstance(point, tuple)
    def test_data(self):
        self.assertEqual(Card(3), Card(3, "S"))
        self.assertEqual(max([Card(1), Card(3)]), Card(3))
        self.assertEqual((repr(Card(3)), vars(Card(3))), ("Card(rank=3, suit='S')", {"rank": 3, "suit": "S"}))
        self.assertEqual(len({Card(1), Card(1)}), 1)
        with self.assertRaises(AttributeError):
            Card(1).rank = 2
    def test_others(self):
        self.assertAlmostEqual(Warm(36.6), 36.6000001, places=5)
        self.assertGreater(Warm(36.6), 30)
        self.assertEqual(nested()["p"], (1, 2))
        self.assertEqual([*nested()][1].value, 2)
        self.assertEqual(nested()[(0, 0)], "origin")
""")


def test_classes_and_objects():
    run("""
import copy, inspect
import answer_module
from answer_module import Alien, Any_, Martian
class Test(unittest.TestCase):
    def test_attributes(self):
        Alien.made = 0
        alien = Alien(3)
        self.assertEqual((Alien.made, alien.made, answer_module.Alien.made), (1, 1, 1))
        alien.hit()
        self.assertEqual(vars(alien), {"x": 3, "health": 2})
        alien.alive = False
        self.assertEqual((alien.health, alien.alive), (0, False))
        alien.fresh = 5
        del alien.fresh
        self.assertFalse(hasattr(alien, "fresh"))
        self.assertEqual(getattr(alien, "fresh", 7), 7)
        self.assertEqual(([a.x for a in Alien.many(2)], Alien.sound(), Any_().thing), ([0, 1], "beep", "any thing"))
        self.assertIsNone(Alien.hit(alien))
        self.assertEqual(alien.health, -1)
    def test_classes(self):
        alien, martian = Alien(1), Martian(2)
        self.assertTrue(issubclass(Martian, Alien) and isinstance(martian, Alien) and not isinstance(alien, Martian))
        self.assertEqual((type(alien), type(alien).__name__, martian.__class__), (Alien, "Alien", Martian))
        self.assertTrue(callable(alien.hit) and not callable(alien) and inspect.isclass(Alien))
        self.assertIn(alien, [martian, alien])
        self.assertNotEqual(alien, Alien(1))
        other = copy.deepcopy(alien)
        other.x = 9
        self.assertEqual(alien.x, 1)
        with self.assertRaisesRegex(TypeError, "missing 1 required positional argument"):
            Alien()
""")


def test_functions_and_library_objects():
    run("""
import datetime, inspect, random, types
import pytest
from answer_module import *
class Test(unittest.TestCase):
    @pytest.mark.task(taskno=1)
    def test_functions(self):
        self.assertEqual((score([1, 1, 2], ONES), score([2, 2], twos)), (2, 4))
        self.assertEqual((documented.__name__, documented.__doc__), ("documented", "It has words."))
        self.assertEqual(str(inspect.signature(documented)), "(a, b=2, *args, c, d=4, **more) -> int")
        self.assertTrue(isinstance(documented, types.FunctionType) and inspect.isfunction(twos))
        with pytest.raises(ValueError, match="x") as info:
            raises(ValueError)
        assert info.value.args == ("x",)
        for kind in (SystemExit, KeyboardInterrupt, GeneratorExit, AssertionError):
            self.assertRaises(kind, raises, kind)
    def test_collections(self):
        counter, ordered, default = collections_()
        self.assertEqual(counter, {"a": 2, "b": 1})
        self.assertDictEqual(ordered, {"a": 1})
        self.assertEqual((counter.most_common(1), counter["a"]), ([("a", 2)], 2))
        self.assertEqual((len(default), {**default}), (1, {"a": [1]}))
        counter["z"] = 4
        self.assertEqual(counter, {"a": 2, "b": 1, "z": 4})
        self.assertIsInstance(counter, dict)
        self.assertEqual([list(view) for view in views()], [["a"], ["1"], [(1, "a")], [1]])
    def test_contexts(self):
        log, guard = [], Guard()
        with logged(log) as count:
            1 / 0
        self.assertEqual((count, log), (1, ["in", "zero", "out"]))
        with guard as same:
            raise KeyError("k")
        self.assertIs(same, guard)
        self.assertEqual(guard.seen, (KeyError, ("k",)))
        with self.assertRaises(ValueError), guard:
            raise ValueError
    def test_chance(self):
        random.seed(5)
        first = drawn()
        random.seed(5)
        self.assertEqual(drawn(), first)
        self.assertEqual(tomorrow(datetime.date(2024, 2, 28)), datetime.date(2024, 2, 29))
""")


def test_outcomes_and_messages():
    tests = """
        import unittest
        from answer_module import Card, raises
        class Test(unittest.TestCase):
            def test_fails(self): self.assertEqual(Card(1).rank, 2, "the rank")
            def test_errs(self): raises(ValueError)
            def test_is_wrong(self): {}["key"]
            def test_sub(self):
                for n in (1, 2, 3):
                    with self.subTest(n=n): self.assertEqual(n, 2)
            @unittest.skip("later")
            def test_skipped(self): pass
            @unittest.expectedFailure
            def test_expected(self): self.fail()
            @unittest.expectedFailure
            def test_unexpected(self): pass
            def test_long(self): self.fail("x" * 5000)
    """
    outcome = judge(ANSWER, tests)
    assert [result["name"] for result in outcome.results] == sorted(f"Test.{name}" for name in outcome.by_name)
    assert outcome.outcomes == {
        "test_fails": "failed",
        "test_errs": "error",
        "test_is_wrong": "error",
        "test_sub": "failed",
        "test_skipped": "skipped",
        "test_expected": "passed",
        "test_unexpected": "failed",
        "test_long": "failed",
    }
    assert outcome.message("test_fails") == "1 != 2 : the rank"
    assert outcome.message("test_errs").splitlines()[-1] == "ValueError: x"
    assert outcome.message("test_errs").count("File") == 1
    assert 'File "answer.py"' in outcome.message("test_errs")
    assert outcome.message("test_is_wrong") == "KeyError: 'key'"
    assert outcome.message("test_sub") == "(n=1): 1 != 2"
    assert outcome.message("test_skipped") == "later"
    assert len(outcome.message("test_long")) <= 2048


def test_a_module_that_cannot_be_loaded_is_one_error():
    for source, message in {
        "def": "SyntaxError",
        "from answer_module import missing": "Your answer defines no function `missing`; it defines ",
        "import unittest": "There are no tests.",
        "import answer_module\nanswer_module.raises(KeyboardInterrupt)": "KeyboardInterrupt",
        "from answer_module import Alien\nclass Own(Alien): pass": "cannot be derived from",
    }.items():
        [result] = judge(ANSWER, source).results
        assert (result["name"], result["outcome"]) == ("load", "error")
        assert message in result["message"]
