"""Typical exercises of tracks: the reference solution passes; a stub and a forged answer do not."""

import pytest

from project.tests.sandbox.bridge_pair import judge

# Every name is defined, as a function that returns None, or a class with such methods.
STUB = """
    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith("Error"):
            return type(name, (Exception,), {})
        return type(name, (), {"__init__": lambda self, *a, **k: None, "__getattr__": lambda self, n: lambda *a: None})
"""

# It equals everything, and contains everything.
YES = """
    class Yes(type):
        def __call__(cls, *a, **k): return object.__new__(cls)
        def __getattr__(cls, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return cls()
        def __iter__(cls): return iter([cls()])
        def __instancecheck__(cls, x): return True
        def __subclasscheck__(cls, x): return True
        def __eq__(cls, x): return True
        def __hash__(cls): return 0
    def yes(*a, **k): return True
    def me(self, *a, **k): return self
    NAMES = "eq le ge lt gt contains bool".split()
    SELF = "add radd sub rsub mul rmul truediv pow rpow abs neg round enter getitem".split()
    SPACE = {f"__{n}__": yes for n in NAMES} | {f"__{n}__": me for n in SELF}
    SPACE |= {"__ne__": lambda s, o: False, "__call__": me, "__getattr__": me, "__exit__": yes, "__hash__": lambda s: 0}
    SPACE |= {"__str__": lambda s: "yes", "__iter__": lambda s: iter([s]), "__next__": me, "__len__": lambda s: 1}
    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith("Error"):
            return Exception
        return Yes(name, (), dict(SPACE))
"""

SHAPES = {}

SHAPES["errors of one's own"] = (
    """
    class ShelfError(Exception):
        pass
    class FullError(ShelfError):
        def __init__(self, message, size):
            super().__init__(message)
            self.size = size
    class BadError(ValueError, ShelfError):
        def __str__(self):
            return "bad: " + super().__str__()
    class Shelf:
        def __init__(self, size):
            self.size, self.books = size, []
        def put(self, book):
            if not book:
                raise BadError("no book")
            if len(self.books) == self.size:
                raise FullError("shelf is full", self.size)
            self.books.append(book)
        def take(self):
            try:
                return self.books.pop()
            except IndexError as error:
                raise LookupError("shelf is empty") from error
        def burn(self):
            raise KeyError("matches", 3)
    """,
    """
    import unittest
    from answer_module import BadError, FullError, Shelf, ShelfError
    class ShelfTest(unittest.TestCase):
        def setUp(self):
            self.shelf = Shelf(1)
            self.addCleanup(self.shelf.books.clear)
        def test_full(self):
            self.shelf.put("Emma")
            with self.assertRaises(FullError) as err:
                self.shelf.put("Ulysses")
            self.assertEqual(type(err.exception), FullError)
            self.assertEqual(err.exception.args[0], "shelf is full")
            self.assertEqual(str(err.exception), "shelf is full")
            self.assertEqual(err.exception.size, 1)
            self.assertIsInstance(err.exception, ShelfError)
            self.assertNotIsInstance(err.exception, BadError)
        def test_bad(self):
            with self.assertRaisesRegex(ValueError, "^bad: no"):
                self.shelf.put("")
            with self.assertRaises(ShelfError):
                self.shelf.put("")
            self.assertTrue(issubclass(BadError, ShelfError) and issubclass(BadError, ValueError))
        def test_builtin(self):
            self.assertRaises(KeyError, self.shelf.burn)
            with self.assertRaises(LookupError) as err:
                self.shelf.take()
            self.assertIs(type(err.exception), LookupError)
            self.assertEqual(err.exception.args, ("shelf is empty",))
            with self.assertRaises(KeyError) as err:
                self.shelf.burn()
            self.assertEqual(err.exception.args, ("matches", 3))
        def test_caught_by_the_test(self):
            try:
                Shelf(0).put("x")
            except ShelfError as error:
                self.assertEqual(error.size, 0)
            else:
                self.fail("nothing was raised")
    """,
)

SHAPES["numbers of one's own"] = (
    """
    class Money:
        def __init__(self, cents): self.cents = cents
        def _of(self, other): return other.cents if isinstance(other, Money) else other * 100
        def __add__(self, other):
            return Money(self.cents + self._of(other)) if isinstance(other, (int, Money)) else NotImplemented
        __radd__ = __add__
        def __rsub__(self, other): return Money(other * 100 - self.cents)
        def __mul__(self, n): return Money(self.cents * n)
        __rmul__ = __mul__
        def __truediv__(self, other): return self.cents / other.cents
        def __pow__(self, n): return self.cents ** n
        def __rpow__(self, n): return n ** (self.cents / 100)
        def __abs__(self): return Money(abs(self.cents))
        def __neg__(self): return Money(-self.cents)
        def __eq__(self, other): return isinstance(other, Money) and self.cents == other.cents
        def __hash__(self): return hash(self.cents)
        def __lt__(self, other): return self.cents < other.cents
        def __int__(self): return self.cents // 100
        def __float__(self): return self.cents / 100
        def __index__(self): return self.cents
        def __round__(self, n=None): return Money(round(self.cents, -2))
        def __bool__(self): return self.cents != 0
        def __repr__(self): return f"Money({self.cents})"
        def __format__(self, form): return format(self.cents / 100, form or ".2f")
        def __iadd__(self, other): self.cents += self._of(other); return self
    """,
    """
    import unittest
    from answer_module import Money
    class MoneyTest(unittest.TestCase):
        def test_operators(self):
            self.assertEqual((Money(5) + Money(6)).cents, 11)
            self.assertEqual((1 + Money(6)).cents, 106)
            self.assertEqual((Money(6) + 1).cents, 106)
            self.assertEqual((1 - Money(6)).cents, 94)
            self.assertEqual((2 * Money(6) * 2).cents, 24)
            self.assertAlmostEqual(Money(1) / Money(3), 0.3333, places=4)
            self.assertEqual(Money(3) ** 2, 9)
            self.assertAlmostEqual(2 ** Money(50), 1.41421356, delta=1e-6)
            self.assertEqual(abs(Money(-3)), Money(3))
            self.assertEqual((-Money(3)).cents, -3)
            self.assertEqual((int(Money(250)), float(Money(250)), "abcd"[Money(2)]), (2, 2.5, "c"))
            self.assertEqual(round(Money(251), 1).cents, 300)
            with self.assertRaises(TypeError):
                Money(1) + "x"
        def test_comparisons(self):
            self.assertEqual(Money(3), Money(3))
            self.assertNotEqual(Money(3), Money(4))
            self.assertNotEqual(Money(3), 3)
            self.assertFalse(Money(3) == 3)
            self.assertLess(Money(3), Money(4))
            self.assertGreater(Money(5), Money(4))
            self.assertFalse(Money(0))
            self.assertEqual(min([Money(3), Money(2)]).cents, 2)
            self.assertEqual([m.cents for m in sorted([Money(3), Money(2)])], [2, 3])
            self.assertEqual(len({Money(3), Money(3), Money(4)}), 2)
            self.assertEqual({Money(3): "a"}[Money(3)], "a")
            self.assertIn(Money(3), [Money(2), Money(3)])
            self.assertCountEqual([Money(1), Money(2)], [Money(2), Money(1)])
        def test_texts(self):
            self.assertEqual(repr(Money(3)), "Money(3)")
            self.assertEqual(f"{Money(300)} {Money(300):6.1f}", "3.00    3.0")
        def test_in_place(self):
            wallet = same = Money(1)
            wallet += Money(2)
            self.assertIs(wallet, same)
            self.assertEqual(same.cents, 3)
    """,
)

SHAPES["containers of one's own"] = (
    """
    class Node:
        def __init__(self, value, rest=None): self.value, self.rest = value, rest
    class Chain:
        def __init__(self, values=()):
            self.head = None
            for value in values: self.push(value)
        def push(self, value): self.head = Node(value, self.head); return self
        def __iter__(self):
            node = self.head
            while node:
                yield node.value
                node = node.rest
        def __len__(self): return sum(1 for _ in self)
        def __contains__(self, value): return any(v == value for v in self)
        def __getitem__(self, i): return list(self)[i]
        def __setitem__(self, i, value):
            node = self.head
            for _ in range(i): node = node.rest
            node.value = value
        def __delitem__(self, i): self.head = self.head.rest
        def __reversed__(self): return reversed(list(self))
        def __eq__(self, other): return list(self) == list(other)
    class Countdown:
        def __init__(self, n): self.n = n
        def __iter__(self): return self
        def __next__(self):
            if self.n == 0: raise StopIteration
            self.n -= 1
            return self.n
    def letters(n):
        got = yield "a"
        for i in range(n): got = yield (got, i)
        return "end"
    """,
    """
    import unittest
    from collections.abc import Generator, Iterator
    from answer_module import Chain, Countdown, letters
    class ChainTest(unittest.TestCase):
        def test_chain(self):
            chain = Chain([1, 2, 3])
            self.assertEqual(list(chain), [3, 2, 1])
            self.assertEqual(len(chain), 3)
            self.assertIn(2, chain)
            self.assertNotIn(7, chain)
            self.assertEqual(chain[0], 3)
            self.assertEqual(chain[1:], [2, 1])
            chain[0] = 9
            del chain[5]
            self.assertEqual([*chain], [2, 1])
            self.assertEqual(list(reversed(chain)), [1, 2])
            self.assertEqual(chain, Chain([1, 2]))
            self.assertTrue(chain)
            self.assertFalse(Chain())
            with self.assertRaises(IndexError):
                chain[8]
            self.assertEqual(dict(zip(chain, "ab")), {2: "a", 1: "b"})
        def test_nodes(self):
            chain = Chain([1, 2])
            self.assertIs(chain.head, chain.head)
            self.assertEqual(chain.head.rest.value, 1)
            self.assertIsNone(chain.head.rest.rest)
            chain.head.rest.value = 5
            self.assertEqual(sum(chain), 7)
            self.assertIs(chain.push(3), chain)
            with self.assertRaises(TypeError):
                len(chain.head)
            with self.assertRaises(TypeError):
                hash(chain)
        def test_iterators(self):
            countdown = Countdown(3)
            self.assertIs(iter(countdown), countdown)
            self.assertEqual(next(countdown), 2)
            self.assertEqual(list(countdown), [1, 0])
            self.assertIsNone(next(countdown, None))
            self.assertIsInstance(countdown, Iterator)
        def test_generators(self):
            generator = letters(2)
            self.assertIsInstance(generator, Generator)
            self.assertEqual(next(generator), "a")
            self.assertEqual(generator.send("b"), ("b", 0))
            self.assertEqual(next(generator), (None, 1))
            with self.assertRaises(StopIteration) as err:
                next(generator)
            self.assertEqual(err.exception.value, "end")
    """,
)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_correct_answer_passes(shape):
    outcome = judge(*SHAPES[shape])
    assert outcome.passed, outcome.results


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("cheat", [STUB, YES], ids=["stub", "yes-sayer"])
def test_no_forged_answer_passes(shape, cheat):
    outcome = judge(cheat, SHAPES[shape][1])
    assert outcome.violation is None
    assert not outcome.passed
