"""Results as learners see them: without the content of hidden cases, and without frames of the runner."""

import json

import pytest

from project.judging.problems import Problem, legacy_case
from project.judging.results import for_learner
from project.tests.judging.cases import calling, printing, reading, single

SECRET = "S3CRET"
TEST = f"value = f()  # {SECRET}\nprint(value)"
ANSWERS = [
    "1 / 0",
    "import sys; sys.exit()",
    "while True: pass",
    "def f(:",
    "def f(): return 1",
    "def f(): return 1 / 0",
    "import os; os._exit(0)",
    "import os; os.write(3, b'x')",
    "x = bytearray(10**12)",
    "",
]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(
    "case",
    [
        printing(TEST, SECRET, hidden=True, name="hidden"),
        reading(SECRET, SECRET, hidden=True, name="hidden"),
        calling("f", expected=SECRET, hidden=True, name="hidden"),
    ],
    ids=lambda case: case.kind,
)
def test_a_hidden_case_reveals_none_of_its_content(judge, case, answer):
    if case.kind == "stdin" and answer == "while True: pass":
        pytest.skip("as in the other kinds")
    problem = Problem.from_json({"cases": [case.as_json()], "limits": {"cpu_ms": 300, "wall_ms": 900}})
    result = judge.judge(problem, answer).cases[0]
    seen = for_learner(result.as_json())
    assert SECRET not in json.dumps(seen)
    assert seen["expected"] is None
    assert seen["name"] == "hidden"


def test_an_exception_in_the_body_of_an_answer_is_shown_for_hidden_cases(judge):
    result = single(judge, "print('before')\nraise KeyError('mine')", printing("f()", "x", hidden=True))
    seen = for_learner(result.as_json())
    assert "mine" in seen["error"]
    assert seen["output"] == "before\n"


def test_output_for_hidden_input_is_not_shown(judge):
    """A program could print its input."""
    seen = for_learner(single(judge, "print(input())\n1 / 0", reading(SECRET, "x", hidden=True)).as_json())
    assert SECRET not in json.dumps({**seen, "name": ""})


def test_a_legacy_case_never_shows_the_expected_output(judge):
    problem = Problem(cases=(legacy_case("print(f())", SECRET),))
    for answer in ANSWERS[3:6]:
        assert SECRET not in json.dumps(judge.judge(problem, answer).cases[0].as_json())


def test_a_traceback_has_frames_of_the_answer_only(judge):
    result = single(judge, "def f():\n    return [][1]", printing(TEST, "x"))
    assert "return [][1]" in result.error
    assert "IndexError" in result.error
    for own in (SECRET, "inside", "project", "runner", "lambda", "_guarded"):
        assert own not in result.error


@pytest.mark.parametrize(
    "raised",
    [
        "raise KeyError(1) from ValueError(2)",
        "try: 1 / 0\nexcept Exception: [][1]",
        "raise ExceptionGroup('x', [ValueError(1)])",
        "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})",
        "raise type('E', (BaseException,), {'__traceback__': property(lambda self: 1 / 0)})",
        "def f(n): f(n + 1)\nf(0)",
        "raise Exception('x' * 10**6)",
        "raise Exception('\\0\\ud800\\x1b[2J\\u202e')",
        "import sys\nsys.stderr = None\n1 / 0",
        "import traceback\ntraceback.format_exception = None\n1 / 0",
    ],
)
def test_no_error_shows_frames_of_the_runner(judge, raised):
    result = single(judge, raised, printing("print(1)", "1"))
    assert result.verdict == "runtime_error"
    assert "inside" not in result.error
    assert len(result.error) < 60_000
    assert "\0" not in result.error
    result.error.encode()


def test_a_result_can_be_stored_whatever_was_printed(judge):
    answer = "import sys\nsys.stdout.buffer.write(bytes(range(256)) * 20)\nsys.stderr.buffer.write(bytes(range(256)))"
    result = single(judge, answer, reading("", "x"))
    stored = json.dumps(result.as_json())
    assert "\\u0000" not in stored
    assert json.loads(stored) == result.as_json()


def test_a_result_has_measurements(judge):
    result = single(judge, "x = bytearray(50 << 20)\nfor _ in range(10**6): pass", reading("", ""))
    assert result.cpu_ms > 1
    assert result.wall_ms > 1
    assert 50 << 20 < result.memory_bytes < 256 << 20
