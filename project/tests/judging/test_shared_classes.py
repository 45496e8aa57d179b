"""Classes of `answer_files` are one class for the answer and for the test module."""

from project.judging.problems import Case, Kind
from project.tests.judging.cases import single
from project.tests.sandbox.shared_shapes import SHAPES

ANSWER = """
from shapes import *
class Square(Shape): pass
def fail(): raise Error(5)
def colour(): return Colour.RED
def point(): return Point(1, 2)
def is_shape(value): return isinstance(value, Shape)
"""
TESTS = """
import unittest
import answer
from shapes import *
class Test(unittest.TestCase):
    def test_classes(self):
        with self.assertRaises(Error) as caught: answer.fail()
        self.assertEqual(caught.exception.shown, "5: wrong")
        self.assertIsInstance(answer.Square(), Shape)
        self.assertTrue(issubclass(answer.Square, Shape) and answer.is_shape(Shape()))
        self.assertIs(answer.colour(), Colour.RED)
        self.assertEqual(answer.point(), Point(1, 2))
"""
OTHER = """
import unittest
from answer import fail
import shapes
class Test(unittest.TestCase):
    def test_classes(self):
        with self.assertRaises(Exception) as caught: fail()
        self.assertNotIsInstance(caught.exception, shapes.Error)
"""


def case(code, answer_files, **more):
    return Case(name="tests", kind=Kind.UNITTEST, code=code, answer_files=answer_files, **more)


def test_a_shared_class_is_one_class(judge):
    result = single(judge, ANSWER, case(TESTS, {"shapes.py": SHAPES}))
    assert [test for test in result.tests if test["outcome"] != "passed"] == []
    assert result.verdict == "accepted"


def test_a_file_that_replaces_one_for_the_test_module_is_not_shared(judge):
    files = {"shapes.py": "class Error(Exception): pass"}
    result = single(judge, ANSWER, case(OTHER, {"shapes.py": SHAPES}, files=files))
    assert (result.verdict, result.tests[0]["message"]) == ("accepted", "")


def test_a_class_of_unittest_is_not_shared(judge):
    files = {"helpers.py": "import unittest\nclass Skip(unittest.SkipTest): pass\n"}
    code = "from answer import f\nimport helpers\ndef test_one(): pass\ndef test_two(): assert f() == 5"
    result = single(judge, "import helpers\ndef f(): raise helpers.Skip('no')", case(code, files))
    assert result.verdict == "runtime_error"


def test_a_file_with_the_name_of_a_library_module_is_ignored(judge):
    code = "from answer import f\nimport statistics\ndef test_mean(): assert f([1, 3]) == statistics.fmean([1, 3])"
    files = {"statistics.py": "class StatisticsError(Exception): pass\ndef fmean(values): return 2.0\n"}
    result = single(judge, "import statistics\ndef f(values): return 2.0", case(code, files))
    assert result.verdict == "accepted"
