"""Answers that catch the test's failed assertions, or replace the names that it uses."""

import pytest

from project.tests.sandbox.bridge_pair import judge

# Each catches the exceptions in its `with`, or of the function that is passed to it.
SWALLOWERS = """
import contextlib, functools, threading
class Box:
    def __enter__(self): return self
    def __exit__(self, *error): return True
class Yes:
    def __init__(self): self.asked = 0
    def __bool__(self):
        self.asked += 1
        return self.asked > 1
class Changing(Box):
    def __exit__(self, *error): return Yes()
@contextlib.contextmanager
def managed():
    try: yield
    except BaseException: pass
def generated():
    while True:
        try: yield
        except BaseException: pass
def once():
    try: yield
    except BaseException: pass
class Decorator(contextlib.ContextDecorator, Box): pass
def each(items, function):
    for item in items:
        try: function(item)
        except BaseException: pass
kept = []
def keep(function):
    try: function()
    except BaseException as error: kept.append(error)
def give_back(): raise kept.pop()
def other(function):
    try: function()
    except BaseException: raise ValueError("x")
def in_thread(function):
    thread = threading.Thread(target=each, args=([1], lambda _: function()))
    thread.start()
    thread.join()
def drain(items):
    try: return list(items)
    except BaseException: return []
def read(thing):
    with contextlib.suppress(BaseException): return thing.value
"""

SWALLOWED = {
    "with": "with Box(): self.assertEqual(1, 2, MESSAGE)",
    "with, plainly": "with Box(): assert 1 == 2, MESSAGE",
    "with, by another truth": "with Changing(): self.fail(MESSAGE)",
    "with, of a generator": "with managed(): self.fail(MESSAGE)",
    "with, within another": "with Box(), contextlib.closing(io.StringIO()): self.fail(MESSAGE)",
    "with, by an exit stack": "with contextlib.ExitStack() as stack: stack.enter_context(Box()); self.fail(MESSAGE)",
    "with, of our manager": "with contextlib.contextmanager(once)(): self.fail(MESSAGE)",
    "with, of pytest": "with Box(): pytest.fail(MESSAGE)",
    "with, then skipped": "with Box(): self.fail(MESSAGE)\n    self.skipTest('')",
    "with, in a subtest": "with self.subTest(n=1), Box(): self.fail(MESSAGE)",
    "exit": "try: self.fail(MESSAGE)\n    except AssertionError as error: Box().__exit__(type(error), error, None)",
    "throw": "thrown(next_of(generated()), lambda: self.fail(MESSAGE))",
    "decorator": "Decorator()(lambda: self.fail(MESSAGE))()",
    "callback": "each([3], lambda n: self.fail(MESSAGE))",
    "callback, kept": "keep(lambda: self.fail(MESSAGE)); self.assertRaises(Exception, give_back)",
    "callback, kept within": "each([1], lambda n: (keep(lambda: self.fail(MESSAGE)), self.assertTrue(drop())))",
    "callback, as another": "self.assertRaises(ValueError, other, lambda: self.fail(MESSAGE))",
    "callback, in a thread": "in_thread(lambda: self.fail(MESSAGE))",
    "iterator": "drain(self.fail(MESSAGE) for _ in range(1))",
    "attribute": "read(Failing())",
    "group": "each([1], lambda n: grouped(self))",
    "set-up": "pass",
    "own class of failures": "each([1], lambda n: self.fail(MESSAGE))",
}

SWALLOWED_TEST = """
import contextlib, io, unittest
import pytest
from answer_module import *
MESSAGE = "this has failed"
class Failing:
    @property
    def value(self): raise AssertionError(MESSAGE)
class OwnFailure(Exception): pass
def next_of(generator):
    next(generator)
    return generator
def thrown(generator, fails):
    try: fails()
    except AssertionError as error: generator.throw(error)
def grouped(test):
    try: test.fail(MESSAGE)
    except AssertionError as error: raise ExceptionGroup("x", [error])
def drop():
    try: give_back()
    except AssertionError: return True
class Test(unittest.TestCase):
  def setUp(self):
    SETUP
  def test(self):
    BODY
  def test_other(self):
    pass
"""


@pytest.mark.parametrize("way", SWALLOWED)
def test_a_failed_assertion_that_the_answer_catches_fails_the_test(way):
    set_up = "with Box(): self.fail(MESSAGE)" if way == "set-up" else "pass"
    tests = SWALLOWED_TEST.replace("BODY", SWALLOWED[way]).replace("SETUP", set_up)
    if way == "own class of failures":
        tests += "  failureException = OwnFailure\n"
    outcome = judge(SWALLOWERS, tests)
    assert outcome.outcomes["test"] == "failed", outcome.results
    assert "this has failed" in outcome.message("test")
    assert outcome.outcomes["test_other"] == ("failed" if way == "set-up" else "passed")


@pytest.mark.parametrize(
    ("tests", "failed"),
    [
        ("with Box(): assert False", {"load": "error"}),
        ("def setUpModule():\n    with Box(): assert False", {"test_a": "failed", "test_b": "passed"}),
        (
            "def tearDownModule():\n    with Box(): assert False",
            {"test_a": "passed", "test_b": "passed", "tearDown": "failed"},
        ),
    ],
)
def test_assertions_that_fail_between_tests_are_reported(tests, failed):
    head = "import unittest\nfrom answer_module import Box\n"
    case = "\nclass Test(unittest.TestCase):\n    def test_a(self): pass\n    def test_b(self): pass\n"
    assert judge(SWALLOWERS, head + tests + case).outcomes == failed


HONEST = """
import contextlib, functools
class OwnError(Exception): pass
class Forgiving:
    def __init__(self, *kinds): self.kinds, self.seen = kinds, None
    def __enter__(self): return self
    def __exit__(self, kind, error, traceback):
        self.seen = error
        return kind is not None and issubclass(kind, self.kinds)
    def fail(self): raise OwnError("x")
@contextlib.contextmanager
def forgiving(kind):
    try: yield
    except kind: pass
class Plain(Forgiving):
    def __exit__(self, *error): self.seen = error[1]
def tried(function, default):
    try: return function()
    except ValueError: return default
def call(function): return function()
def logged(function):
    @functools.wraps(function)
    def log(*args):
        try: return function(*args)
        except Exception as error:
            log.errors.append(error)
            raise
    log.errors = []
    return log
def again(generator):
    try: yield from generator
    except KeyError: yield "again"
def text(error): return type(error).__name__
"""

HONEST_TEST = """
import unittest
from answer_module import *
class Test(unittest.TestCase):
    def fails(self): self.assertEqual(1, 2)
    def test_what_it_is_meant_to_catch(self):
        with Forgiving(OwnError) as box:
            box.fail()
        with Forgiving(ValueError) as box:
            raise ValueError("on purpose")
        self.assertEqual(box.seen.args, ("on purpose",))
        with forgiving(KeyError):
            {}["k"]
        def fails(): raise ValueError
        self.assertEqual(tried(fails, 5), 5)
        self.assertEqual(tried(lambda: int("x"), 6), 6)
        def keys():
            yield 1
            raise KeyError
        self.assertEqual(list(again(keys())), [1, "again"])
    def test_what_comes_back(self):
        for box in Forgiving(ValueError), Plain(), forgiving(ValueError):
            with self.assertRaises(AssertionError):
                with box:
                    self.fails()
        for function in call, logged(call):
            with self.assertRaises(AssertionError) as caught:
                function(self.fails) if function is call else function(lambda: call(self.fails))
            self.assertEqual(str(caught.exception), "1 != 2")
        with self.assertRaises(AssertionError):
            call(lambda: call(lambda: call(self.fails)))
        self.assertEqual(text(caught.exception), "AssertionError")
        self.assertEqual(text(AssertionError("not raised")), "AssertionError")
    @unittest.expectedFailure
    def test_what_is_expected_to_fail(self):
        call(self.fails)
    def test_assertions_that_hold(self):
        with Forgiving(OwnError) as box:
            self.assertIsNone(box.seen)
            for n in range(2):
                with self.subTest(n=n):
                    call(lambda: self.assertIn(n, (0, 1)))
"""


def test_an_answer_may_catch_expected_exceptions():
    outcome = judge(HONEST, HONEST_TEST)
    assert outcome.passed, outcome.results


TESTS_BY_STAR = """
    import unittest
    from decimal import Decimal
    import support as helper
    from support import expected, Data as TestData
    RESULT = 3
    def right(): return 3
    from answer_module import *
    from fractions import Fraction
    LATER = 4
    class Later: value = 5
    class Test(unittest.TestCase):
        def test_imported(self):
            self.assertEqual(price(), Decimal("3.14"))
        def test_support(self):
            self.assertEqual((price(), price(), price()), (expected(), TestData.value, helper.expected()))
        def test_own(self):
            self.assertEqual((price(), price()), (RESULT, right()))
        def test_later(self):
            self.assertEqual((price(), price(), price()), (Fraction(1, 2), LATER, Later.value))
"""
SUPPORT = "def expected(): return 3\nclass Data: value = 3\n"


def test_a_star_import_replaces_no_name_that_the_test_has():
    answer = """
        class E:
            value = property(lambda self: E())
            def __init__(self, *args): pass
            def __call__(self, *args): return E()
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            expected = value
        E.__hash__ = lambda self: 0
        Decimal = Fraction = Later = E
        TestData = helper = expected = RESULT = LATER = right = E()
        def price(): return E()
    """
    outcome = judge(answer, TESTS_BY_STAR, files={"support.py": SUPPORT})
    assert set(outcome.outcomes.values()) == {"failed"}, outcome.results


def test_a_star_import_imports_all_names_that_the_test_does_not_have():
    tests = """
        import unittest
        from fractions import Fraction
        from answer_module import *
        first = shared()
        def shared(): return "the test's"
        class Test(unittest.TestCase):
            def test(self):
                self.assertEqual((first, shared()), ("the answer's", "the test's"))
                self.assertEqual(half(), Fraction(1, 2))
                self.assertEqual(Sheet().total, LIMIT)
    """
    answer = """
        from fractions import Fraction
        LIMIT = 7
        class Sheet: total = 7
        def half(): return Fraction(1, 2)
        def shared(): return "the answer's"
    """
    assert judge(answer, tests).passed
