"""Test modules in the sandbox, with wrong answers that try to be accepted."""

import pytest

from project.judging.problems import Case, Kind
from project.sandbox.limits import Limits
from project.tests.judging.cases import single
from project.tests.sandbox.test_bridge_costs import CHEAP, EQUAL

POINT = """
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, other): EQUAL
    __hash__ = None
"""
EMPTIES_ITSELF = """
lie = {}
def f():
    lie.update({"a": Point(1, 2), "x": "WRONG", "y": "WRONG"})
    return lie
"""
RIGHT = "\ndef f(): return {'a': Point(1, 2), 'b': 5, 'c': [7]}"
TESTS = """
import unittest
from points import Point, f
class Test(unittest.TestCase):
    def test(self):
        self.assertEqual(f(), {"a": Point(1, 2), "b": 5, "c": [7]})
"""


def by_module(code, module, **more):
    return Case(name="tests", kind=Kind.UNITTEST, code=code, module=module, expected=None, **more)


@pytest.mark.parametrize("hidden", [False, True])
def test_a_dict_that_empties_itself_while_it_is_compared_is_wrong(judge, hidden):
    answer = POINT.replace("EQUAL", "lie.clear(); return True") + EMPTIES_ITSELF
    assert single(judge, answer, by_module(TESTS, "points", hidden=hidden)).verdict == "wrong_answer"


def test_the_correct_dict_is_accepted(judge):
    answer = POINT.replace("EQUAL", "return (self.x, self.y) == (other.x, other.y)") + RIGHT
    assert single(judge, answer, by_module(TESTS, "points")).verdict == "accepted"


def test_a_value_that_takes_too_long_to_decode_exceeds_the_time_limit(judge):
    answer = CHEAP.replace("KIND", "Many").replace("KEY", EQUAL["ints"])
    tests = "import unittest\nimport keys\nclass Test(unittest.TestCase):\n    def test(self): keys.f()\n"
    result = single(judge, answer.replace("\n    ", "\n"), by_module(tests, "keys"))
    assert result.verdict == "time_limit", result
    assert result.tests[0]["outcome"] == "time_limit"
    assert "equal hashes" in result.tests[0]["message"]


# Encodes a message once, and sends it many times; the tester builds a dict each time.
SENDS_AGAIN = """
from inside.bridge import peer
made, kept, table = peer.Peer._encode_message, [], {str(n): n for n in range(20000)}
def again(self, kind, body):
    if body is not table:
        return made(self, kind, body)
    kept[:] = kept or [made(self, kind, body)]
    return kept[0]
peer.Peer._encode_message = again
def f():
    return table
"""


def test_decoding_counts_against_the_cpu_time_of_the_answer(judge):
    tests = """
import unittest
import table
class Test(unittest.TestCase):
    def test(self):
        for n in range(TIMES):
            self.assertEqual(len(table.f()), 20000)
"""
    limits = Limits(cpu_ms=1_000)
    few, many = (by_module(tests.replace("TIMES", times), "table") for times in ("3", "1000000"))
    assert single(judge, SENDS_AGAIN, few, limits=limits).verdict == "accepted"
    result = single(judge, SENDS_AGAIN, many, limits=limits)
    assert result.verdict == "time_limit"
    assert "longer than the answer may compute" in result.tests[0]["message"]
