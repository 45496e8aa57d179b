"""Common idioms of test modules, and their effects on the answer: fakes, coroutines, enumerations..."""

import pytest

from project.tests.sandbox.bridge_pair import judge

ANSWER = """
    import asyncio, collections, dataclasses, enum, random, sys, time

    def roll():
        return random.randint(1, 6) + random.randint(1, 6)

    def pick(items):
        return random.choice(items)

    def wait():
        time.sleep(5)
        return time.time()

    def words(path):
        with open(path) as file:
            return file.read().split()

    def complain():
        print("wrong", file=sys.stderr)

    def arguments():
        return sys.argv[1:]

    @dataclasses.dataclass
    class Point:
        x: int
        y: int = 0

    class Color(enum.Enum):
        RED = 1

    class Lie:
        __module__ = "enum"

    def recent():
        return collections.deque([1, 2, 3], maxlen=3)

    def turn(items):
        items.rotate(1)
        items.append(4)

    def counted(text):
        return collections.Counter(text), collections.OrderedDict(a=1), collections.defaultdict(int, b=2)

    class Square:
        side = property(lambda self: 2)

    async def later(value):
        await asyncio.sleep(0.001)
        return value

    async def fail():
        raise KeyError("later")

    def chained():
        try:
            1 / 0
        except ZeroDivisionError as error:
            raise ValueError("no") from error

    def circle():
        one, other = ValueError(), KeyError()
        one.__cause__, other.__cause__ = other, one
        raise one
"""

TESTS = """
    import asyncio, collections, dataclasses, enum, inspect, io, random, sys, time, unittest
    from contextlib import redirect_stderr
    from unittest.mock import mock_open, patch
    from answer_module import *

    class StandInTest(unittest.TestCase):
        def test_dice(self):
            with patch("random.randint", side_effect=[60, 40]) as dice:
                self.assertEqual(roll(), 100)
            dice.assert_called_with(1, 6)
            self.assertLess(roll(), 13)

        @patch.object(random, "choice", return_value="z")
        def test_choice(self, _):
            self.assertEqual(pick("abc"), "z")

        def test_time(self):
            with patch("time.sleep") as slept, patch("time.time", return_value=9.0):
                self.assertEqual(wait(), 9.0)
            slept.assert_called_once_with(5)

        def test_open(self):
            with patch("builtins.open", mock_open(read_data="a b")):
                self.assertEqual(words("nowhere"), ["a", "b"])
            with self.assertRaises(FileNotFoundError):
                words("nowhere")

        def test_stderr(self):
            with redirect_stderr(io.StringIO()) as said:
                complain()
            self.assertEqual(said.getvalue(), "wrong\\n")

        def test_arguments(self):
            with patch("sys.argv", ["program", "1"]):
                self.assertEqual(arguments(), ["1"])

    class LibraryTest(unittest.TestCase):
        def test_dataclass(self):
            self.assertEqual([field.name for field in dataclasses.fields(Point)], ["x", "y"])
            self.assertEqual(dataclasses.asdict(Point(1)), {"x": 1, "y": 0})
            self.assertEqual(dataclasses.astuple(Point(1)), (1, 0))

        def test_own_dataclass(self):
            @dataclasses.dataclass
            class Own:
                z: int
            self.assertEqual(dataclasses.asdict(Own(3)), {"z": 3})

        def test_enumeration(self):
            self.assertIsInstance(Color.RED, enum.Enum)
            self.assertTrue(issubclass(Color, enum.Enum))
            self.assertFalse(issubclass(Color, enum.IntEnum))
            self.assertNotIsInstance(Point(1), enum.Enum)
            self.assertFalse(issubclass(Lie, enum.Enum))
            self.assertFalse(isinstance(3, enum.Enum))

        def test_own_enumeration(self):
            class Own(enum.IntEnum):
                ONE = 1
            self.assertIsInstance(Own.ONE, enum.Enum)
            self.assertNotIsInstance(Color.RED, Own)

        def test_deque(self):
            self.assertEqual(recent(), collections.deque([1, 2, 3]))
            self.assertEqual(recent().maxlen, 3)
            items = collections.deque([1, 2, 3])
            turn(items)
            self.assertEqual(items, collections.deque([3, 1, 2, 4]))

        def test_kinds_of_dicts(self):
            counter, ordered, default = counted("aab")
            self.assertIsInstance(counter, collections.Counter)
            self.assertIsInstance(ordered, collections.OrderedDict)
            self.assertIsInstance(default, collections.defaultdict)
            self.assertEqual((counter, ordered, default), ({"a": 2, "b": 1}, {"a": 1}, {"b": 2}))

        def test_property(self):
            self.assertIsInstance(Square.side, property)

        def test_cause(self):
            with self.assertRaises(ValueError) as caught:
                chained()
            self.assertIsInstance(caught.exception.__cause__, ZeroDivisionError)

        def test_causes_in_a_circle(self):
            with self.assertRaises(ValueError):
                circle()

        def test_run(self):
            self.assertTrue(inspect.iscoroutinefunction(later))
            self.assertEqual(asyncio.run(later(7)), 7)
            with self.assertRaises(KeyError):
                asyncio.run(fail())

    class AwaitTest(unittest.IsolatedAsyncioTestCase):
        async def test_await(self):
            self.assertEqual(await later(7), 7)
            self.assertEqual(await asyncio.wait_for(later(8), 5), 8)
            self.assertEqual(await asyncio.gather(later(1), later(2)), [1, 2])

        async def test_await_failure(self):
            with self.assertRaises(KeyError):
                await fail()
"""


@pytest.fixture(scope="module")
def outcome():
    return judge(ANSWER, TESTS)


def names():
    return [line.partition("def ")[2].partition("(")[0] for line in TESTS.splitlines() if "def test_" in line]


@pytest.mark.parametrize("name", names())
def test_common_idioms_of_test_modules_work(outcome, name):
    result = outcome.by_name[name]
    assert (result["outcome"], result["message"]) == ("passed", "")
    assert outcome.violation is None
