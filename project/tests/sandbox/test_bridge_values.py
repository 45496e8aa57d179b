"""Arguments and return values of functions, and changes of mutable arguments."""

import pytest

from project.tests.sandbox.bridge_pair import judge

VALUES = [
    "None",
    "True",
    "0",
    "-129",
    "10 ** 5000",
    "-(1 << 70000)",
    "1.5",
    "float('inf')",
    "3 + 4j",
    "complex(0.0, -0.0)",
    "''",
    "'\\ud800 \\x00 ß'",
    "b'\\x00\\xff'",
    "bytearray(b'ab')",
    "[1, [2, (3, {4})]]",
    "{(1, 'a'): [None], 2: {}}",
    "{1, 'a', (2, 3)}",
    "frozenset({frozenset({1})})",
    "range(10, 0, -3)",
    "slice(1, None, 2)",
    "...",
    "NotImplemented",
    "D.date(2024, 2, 29)",
    "D.datetime(2024, 2, 29, 1, 2, 3, 4, fold=1)",
    "D.datetime(2024, 2, 29, tzinfo=D.timezone(D.timedelta(hours=-3), 'X'))",
    "D.time(23, 59, tzinfo=D.timezone.utc)",
    "D.timedelta(-1, 5, 7)",
    "decimal.Decimal('-0.100')",
    "fractions.Fraction(-7, 3)",
    "int",
    "ValueError",
]
MODULES = "import datetime as D, decimal, fractions\n"


def test_values_are_sent_in_both_directions_with_their_types():
    answer = MODULES + "def same(value): return value\ndef given(): return [" + ", ".join(VALUES) + "]"
    tests = (
        MODULES
        + "import unittest\nfrom answer_module import given, same\nVALUES = ["
        + ", ".join(VALUES)
        + """]
class Test(unittest.TestCase):
    def test_values(self):
        for value, other in zip(VALUES, given(), strict=True):
            for copy in (other, same(value)):
                with self.subTest(value=str(type(value))):
                    self.assertIs(type(copy), type(value))
                    self.assertEqual(copy, value)

    def test_what_equality_does_not_see(self):
        nan, zero = same(float("nan")), same(-0.0)
        self.assertNotEqual(nan, nan)
        self.assertEqual(str(zero), "-0.0")
        self.assertEqual(same(D.datetime(2024, 1, 1, fold=1)).fold, 1)
        self.assertEqual(str(same(decimal.Decimal("1.10"))), "1.10")
        self.assertIs(same(True), True)
"""
    )
    assert judge(answer, tests).passed


@pytest.mark.parametrize(
    "build",
    ["deep(201)", "'x' * (9 << 20)", "[0] * 3_000_000"],
)
def test_a_value_that_is_too_deep_or_too_large_fails_only_its_test(build):
    answer = f"""
        def deep(n):
            value = []
            for _ in range(n):
                value = [value]
            return value
        def much():
            return {build}
        def little():
            return 1
    """
    tests = """
        import unittest
        from answer_module import deep, little, much
        class Test(unittest.TestCase):
            def test_a_much(self): much()
            def test_b_little(self): self.assertEqual(little(), 1)
            def test_c_deep(self): self.assertEqual(repr(deep(150)), "[" * 151 + "]" * 151)
    """
    assert judge(answer, tests).outcomes == {"test_a_much": "error", "test_b_little": "passed", "test_c_deep": "passed"}


ANSWER_THAT_MUTATES = """
    def fill(items, table, numbers, data):
        items.append([3]); items[0].append(1)
        table["b"] = table.pop("a")
        numbers.add(9); numbers.discard(1)
        data.extend(b"c")
        return items
    class Keeper:
        def __init__(self, items): self.items = items
        def add(self, item): self.items.append(item)
        def total(self): return sum(self.items)
    def swap(matrix):
        matrix[0], matrix[1] = matrix[1], matrix[0]
    def sort(rows):
        rows.sort(); rows[0][0] = 0
    def fails(items):
        items.clear(); raise ValueError
"""


def test_changes_of_mutable_arguments_are_visible_to_the_test():
    tests = """
        import unittest
        from answer_module import Keeper, fails, fill, sort, swap
        class Test(unittest.TestCase):
            def test_in_place(self):
                items, table, numbers, data = [[]], {"a": 1}, {1, 2}, bytearray(b"ab")
                inner = items[0]
                returned = fill(items, table, numbers, data)
                self.assertEqual(items, [[1], [3]])
                self.assertIs(items[0], inner)
                self.assertIs(returned, items)
                self.assertEqual((table, numbers, data), ({"b": 1}, {2, 9}, b"abc"))
            def test_kept(self):
                items = [1]
                keeper = Keeper(items)
                keeper.add(2)
                self.assertEqual(items, [1, 2])
                items.append(3)
                self.assertEqual(keeper.total(), 6)
                keeper.items.append(4)
                self.assertEqual(keeper.total(), 10)
                self.assertIs(keeper.items, items)
            def test_rows_change_places(self):
                matrix = [[1, 2], [3, 4]]
                first = matrix[0]
                swap(matrix)
                self.assertEqual(matrix, [[3, 4], [1, 2]])
                self.assertIs(matrix[1], first)
                sort(matrix)
                self.assertEqual(matrix, [[0, 2], [3, 4]])
            def test_before_an_exception(self):
                items = [1]
                with self.assertRaises(ValueError):
                    fails(items)
                self.assertEqual(items, [])
            def test_many(self):
                for size in (10, 1000):
                    lists = [[n] for n in range(size)]
                    keepers = [Keeper(one) for one in lists]
                    for keeper in keepers:
                        keeper.add(5)
                    self.assertEqual(lists[-1], [size - 1, 5])
    """
    assert judge(ANSWER_THAT_MUTATES, tests).passed


def test_the_difference_of_long_values_is_computed_in_time():
    answer = """
        def lines(): return [f"{'ab' * 30}{n}" for n in range(3000)]
        def text(): return "\\n".join(lines())
    """
    tests = """
        import unittest
        from answer_module import lines, text
        class Test(unittest.TestCase):
            def test_lines(self): self.assertEqual(lines(), [f"{'ba' * 30}{n}" for n in range(3000)])
            def test_text(self): self.assertEqual(text(), "\\n".join(f"{'ba' * 30}{n}" for n in range(1000)))
    """
    outcome = judge(answer, tests)
    assert outcome.outcomes == {"test_lines": "failed", "test_text": "failed"}
    assert "too long" in outcome.message("test_lines")
