"""Wrong answers that try to pass: objects that claim to be equal, and exceptions that end tests."""

from textwrap import dedent

import pytest

from project.tests.sandbox.bridge_pair import judge

# `make(value)` makes an instance of the class, which agrees with everything; `value` fits the type it derives from.
AGREEABLE = """
    def yes(*a, **k): return True
    def me(self, *a, **k): return self
    def nothing(*a, **k): return 0
    def space(whole):
        names = "__eq__ __le__ __ge__ __lt__ __gt__ __contains__".split()
        made = dict.fromkeys(names, yes) | {"__ne__": lambda *a: False}
        made |= dict.fromkeys("__sub__ __rsub__ __abs__ __round__ __mod__ __rmod__".split(), nothing)
        if whole:
            made |= {"__iter__": lambda self: iter(()), "__len__": nothing, "__getitem__": me, "__bool__": yes}
            made |= {"__hash__": lambda self: hash(5), "__float__": lambda self: 5.0, "__index__": lambda self: 5}
            made |= {"difference": lambda self, other: set(), "items": lambda self: [], "keys": lambda self: []}
        else:
            made["__hash__"] = lambda self: 5
        return made
    def make(kind, value, **more):
        whole = kind is object
        return type("Answer", (kind,), space(whole) | more)(*(() if whole else (value,)))
"""

ANSWERS = {
    "object": "make(object, None)",
    "int": "make(int, 7)",
    "float": "make(float, 7.5)",
    "str": "make(str, 'seven')",
    "list": "make(list, [7])",
    "tuple": "make(tuple, (7,))",
    "dict": "make(dict, {7: 8})",
    "set": "make(set, {7})",
    "frozenset": "make(frozenset, {7})",
    "bytes": "make(bytes, b'7')",
    "complex": "make(complex, 7j)",
    "int_by_its_class": "make(object, None, __class__=property(lambda self: int))",
    "one_class": "type('M', (type,), space(True))('Answer', (), {})",
    "enumeration": "__import__('enum').Enum('Answer', {'A': 7}).A",
    "fraction": "make(__import__('fractions').Fraction, 7)",
    "decimal": "make(__import__('decimal').Decimal, 7)",
    "date": "type('Answer', (__import__('datetime').date,), space(False))(2000, 1, 1)",
    "exception": "type('Answer', (Exception,), space(True))()",
    "within": "[make(object, None)]",
    "function": "lambda *a: True",
    "NotImplemented": "NotImplemented",
    "mock": "__import__('unittest.mock').mock.MagicMock()",
}

# None of these may pass for any of the answers above.
ASSERTIONS = """
self.assertEqual(f(), 5)
self.assertEqual(5, f())
self.assertEqual(f(), 5.0)
self.assertEqual(f(), "five")
self.assertEqual(f(), [5])
self.assertEqual([f()], [5])
self.assertEqual({"a": f()}, {"a": 5})
self.assertEqual({f()}, {5})
self.assertEqual((1, [f()]), (1, [5]))
self.assertEqual(f(), None)
self.assertEqual(f(), (5,))
self.assertTrue(f() == 5)
self.assertTrue(5 == f())
self.assertFalse(f() != 5)
self.assertIs(f(), 5)
self.assertIs(f(), True)
self.assertIsNone(f())
self.assertAlmostEqual(f(), 5)
self.assertAlmostEqual(5.0, f(), places=2)
self.assertAlmostEqual(f(), 5, delta=0.1)
self.assertIn(f(), [5, 6])
self.assertIn(f(), {5: 6})
self.assertIn(f(), {5, 6})
self.assertIn(f(), "five")
self.assertListEqual(f(), [5])
self.assertTupleEqual(f(), (5,))
self.assertDictEqual(f(), {5: 6})
self.assertSetEqual(f(), {5, 6})
self.assertSetEqual({5, 6}, f())
self.assertSequenceEqual(f(), [5, 6])
self.assertCountEqual(f(), [5, 6])
self.assertCountEqual([f()], [5])
self.assertMultiLineEqual(f(), "five")
self.assertGreater(f(), 50)
self.assertGreaterEqual(f(), 50)
self.assertLess(f(), -50)
self.assertLessEqual(f(), -50)
self.assertGreater(-50, f())
self.assertRegex(f(), "five")
getattr(self, "assertStartsWith", self.fail)(f(), "fi")
getattr(self, "assertEndsWith", self.fail)(f(), "ve")
self.assertIsInstance(f(), memoryview)
assert f() == approx(5)
assert f() == [5, 6]
assert [1, 2, 5].count(f()) == 1
assert list(map(f.__class__.__eq__, [5], [f()])) == [True]
self.assertEqual([5, 6].index(f()), 0)
self.assertEqual(sorted([f(), 5]), [5, 5])
self.assertTrue(any(f() == number for number in range(7)))
self.assertEqual(f(), object())
self.assertEqual(f(), unittest)
""".strip().splitlines()

TESTS = """
import unittest
from pytest import approx
from answer_module import ANSWERS
def assertion(name, source):
    def f():
        return ANSWERS[name]
    code = compile(source, "assertion", "exec")
    return lambda self: exec(code, {"self": self, "f": f, "approx": approx, "unittest": unittest})
class Test(unittest.TestCase):
    maxDiff = None
for name in ANSWERS:
    for number, source in enumerate(SOURCES):
        setattr(Test, f"test_{name}: {number}", assertion(name, source))
"""


def judge_values(values):
    """Try each assertion on each value; return the pairs that passed."""
    answer = dedent(AGREEABLE) + "".join(f"\n{name}_ = {value}" for name, value in values.items())
    answer += "\nANSWERS = {" + ", ".join(f"{name!r}: {name}_" for name in values) + "}"
    outcome = judge(answer, f"SOURCES = {ASSERTIONS}\n{TESTS}")
    assert outcome.violation is None
    assert len(outcome.results) == len(values) * len(ASSERTIONS), outcome.results
    held = [name.removeprefix("test_").split(": ") for name, result in outcome.outcomes.items() if result == "passed"]
    return {(name, ASSERTIONS[int(number)]) for name, number in held}


def test_no_object_of_the_answer_equals_another_value():
    assert judge_values(ANSWERS) == set()


def test_the_assertions_pass_for_correct_answers():
    held = judge_values({"number": "5", "text": "'five'", "items": "[5]", "nothing": "None"})
    assert {
        ("number", "self.assertEqual(f(), 5)"),
        ("number", "self.assertAlmostEqual(5.0, f(), places=2)"),
        ("number", "self.assertIn(f(), {5: 6})"),
        ("number", "assert f() == approx(5)"),
        ("text", 'self.assertMultiLineEqual(f(), "five")'),
        ("text", 'self.assertRegex(f(), "five")'),
        ("items", "self.assertListEqual(f(), [5])"),
        ("nothing", "self.assertIsNone(f())"),
    } <= held


ENDINGS = """
raise __import__("unittest").SkipTest("skip")
raise __import__("unittest.case").case._ShouldStop
raise __import__("unittest.case").case._UnexpectedSuccess
raise KeyboardInterrupt
raise SystemExit(0)
raise GeneratorExit
raise StopIteration
raise BaseException("x")
raise type("SkipTest", (Exception,), {"__module__": "unittest.case"})
raise type("ConnectionClosed", (BaseException,), {"__module__": "inside.bridge.errors"})
raise BaseExceptionGroup("x", [KeyboardInterrupt()])
__import__("sys").exit()
__import__("os")._exit(0)
__import__("os").close(int(__import__("sys").argv[1]))
__import__("os").write(int(__import__("sys").argv[1]), b"x" * 100)
__import__("threading").Thread(target=__import__("os")._exit, args=(0,)).start() or __import__("time").sleep(9)
""".strip().splitlines()

TESTS_THAT_ARE_ENDED = """
    import unittest
    from answer_module import f
    class Test(unittest.TestCase):
        def test_a(self):
            self.assertEqual(f(), 5)
        def test_b(self):
            with self.subTest(n=1):
                self.assertEqual(f(), 5)
        def test_c(self):
            self.addCleanup(f)
        def test_d(self):
            self.assertEqual(list(f() for _ in range(1)), [5])
    class Other(unittest.TestCase):
        def setUp(self):
            f()
        def test_e(self):
            pass
    class Last(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            f()
        def test_f(self):
            pass
        def test_g(self):
            pass
"""


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_test_that_is_ended_early_does_not_pass(ending):
    outcome = judge(f"def f():\n    {ending}", TESTS_THAT_ARE_ENDED)
    tests = {name: result for name, result in outcome.outcomes.items() if name.startswith("test_")}
    assert set(tests) == {f"test_{letter}" for letter in "abcdefg"}
    assert not set(tests.values()) & {"passed", "skipped"}


def test_the_end_of_the_process_is_not_caught_as_an_exception():
    tests = """
        import unittest
        from answer_module import f
        class Test(unittest.TestCase):
            def test(self):
                BODY
            def test_other(self):
                pass
    """
    bodies = [
        "with self.assertRaises(BaseException): f()",
        "with self.assertRaises(Exception): f()",
        "self.assertTrue(all(True for n in range(2) if not self.assertRaises(BaseException, f)))",
    ]
    for body in bodies:
        outcome = judge("def f():\n    __import__('os')._exit(0)", tests.replace("BODY", body))
        assert outcome.outcomes == {"test": "error", "test_other": "not_run"}
        assert outcome.message("test") == "The answer's process ended."
    outcome = judge(
        "def f():\n    __import__('os')._exit(0)",
        tests.replace("def test(", "@unittest.expectedFailure\n            def test(").replace("BODY", "f()"),
    )
    assert outcome.outcomes["test"] == "error"


@pytest.mark.parametrize(
    "body",
    ["raise KeyboardInterrupt(Text())", "raise SystemExit(Text())", "return Text()", "raise AssertionError(Text())"],
)
def test_an_exception_whose_text_ends_the_run_does_not_pass(body):
    answer = f"""
        class Text:
            def __str__(self): raise KeyboardInterrupt
            def __eq__(self, other): return False
        def f():
            {body}
    """
    tests = """
        import unittest
        from answer_module import f
        class Test(unittest.TestCase):
            def test(self):
                assert f() == 5, f()
            def test_in_a_subtest(self):
                with self.subTest(n=1):
                    assert f() == 5, f()
            def test_other(self):
                pass
    """
    outcomes = judge(answer, tests).outcomes
    assert outcomes["test_other"] == "passed"
    assert {outcomes["test"], outcomes["test_in_a_subtest"]} <= {"failed", "error"}
