"""Objects and exceptions of the standard library that an answer returns."""

from project.tests.sandbox.bridge_pair import judge

ANSWER = """
    import collections, dataclasses, decimal, json, queue, re, statistics, struct

    class OwnError(json.JSONDecodeError):
        pass

    @dataclasses.dataclass(frozen=True)
    class Point:
        x: int

    def fail(which):
        match which:
            case "json": json.loads("{x")
            case "own": raise OwnError("own", "text", 0)
            case "decimal": decimal.Decimal("x")
            case "division": decimal.Decimal(1) / 0
            case "queue": queue.Queue().get_nowait()
            case "re": re.compile("(")
            case "mean": statistics.mean([])
            case "struct": struct.unpack("i", b"")

    def lazily(items):
        return map(str, items), filter(None, items), zip(items), enumerate(items), reversed(items)
"""

TESTS = """
    import decimal, inspect, json, queue, re, statistics, struct, unittest
    import answer_module
    from answer_module import *

    KINDS = {
        "json": json.JSONDecodeError, "own": json.JSONDecodeError, "decimal": decimal.InvalidOperation,
        "division": decimal.DivisionByZero, "queue": queue.Empty, "re": re.error,
        "mean": statistics.StatisticsError, "struct": struct.error,
    }

    class LibraryTest(unittest.TestCase):
        def test_errors(self):
            for which, kind in KINDS.items():
                with self.subTest(which), self.assertRaises(kind):
                    fail(which)

        def test_their_bases(self):
            for which, kind in {"json": ValueError, "division": ZeroDivisionError, "mean": ValueError}.items():
                with self.subTest(which), self.assertRaises(kind):
                    fail(which)

        def test_fields(self):
            with self.assertRaises(json.JSONDecodeError) as caught:
                fail("json")
            error = caught.exception
            self.assertEqual((type(error), error.pos, error.lineno, error.doc), (json.JSONDecodeError, 1, 1, "{x"))

        def test_frozen(self):
            point = Point(1)
            with self.assertRaises(AttributeError):
                point.x = 2
            self.assertEqual(point.x, 1)

        def test_lazily(self):
            for made, kind, expected in zip(
                lazily([1, 2]),
                (map, filter, zip, enumerate, reversed),
                (["1", "2"], [1, 2], [(1,), (2,)], [(0, 1), (1, 2)], [2, 1]),
            ):
                with self.subTest(kind.__name__):
                    self.assertEqual(list(made), expected)

        def test_kinds(self):
            for made, kind in zip(lazily([1]), (map, filter, zip, enumerate)):
                self.assertIsInstance(made, kind)

        def test_what_the_module_has(self):
            self.assertIn("lazily", dir(answer_module))
            self.assertIn("Point", [name for name, _ in inspect.getmembers(answer_module, inspect.isclass)])
"""


def test_objects_of_the_standard_library_are_recognised():
    assert judge(ANSWER, TESTS).outcomes == dict.fromkeys(
        [
            *("test_errors", "test_their_bases", "test_fields", "test_frozen"),
            *("test_lazily", "test_kinds", "test_what_the_module_has"),
        ],
        "passed",
    )


def test_other_objects_are_not_mistaken_for_them():
    answer = "def fail(which): raise ValueError(which)\nclass Point:\n    x = 1\nlazily = lambda items: [items] * 5"
    outcomes = judge(answer, TESTS).outcomes
    assert "passed" not in {
        outcomes[name] for name in outcomes if name not in ("test_their_bases", "test_what_the_module_has")
    }


def test_an_exception_is_made_without_calling_its_arguments():
    answer = """
        import json, re
        ASKED = []
        class Text:
            def count(self, *a): ASKED.append(a)
            def rfind(self, *a): ASKED.append(a)
            def __getitem__(self, i): ASKED.append(i)
            def __contains__(self, x): ASKED.append(x)
        def fail(kind):
            error = kind.__new__(kind)
            error.args = ("message", Text(), 0)
            raise error
        def fail_json(): fail(json.JSONDecodeError)
        def fail_re(): fail(re.error)
        class OwnError(json.JSONDecodeError): pass
        def fail_own(): fail(OwnError)
    """
    tests = """
        import json, re, unittest
        from answer_module import ASKED, fail_json, fail_own, fail_re
        class AskedTest(unittest.TestCase):
            def test_asked(self):
                kinds = {fail_json: json.JSONDecodeError, fail_own: json.JSONDecodeError, fail_re: re.error}
                for fails, kind in kinds.items():
                    with self.assertRaises(kind):
                        fails()
                self.assertEqual(ASKED, [])
    """
    assert judge(answer, tests).outcomes == {"test_asked": "passed"}
