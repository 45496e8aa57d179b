"""Regression tests for failures of the first version of the sandbox."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox import interpreter
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.zygote import Zygote
from project.tests.sandbox.judges import judge_in_subprocess
from project.tests.sandbox.processes import all_descriptors_closed, children, until
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

FILLS_MAPPINGS = """
from mmap import MAP_PRIVATE, mmap
kept = []
while True:
    kept.append(mmap(-1, 2**24, MAP_PRIVATE))
    kept[-1].write(bytes(2**24))
"""
ONE = Problem(cases=(Case(name="one", kind=Kind.STDOUT, code="print(add(2, 3))", expected="5"),))


def printed(sandboxes, program):
    """Return the output of a program."""
    problem = Problem(cases=(Case(name="program", kind=Kind.STDIN, expected=""),))
    result = Judge(sandboxes).judge(problem, program).cases[0]
    assert result.verdict in ("accepted", "wrong_answer"), result
    return result.actual


def test_1_a_pipe_is_closed_even_if_its_other_end_could_not_be_sent():
    judge = Judge(shared_sandboxes(warm=0))
    deaf = (
        "import socket\n"
        "socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=3).shutdown(socket.SHUT_RD)\n"
        "def add(a, b): return a + b"
    )
    judge.judge(ONE, deaf)
    with all_descriptors_closed():
        assert judge.judge(ONE, deaf).verdict == "runtime_error"


def test_2_a_zygote_does_not_start_if_the_source_of_a_bind_mount_is_missing(monkeypatch):
    shared_sandboxes(3, warm=0)  # skips where there is no such level
    real = interpreter.setup(3)
    monkeypatch.setattr(interpreter, "setup", lambda _: {**real, "readable": [*real["readable"], "/nowhere/at/all"]})
    with pytest.raises(SandboxUnavailable, match="/nowhere/at/all"):
        Zygote(3)


def test_3_the_configuration_is_not_in_the_arguments():
    said = printed(shared_sandboxes(), "import sys\nprint(sys.argv, sys.orig_argv)")
    assert said == "['answer.py'] ['answer.py']\n"
    assert interpreter.command()[1:] == ["-P", "-s", "-S", "-B", "-X", "utf8", str(interpreter.MAIN)]


def test_4_hashes_are_the_same_in_every_run_of_every_zygote():
    sandboxes = shared_sandboxes()
    program = "import sys\nprint(hash('a'), sys.flags.isolated, sys.flags.no_site, sys.flags.safe_path)"
    first, zygote = printed(sandboxes, program), sandboxes.learners.zygote
    sandboxes.learners.renew()
    second = printed(sandboxes, program)
    assert sandboxes.learners.zygote is not zygote
    assert first == second
    assert first.endswith(" 0 1 True\n")


def test_5_the_scratch_file_system_is_freed_with_its_process():
    sandboxes = shared_sandboxes(3, warm=0)
    zygote = sandboxes.learners.zygote.pid
    mounts = Path(f"/proc/{zygote}/mountinfo")
    before = mounts.read_text()
    devices = [printed(sandboxes, "import os\nprint(os.stat('/tmp').st_dev)") for _ in range(40)]
    assert mounts.read_text() == before
    # The kernel reuses the device numbers of file systems that were freed.
    assert len(set(devices)) < len(devices) / 2
    assert until(lambda: not children(zygote))


def interpreters():
    """Return the supported interpreters on this machine."""
    found = [Path(sys.executable), Path("/usr/bin/python3"), *Path.home().glob(".pyenv/versions/*/bin/python")]
    return {os.path.realpath(path) for path in found if path.exists() and is_supported(path)}


def is_supported(path):
    version = re.search(r"python3\.(\d+)$", os.path.realpath(path))
    return bool(version) and int(version[1]) >= 11


@pytest.mark.parametrize("path", sorted(interpreters()))
def test_6_every_interpreter_works_also_below_a_private_home(path):
    level = shared_sandboxes().level
    said = judge_in_subprocess(
        "import statistics, sqlite3, decimal, turtledemo.peace\n",  # the last one is not preloaded
        "import colorsys, imaplib\ndef add(a, b): return a + b",
        interpreter=path,
    )
    assert said["level"] == level
    assert said["verdicts"][0] == "runtime_error"
    if level == 3 or Path(path).stat().st_uid == os.geteuid() != 0:
        assert said["verdicts"][1] == "accepted", said


def test_6_what_lies_below_tmp_can_be_read_there(monkeypatch, tmp_path):
    """An interpreter may be installed there; the /tmp of a process is another directory."""
    shared_sandboxes(3, warm=0)  # skips where there is no such level
    (tmp_path / "module.py").write_text("held")
    tmp_path.chmod(0o755)
    real = interpreter.setup(3)
    monkeypatch.setattr(interpreter, "setup", lambda _: {**real, "readable": [*real["readable"], str(tmp_path)]})
    Zygote(3).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("user", [65534, 54321])
@pytest.mark.parametrize("path", sorted(path for path in interpreters() if not path.startswith(str(Path.home()))))
def test_6_every_interpreter_works_for_an_ordinary_user(path, user):
    level = shared_sandboxes().level
    if not all(parent.stat().st_mode & 0o005 == 0o005 for parent in Path(__file__).parents):
        pytest.skip("others may not read this checkout")
    said = judge_in_subprocess(interpreter=path, user=user, group=user, extra_groups=[])
    assert (said["level"], said["verdicts"]) == (level, ["accepted"])


def test_7_at_level_2_threads_are_bounded_by_memory_and_not_by_the_users_count():
    program = "import json, resource\nprint(json.dumps(resource.getrlimit(resource.RLIMIT_NPROC)))"
    sandboxes = shared_sandboxes(2, warm=0)
    import_limit = json.loads(printed(sandboxes, program))
    assert import_limit != [32, 32]
    bomb = "import threading\nlock = threading.Lock()\nwhile True: threading.Thread(target=lock.acquire).start()"
    assert Judge(sandboxes).judge(ONE, bomb).verdict in (
        "runtime_error",
        "time_limit",
        "memory_limit",
    )


@pytest.mark.parametrize(
    "bomb",
    [
        "import mmap\nkept = [mmap.mmap(-1, 16 << 20, mmap.MAP_PRIVATE) for _ in range(100)]",
        FILLS_MAPPINGS,
        "raise OSError(12, 'Cannot allocate memory')",
        "raise MemoryError",
        "kept = []\ntry:\n    while True: kept.append(bytearray(2**20))\nexcept MemoryError: raise KeyError from None",
    ],
)
def test_8_an_answer_that_exhausts_its_memory_exceeds_the_memory_limit(judge, bomb):
    assert judge.judge(ONE, bomb).verdict == "memory_limit"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be given up")
@pytest.mark.parametrize("level", [3, 2, 1])
def test_9_the_zygote_drops_root(level):
    zygote = shared_sandboxes(level, warm=0).learners.zygote.pid
    status = Path(f"/proc/{zygote}/status").read_text()
    ids = re.search(r"Uid:\t(\d+)\t(\d+)\t(\d+)\t(\d+)", status).groups()
    assert len(set(ids)) == 1
    assert ids[0] != "0"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be given up")
@pytest.mark.parametrize("level", [3, 2, 1])
def test_9_the_zygote_drops_the_groups_of_root(level):
    shared_sandboxes(level, warm=0)  # skips where there is no such level
    program = "import os\nprint('groups', os.getgroups())"
    said = judge_in_subprocess(program, minimum=level, maximum=level, extra_groups=[0, 4242])
    assert "groups []" in said["outputs"][0]


def test_9_the_number_of_threads_is_limited_at_level_3():
    program = """
import threading
lock, kept = threading.Lock(), []
threading.stack_size(65536)
lock.acquire()
try:
    for _ in range(200):
        kept.append(threading.Thread(target=lock.acquire, daemon=True))
        kept[-1].start()
except RuntimeError:
    print(len(kept))
lock.release()
import os
sys = __import__("sys"); sys.stdout.flush()
for thread in kept[:-1]: lock.locked() and lock.release(); thread.join(0.05)
"""
    assert int(printed(shared_sandboxes(3, warm=0), program)) == 32
