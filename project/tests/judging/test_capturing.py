"""Test modules that capture the output of the answer until the end."""

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind
from project.tests.judging.cases import single
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

HEAD = """
import contextlib, io, sys, unittest
from unittest.mock import patch
from answer import greet

class Writer:
    text = ""
    def write(self, text): self.text += text

class GreetTest(unittest.TestCase):
    def test_greeting(self):
"""

CAPTURES = {
    "redirect_stdout": """
        with contextlib.redirect_stdout(io.StringIO()) as out: greet()
        self.assertEqual(out.getvalue(), "hello\\n")""",
    "patched": """
        with patch("sys.stdout", new_callable=io.StringIO) as out: greet()
        self.assertEqual(out.getvalue(), "hello\\n")""",
    "patched by a decorator": """
        self.check()
    @patch("sys.stdout", new_callable=io.StringIO)
    def check(self, out):
        greet()
        self.assertEqual(out.getvalue(), "hello\\n")""",
    "a mock": """
        with patch("sys.stdout") as out: greet()
        out.write.assert_any_call("hello")""",
    "swapped by hand": """
        old, sys.stdout = sys.stdout, io.StringIO()
        try: greet()
        finally: out, sys.stdout = sys.stdout, old
        self.assertEqual(out.getvalue(), "hello\\n")""",
    "swapped for good": """
        sys.stdout = io.StringIO()
        greet()
        self.assertEqual(sys.stdout.getvalue(), "hello\\n")""",
    "swapped in setUp": """
        greet()
        self.assertEqual(sys.stdout.getvalue(), "hello\\n")
    def setUp(self): self.old, sys.stdout = sys.stdout, io.StringIO()
    def tearDown(self): sys.stdout = self.old""",
    "both streams": """
        sys.stdout = sys.stderr = io.StringIO()
        greet()
        self.assertEqual(sys.stdout.getvalue(), "hello\\n")""",
    "a class of the test": """
        writer = Writer()
        with contextlib.redirect_stdout(writer): greet()
        self.assertEqual(writer.text, "hello\\n")""",
    "a class of the test, for good": """
        sys.stdout = Writer()
        greet()
        self.assertEqual(sys.stdout.text, "hello\\n")""",
    "closed afterwards": """
        with io.StringIO() as out:
            with contextlib.redirect_stdout(out): greet()
            self.assertEqual(out.getvalue(), "hello\\n")""",
    "input too": """
        with patch("sys.stdin", io.StringIO("x\\n")), contextlib.redirect_stdout(io.StringIO()) as out: greet()
        self.assertEqual(out.getvalue(), "hello\\n")""",
}


@pytest.fixture(params=[3, 2, 1])
def judge(request):
    """Provide a judge at each level that this host offers."""
    return Judge(shared_sandboxes(request.param))


@pytest.mark.parametrize("capture", CAPTURES)
def test_a_test_may_end_while_output_is_captured(judge, capture):
    case = Case(name="tests", kind=Kind.UNITTEST, code=HEAD + CAPTURES[capture])
    result = single(judge, "def greet(): print('hello')", case)
    assert (result.verdict, result.error) == ("accepted", "")
    assert single(judge, "def greet(): print('goodbye')", case).verdict == "wrong_answer"


def test_output_after_a_capture_is_not_captured(judge):
    code = HEAD + CAPTURES["redirect_stdout"] + "\n        greet()"
    result = single(judge, "def greet(): print('hello')", Case(name="tests", kind=Kind.UNITTEST, code=code))
    assert (result.verdict, result.output) == ("accepted", "hello\n")
