"""Programs as learners write them, correct and not, and the verdict that each must get.

The first line of a program names the verdicts that are correct. All read two numbers and print their sum.
"""

from pathlib import Path

import pytest

from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import Case, Kind, Problem
from project.sandbox.limits import MIB, Limits
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

PROGRAMS = sorted((Path(__file__).parent / "programs").iterdir())
LANGUAGES = {".c": "c", ".cpp": "cpp", ".go": "go", ".java": "java", ".js": "nodejs"}
# Short, so that programs that run into a limit take little time.
TIME = Limits(cpu_ms=200, wall_ms=600)
MEMORY = Limits(memory_bytes=64 * MIB)


def limits(name):
    """Return limits that do not change the verdict."""
    kinds = {"time": TIME, "memory": MEMORY}
    return kinds.get(name.partition("_")[0], Limits())


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_a_program_gets_its_verdict(path):
    language = LANGUAGES[path.suffix]
    if missing := NATIVE_LANGUAGES[language].missing_tool():
        pytest.skip(f"{missing} is not installed")
    source = path.read_text()
    expected = source.partition("\n")[0].partition("expect:")[2].split()
    case = Case(name="sum", kind=Kind.STDIN, input="2 3\n", expected="5\n")
    problem = Problem(cases=(case,), language=language, limits=limits(path.name))
    judgement = Judge(shared_sandboxes(3)).judge(problem, source)
    assert judgement.verdict in expected, judgement.cases[0]
