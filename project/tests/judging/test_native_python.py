"""Python as a native program: with the packages of the host's interpreter."""

import pytest

from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import Problem
from project.sandbox.native import HOST_TOOLS
from project.tests.judging.cases import reading
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

pytestmark = pytest.mark.skipif(
    NATIVE_LANGUAGES["python3"].missing_tool() is not None, reason="python3 is not installed in /usr"
)

PATHS = """
import os, sys
from helper import total

assert not sys.flags.no_site
assert sys.prefix.startswith("/usr"), sys.prefix
assert any("packages" in path for path in sys.path), sys.path
assert "DATABASE_URL" not in os.environ
assert not os.path.exists("/etc/shadow") and not os.path.exists("/proc/1")
print(total(map(int, input().split())), open("numbers.txt").read())
"""


def judged(answer, *cases, **files):
    problem = Problem(cases=cases, language="python3", support_files=files.get("files", {}))
    return Judge(shared_sandboxes(3)).judge(problem, answer).cases


def test_it_is_the_interpreter_of_the_host_with_its_packages():
    assert HOST_TOOLS.find("python3").startswith("/usr/")
    files = {"helper.py": "total = sum", "numbers.txt": "7"}
    (result,) = judged(PATHS, reading("2 3\n", "5 7"), files=files)
    assert result.verdict == "accepted", result


def test_it_may_start_processes():
    answer = "import subprocess\nprint(subprocess.run(['/bin/echo', '5'], capture_output=True, text=True).stdout)"
    assert judged(answer, reading("", "5"))[0].verdict == "accepted"


def test_an_error_of_syntax_names_the_line():
    (result,) = judged("x = 1\ndef f(:\n", reading("", ""))
    assert result.verdict == "runtime_error"
    assert 'main.py", line 2' in result.error
