"""The files of a case, opened by name at each isolation level that this host offers."""

import base64

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.tests.judging.cases import calling, printing, reading, single, verdicts
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

PIXELS = bytes(range(256))
FILES = {
    "words and numbers.txt": "größe 1\nzwei 2\n",
    "pixels.bin": {"base64": base64.b64encode(PIXELS).decode()},
    "table.csv": "a,b\r\n1,2\r\n",
    "sizes.py": "SMALL = 1\n",
    "empty": "",
}
ANSWER = """
import csv, json, pathlib, sizes
def words():
    with open("words and numbers.txt", encoding="utf-8") as file:
        return [line.split()[0] for line in file]
def pixels():
    with open("./pixels.bin", "rb") as file:
        file.seek(1)
        return list(file.read())
def rows():
    with open("table.csv", newline="") as file:
        return list(csv.reader(file))
def everything():
    return [
        words(), len(pixels()), rows(), sizes.SMALL, open("empty").read(), pathlib.Path("empty").read_bytes().decode(),
        pathlib.Path("words and numbers.txt").read_text().count("\\n"), open(file="table.csv", mode="rt").readline(),
    ]
"""
EXPECTED = [["größe", "zwei"], 255, [["a", "b"], ["1", "2"]], 1, "", "", 2, "a,b\n"]


@pytest.fixture(params=[3, 2, 1])
def judge(request):
    """Provide a judge at each level that this host offers."""
    return Judge(shared_sandboxes(request.param))


@pytest.mark.parametrize(
    ("case", "more"),
    [
        (calling("everything", expected=EXPECTED), ""),
        (printing("print(everything())", str(EXPECTED)), ""),
        (reading("", str(EXPECTED)), "print(everything())"),
    ],
    ids=["call", "stdout", "stdin"],
)
def test_an_answer_opens_files_by_name(judge, case, more):
    with_files = Case.from_json(case.as_json() | {"answer_files": FILES})
    result = single(judge, ANSWER + more, with_files)
    assert (result.verdict, result.error) == ("accepted", "")
    assert single(judge, ANSWER + more, case).verdict == "runtime_error"


TESTS = """
import unittest
from answer import *
import sizes, helpers
class Test(unittest.TestCase):
    def test_answer(self): self.assertEqual(everything(), helpers.EXPECTED)
    def test_own(self):
        with open("pixels.bin", "rb") as file: self.assertEqual(list(file.read())[1:], pixels())
        with open("expected.txt") as file: self.assertEqual(file.read(), "secret")
    def test_not_for_answers(self):
        with self.assertRaises(OSError): read("expected.txt")
"""


def test_the_test_module_and_the_answer_have_their_own_files(judge):
    files = {"helpers.py": f"EXPECTED = {EXPECTED!r}", "expected.txt": "secret"}
    case = Case(name="tests", kind=Kind.UNITTEST, code=TESTS, files=files, answer_files=FILES)
    result = single(judge, ANSWER + "def read(name): return open(name).read()", case)
    assert {test["name"]: test["outcome"] for test in result.tests} == dict.fromkeys(
        ("Test.test_answer", "Test.test_own", "Test.test_not_for_answers"), "passed"
    )
    assert result.verdict == "accepted"


def test_files_give_no_access_to_other_files(judge):
    answer = """
def f(name):
    try: open(name).read()
    except OSError as error: return type(error).__name__ in ("FileNotFoundError", "PermissionError")
"""
    names = ["../data", "/data", "missing", "/etc/shadow", "/box/scratch/../../data"]
    cases = [calling("f", name, expected=True, answer_files={"data": "x"}, name=name) for name in names]
    assert verdicts(judge, answer, *cases) == ["accepted"] * len(names)


def test_cases_with_files_share_no_sandbox(judge):
    cases = [calling("f", expected=text, name=text, answer_files={"data": text}) for text in ("a", "b")]
    problem = Problem(cases=tuple(cases), shared_sandbox=True)
    assert judge.judge(problem, "def f(): return open('data').read()").accepted


OWN = {"sizes.py": "SMALL = 2\n", "words and numbers.txt": "eins\n", "own.py": "import sizes\n"}


def test_the_files_of_the_answer_are_read_where_neither_case_nor_exercise_have_one_of_that_name(judge):
    answer = """
import own
def f():
    with open("words and numbers.txt", encoding="utf-8") as file: return [own.sizes.SMALL, file.readline()]
"""

    def returned(support_files, answer_files):
        case = calling("f", answer_files=answer_files)
        return judge.judge(Problem(cases=(case,), support_files=support_files), answer, files=OWN).cases[0].actual

    assert returned({}, {}) == "[2, 'eins\\n']"
    assert returned({"sizes.py": "SMALL = 3\n"}, {}) == "[3, 'eins\\n']"
    assert returned({"sizes.py": "SMALL = 3\n"}, {"sizes.py": "SMALL = 4\n"}) == "[4, 'eins\\n']"
    assert returned(FILES, {}) == "[1, 'größe 1\\n']"


FORGING = """
import unittest
from answer import f
class Test(unittest.TestCase):
    def test_no_file_of_the_answer_is_here(self):
        for name in ("helpers", "stolen"):
            with self.assertRaises(ImportError): __import__(name)
        with self.assertRaises(OSError): open("words.txt")
    def test_answer(self):
        self.assertEqual(f(), 1)
"""


def test_the_test_module_gets_no_files_of_the_answer(judge):
    files = {"helpers.py": "raise SystemExit", "stolen.py": "", "words.txt": "a"}
    case = Case(name="tests", kind=Kind.UNITTEST, code=FORGING)
    result = judge.judge(Problem(cases=(case,)), "import stolen\ndef f(): return 1", files=files).cases[0]
    assert (result.verdict, result.error) == ("accepted", "")


def test_the_test_module_and_the_answer_share_the_modules_of_the_exercise(judge):
    tests = """
import unittest, shapes
from answer import make
class Test(unittest.TestCase):
    def test_class(self): self.assertIsInstance(make(), shapes.Shape)
"""
    case = Case(name="tests", kind=Kind.UNITTEST, code=tests)
    problem = Problem(cases=(case,), support_files={"shapes.py": "class Shape: pass"})
    answer = "import shapes\nclass Square(shapes.Shape): pass\ndef make(): return Square()"
    result = judge.judge(problem, answer, files={"shapes.py": "class Shape: other = 1"}).cases[0]
    assert (result.verdict, result.tests[0]["message"]) == ("accepted", "")


def test_with_files_of_the_exercise_no_cases_share_a_sandbox(judge):
    cases = tuple(calling("f", expected=1, name=name) for name in ("a", "b"))
    answer = "seen = []\ndef f(): seen.append(1); return len(seen)"
    assert not judge.judge(Problem(cases=cases, shared_sandbox=True), answer).accepted
    assert judge.judge(Problem(cases=cases, shared_sandbox=True, support_files={"data": "x"}), answer).accepted
