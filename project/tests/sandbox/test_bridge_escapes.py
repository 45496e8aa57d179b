"""A learner's side that tries to reach the test itself from the objects that it receives."""

import pytest

from project.tests.sandbox.bridge_pair import judge

pytestmark = pytest.mark.long

# Requests every operation on every object that it reaches, bypassing the proxies, and searches for the secret.
CRAWLER = """
    import sys
    from inside.bridge.proxies import reference_of
    from inside.bridge.special_methods import SPECIALS
    NAMES = sorted({
        name for kind in (type, object, type(lambda: 0), type((lambda: (yield))()), type(print), type(sys), str, dict,
                          type(sys._getframe()), type(sys._getframe().f_code), type("".join), property, Exception)
        for name in dir(kind)
    } | set('''
        args func keywords side_effect return_value mock_calls call_args call_args_list method_calls assert_called_with
        reset_mock configure_mock _mock_parent _mock_children _mock_wraps _mock_methods __wrapped__ __signature__
        _testMethodName _outcome failureException assertEqual debug run countTestCases shortDescription id
        SECRET secret expected owner case module modules builtins sys os __builtins__ __loader__ __spec__ __file__
        cache_info cache_clear fget fset __reference__ peer _peer call buffer raw name fileno getvalue cell_contents
        values mro __set__ function frame f_locals f_globals public deep nested
    '''.split()))
    FORMATS = ["{0}", "{0.__class__}", "{0.__globals__}", "{0.__init__.__globals__}"]

    def crawl(start, limit=15):
        queue, seen, found = [("start", start)], set(), []
        while queue and len(seen) < limit:
            path, value = queue.pop(0)
            reference = reference_of(value)
            if isinstance(value, (list, tuple, set, frozenset)):
                items = [item for item in value if reference_of(item) or not isinstance(item, (int, str))]
                queue += [(f"{path}[]", item) for item in items]
            if isinstance(value, dict):
                queue += [(f"{path}{{}}", item) for pair in value.items() for item in pair]
            texts = [value] if isinstance(value, str) else []
            if reference is not None and reference.number not in seen:
                seen.add(reference.number)
                attempts = [("get", name) for name in NAMES] + [("base",), ("dir",), ("copy",), ("deep_copy",)]
                attempts += [("call", name, args, {}) for name in sorted(SPECIALS) for args in ((), (value,), (1,))]
                attempts += [("call", "__format__", (form,), {}) for form in FORMATS]
                attempts += [("set", name, 1) for name in ("assert_called_once", "call_count", "method", "__class__")]
                for attempt in attempts:
                    try:
                        result = reference.call(*attempt)
                    except Exception as error:
                        texts += [str(error), repr(error.args)]
                        continue
                    queue.append((f"{path}.{attempt[:2]}", result))
            for text in texts:
                if any(sign in text for sign in ("s3cret", "testMethod=", "Test.test", "<frame", "<module", "<code")):
                    found.append((path, text[:200]))
        return found
"""

HANDED = {
    "a function": "crawl(lambda value=SECRET: SECRET and None)",
    "a closure": "crawl(make_closure(SECRET))",
    "a bound method of the test": "crawl(self.helper)",
    "a partial": "crawl(functools.partial(self.helper, SECRET))",
    "a generator": "crawl(n for n in [1, 2])",
    "a generator with the secret in its frame": "crawl(make_generator())",
    "an object of the test's": "crawl(Fake())",
    "a class of the test's": "crawl(Fake)",
    "a mock": "crawl(mock.Mock(side_effect=secretive))",
    "a magic mock": "crawl(mock.MagicMock(wraps=Fake(), spec=Fake))",
    "an exception": "crawl(OwnError('public'))",
    "a text file": "crawl(io.StringIO('public'))",
    "a named tuple": "crawl(Pair(1, 2))",
    "an iterator": "crawl(iter([1, 2]))",
    "a cached function": "crawl(cached)",
    "a property": "crawl(Fake.__dict__['hidden'])",
    "a builtin of the test's": "crawl([].append)",
    "an enumeration": "crawl(Color.RED)",
    "a counter": "crawl(collections.Counter('abc'))",
    "mixed": "crawl([Fake(), {1: Fake}, (secretive, mock.Mock())])",
}

TESTS = """
    import collections, enum, functools, io, unittest
    from unittest import mock
    from answer_module import crawl
    SECRET = "s3cret"
    Pair = collections.namedtuple("Pair", "x y")
    class Color(enum.Enum):
        RED = 1
    class OwnError(Exception):
        pass
    def make_closure(secret):
        def closure(*args):
            return len(secret)
        return closure
    def make_generator():
        hidden = SECRET
        yield 1
        yield len(hidden)
    def secretive(*args):
        "s3cret"[0:0]
        hidden = SECRET
        return 1
    @functools.lru_cache
    def cached(*args):
        return len(SECRET)
    class Fake:
        _expected = SECRET
        def __init__(self):
            self._secret = SECRET
            self.case = CASES[-1]
            self.module = unittest
            self.owner = type(CASES[-1])
            self.function = secretive
        @property
        def hidden(self):
            return len(self._secret)
        def method(self, *args):
            return self._secret and 1
    CASES = []
    class Test(unittest.TestCase):
        def helper(self, *args):
            return None
        def setUp(self):
            CASES.append(self)
"""


@pytest.mark.parametrize("handed", HANDED)
def test_no_object_of_the_test_leads_to_its_internals(handed):
    method = f"        def test(self):\n            self.assertEqual({HANDED[handed]}, [])\n"
    outcome = judge(CRAWLER, TESTS + method)
    assert outcome.passed, outcome.results


REFUSED = [
    "unittest",
    "self",
    "type(self)",
    "Fake().case",
    "sys._getframe()",
    "self._outcome",
    "sys.stdout",
    "self.helper.__code__",
]


@pytest.mark.parametrize("refused", REFUSED)
def test_objects_that_lead_to_the_test_are_not_sent(refused):
    answer = """
        def call(function):
            return function()
        def caught(function):
            try:
                function()
            except TypeError as error:
                return str(error)
        def ignore(value):
            return 1
    """
    method = f"""
        def test_as_argument(self):
            ignore({refused})
        def test_as_answer(self):
            self.assertIn("cannot be handed", caught(lambda: {refused}))
    """
    tests = TESTS.replace("import crawl", "import caught, ignore").replace(
        "import collections", "import sys, collections"
    )
    outcome = judge(answer, tests + method)
    assert outcome.outcomes == {"test_as_argument": "error", "test_as_answer": "passed"}, outcome.results


def test_a_failed_assertion_does_not_reveal_the_expected_value():
    answer = (
        CRAWLER
        + """
    found = []
    def peek(function):
        try:
            function()
        except AssertionError as error:
            found.extend(crawl(error))
            raise
    """
    )
    method = """
        def test(self):
            with self.assertRaises(AssertionError):
                peek(lambda: self.assertEqual("s3cret", 1))
            self.assertEqual(found, [])
    """
    outcome = judge(answer, TESTS.replace("import crawl", "import found, peek") + method)
    assert outcome.passed, outcome.results
