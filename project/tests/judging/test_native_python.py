"""Python as a native program: with the packages of the host's interpreter."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from project.judging.judge import Judge
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import Problem
from project.sandbox.native import HOST_TOOLS
from project.sandbox.pool import Sandboxes
from project.sandbox.tools import Tools
from project.settings.native_python import native_python
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


ENVIRONMENT = """
import os, sys

prefix = sys.prefix
assert prefix != sys.base_prefix
import only_here

print(not os.path.exists(f"{prefix}/../secret"), only_here.NUMBER)
open(f"{prefix}/mine", "w")
"""


@pytest.fixture(scope="module")
def environment():
    """Provide an environment with a package, beside a file that no answer may see."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        place = Path(directory)
        place.chmod(0o755)
        path = place / "environment"
        subprocess.run([HOST_TOOLS.find("python3"), "-m", "venv", "--without-pip", path], check=True)
        (packages,) = path.glob("lib/python3*/site-packages")
        (packages / "only_here.py").write_text("NUMBER = 7\n")
        (place / "secret").write_text("secret")
        yield path


def test_an_environment_outside_of_usr_is_read_only_and_nothing_beside_it_is_visible(environment):
    sandboxes = Sandboxes(tools=Tools(python=environment))
    try:
        problem = Problem(cases=(reading("", "True 7\n"),), language="python3")
        (result,) = Judge(sandboxes).judge(problem, ENVIRONMENT).cases
    finally:
        sandboxes.close()
    assert result.actual == "True 7\n", result
    assert "Read-only file system" in result.error or "Permission denied" in result.error


def test_an_environment_must_be_a_directory_of_its_own(environment):
    parse = native_python([environment / "data"])
    for text in ("environment", "/", "/usr", "/tmp", "/nowhere", str(environment.parent), str(environment)):  # noqa: S108
        with pytest.raises(ValueError, match="must"):
            parse(text)
    assert native_python([Path("/srv")])(str(environment)) == environment
