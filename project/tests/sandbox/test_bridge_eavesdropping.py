"""Answers that forge the plain value of an object, or record the requests of a test."""

from textwrap import dedent

import pytest

from project.tests.sandbox.bridge_pair import judge
from project.tests.sandbox.test_bridge_cheats import AGREEABLE, ANSWERS, ASSERTIONS, TESTS

# Its plain value changes: sometimes it is a set, and sometimes another value.
SLY = """
    from inside.bridge import learner
    told = []
    class Sly(set):
        def __sub__(self, other): return 0
        def difference(self, other):
            told.extend(other)
            return set()
        def __iter__(self): return iter(told)
    asked = []
    def base(self, target):
        asked.append(target)
        return VALUE if len(asked) % PERIOD else set()
    learner.LearnerSide._base = base
    def f(): return Sly()
"""


@pytest.mark.parametrize("value", ["Sly()", "object()", "[5]", "{5: 6}", "5", "set"])
@pytest.mark.parametrize("period", [2, 3, 4])
def test_a_forged_plain_value_does_not_decide_a_comparison(value, period):
    assertions = [
        "self.assertSetEqual(f(), {5, 6})",
        "self.assertAlmostEqual(f(), 5)",
        "self.assertAlmostEqual(5, f(), delta=1)",
        "self.assertEqual(f(), {5, 6})",
        "self.assertEqual(f(), 5)",
        "self.assertIn(f(), [5, {5}])",
        "assert f() == approx(5)",
        "assert f() == approx({5: 6})",
    ]
    tests = "import unittest\nfrom pytest import approx\nfrom answer_module import f\nclass Test(unittest.TestCase):\n"
    tests += "".join(f"    def test_{number}(self): {source}\n" for number, source in enumerate(assertions))
    outcome = judge(SLY.replace("VALUE", value).replace("PERIOD", str(period)), tests)
    assert len(outcome.results) == len(assertions)
    assert "passed" not in outcome.outcomes.values(), outcome.results


# Records all requests to its process.
EAVESDROPPER = """
    from inside.bridge import learner
    heard = []
    execute = learner.LearnerSide.execute
    def listen(self, operation, target, arguments):
        heard.append(repr(arguments))
        return execute(self, operation, target, arguments)
    learner.LearnerSide.execute = listen
    def said():
        told, heard[:] = [text for text in heard if "424242" in text], []
        return told
"""


def test_no_assertion_reveals_the_expected_value():
    """Otherwise its objects could learn it in one comparison, and return it in the next."""
    sources = [source.replace("5", "424242") for source in ASSERTIONS if "sorted" not in source]
    answer = dedent(EAVESDROPPER) + dedent(AGREEABLE)
    answer += "\nANSWERS = {" + ", ".join(f"{name!r}: {value}" for name, value in ANSWERS.items()) + "}"
    tests = f"SOURCES = {sources}\n{TESTS.replace('import ANSWERS', 'import ANSWERS, said')}"
    tests = tests.replace(
        'return lambda self: exec(code, {"self": self, "f": f, "approx": approx, "unittest": unittest})',
        """def heard(self):
        said()
        try: exec(code, {"self": self, "f": f, "approx": approx, "unittest": unittest})
        except Exception: pass
        self.assertEqual(said(), [])
    return heard""",
    )
    outcome = judge(answer, tests)
    assert len(outcome.results) == len(ANSWERS) * len(sources)
    assert outcome.passed, [result for result in outcome.results if result["outcome"] != "passed"][:5]
