"""A run as the kernel shows it to the host: who it is, what it may, where it lives; and which level must be had."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox import interpreter
from project.sandbox.inside import numbers
from project.sandbox.limits import MIB, Limits
from project.sandbox.pool import Sandboxes
from project.tests.sandbox.processes import children, descriptors, until

NAMESPACES = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
MAKE_NAMESPACES = """
import ctypes, sys
libc = ctypes.CDLL(None)
bad = libc.unshare(0x10000000 | 0x20000 | 0x40000000 | 0x20000000) or libc.mount(b"x", b"/tmp", b"tmpfs", 0, None)
sys.exit(bool(bad))
"""
LIMITS = Limits(memory_bytes=100 * MIB, threads=20, descriptors=24, wall_ms=60_000)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root sees this of a process that cannot be dumped")


def offered():
    """Return the level that this host must offer, found without the sandbox."""
    version = ctypes.CDLL(None).syscall(numbers.table()["landlock_create_ruleset"], 0, 0, 1)
    if version <= 0:
        return 1
    return 2 if subprocess.run([sys.executable, "-c", MAKE_NAMESPACES], check=False).returncode else 3


def test_the_sandbox_holds_at_the_level_that_this_host_can_offer():
    """Else all tests of that level would be skipped, and nobody would know."""
    sandboxes = Sandboxes(minimum=1)
    try:
        sandboxes.start()
        assert sandboxes.level == offered(), sandboxes.trouble
    finally:
        sandboxes.close()


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_level_up_to_that_can_be_had(level):
    sandboxes = Sandboxes(minimum=level, maximum=level)
    if level <= offered():
        sandboxes.start()
        assert sandboxes.level == level
        sandboxes.close()


class Seen:
    """A learner's process that waits, and its zygote."""

    def __init__(self, sandboxes):
        self.level = sandboxes.level
        self.zygote = sandboxes.learners.zygote.pid
        case = Case(name="waits", kind=Kind.STDOUT, code="", expected="")
        answer = "import time\ntime.sleep(30)"
        judge = Judge(sandboxes)
        self._thread = threading.Thread(target=judge.judge, args=(Problem(cases=(case,), limits=LIMITS), answer))
        self._thread.start()
        self.pid = until(lambda: children(self.zygote))[0]
        until(lambda: "Seccomp:\t2" in self.file("status") and "nanosleep" in self.waits_in())

    def file(self, name):
        return Path(f"/proc/{self.pid}/{name}").read_text()

    def waits_in(self):
        """Return the function of the kernel that it waits in, or what stands for it where that is not told."""
        return self.file("wchan") if os.geteuid() == 0 else "nanosleep"

    def status(self, name):
        return re.search(rf"^{name}:[ \t]*(.*)$", self.file("status"), re.MULTILINE)[1].split()

    def end(self):
        os.kill(self.pid, 9)
        self._thread.join()


@pytest.fixture(params=[3, 2, 1])
def seen(request, make_sandboxes):
    found = Seen(make_sandboxes(minimum=request.param, maximum=request.param, warm=0))
    yield found
    found.end()


def test_it_has_no_capabilities_and_gains_none(seen):
    for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(seen.status(kind)[0], 16) == 0
    assert seen.status("NoNewPrivs") == ["1"]
    assert seen.status("Seccomp") == ["2"]


def test_it_is_an_ordinary_user(seen):
    assert len(set(seen.status("Uid"))) == 1
    assert seen.status("Uid")[0] != "0"
    if os.geteuid() == 0:
        assert seen.status("Groups") == []


def test_it_has_a_session_of_its_own(seen):
    assert os.getsid(seen.pid) == seen.pid


def test_its_limits_are_in_force(seen):
    limits = {line[:26].strip(): tuple(line[26:].split()[:2]) for line in seen.file("limits").splitlines()[1:]}
    assert 100 * MIB < int(limits["Max address space"][1]) < 400 * MIB
    assert limits["Max open files"] == ("24", "24")
    assert limits["Max core file size"] == limits["Max locked memory"] == limits["Max msgqueue size"] == ("0", "0")
    assert limits["Max realtime priority"] == ("0", "0")
    assert int(limits["Max file size"][1]) == 8 * MIB
    assert int(limits["Max cpu time"][1]) == 4
    assert int(limits["Max stack size"][1]) == 8 * MIB
    assert int(limits["Max pending signals"][1]) == 64
    assert (limits["Max processes"] == ("20", "20")) is (seen.level == 3)


@needs_root
def test_it_has_only_its_own_descriptors(seen):
    kinds = [re.sub(r":.*", "", text) for text in descriptors(seen.pid)]
    assert kinds == ["/dev/null", "pipe", "pipe", "socket"]


@needs_root
def test_only_root_may_look_into_it(seen):
    assert Path(f"/proc/{seen.pid}/environ").stat().st_uid == 0  # as of all that cannot be dumped


@needs_root
def test_below_level_3_the_zygote_cannot_be_looked_into_either(seen):
    """There it is of the same user as its learners, whom nothing but that keeps from its memory, should a wall fall."""
    assert (Path(f"/proc/{seen.zygote}/environ").stat().st_uid == 0) is (seen.level < 3)


@needs_root
def test_at_level_3_every_namespace_is_another(seen):
    for name in NAMESPACES:
        own, theirs = (Path(f"/proc/{pid}/ns/{name}").readlink() for pid in ("self", seen.pid))
        assert (own != theirs) is (seen.level == 3), name


def test_at_level_3_everything_but_the_scratch_is_read_only(seen):
    if seen.level != 3:
        pytest.skip("there are no mounts of its own")
    for line in seen.file("mountinfo").splitlines():
        place, options = line.split()[4:6]
        expected = {"nosuid"} | ({"nodev", "noexec", "rw"} if place == "/box/scratch" else {"ro"})
        if place != "/" and not place.startswith("/dev/"):
            expected.add("nodev")
        assert expected <= set(options.split(",")), line
    places = {line.split()[4] for line in seen.file("mountinfo").splitlines()}
    assert not places & {"/proc", "/sys", "/dev", "/dev/shm", "/run", "/home", "/tmp", "/usr", "/lib"}  # noqa: S108


@needs_root
def test_at_level_3_its_root_holds_nothing_else(seen):
    if seen.level != 3:
        pytest.skip("it has the host's root")
    root = Path(f"/proc/{seen.pid}/root")
    assert {path.name for path in (root / "dev").iterdir()} == {"null", "zero", "random", "urandom"}
    assert {path.name for path in (root / "etc").iterdir()} == {"passwd"}
    assert not (root / "proc").exists()
    assert not (root / "sys").exists()
    assert [name for name in interpreter.setup(3)["hidden"] if list((root / name.lstrip("/")).iterdir())] == []


@pytest.mark.parametrize("level", [3, 2])
def test_what_may_be_read_may_not_be_written_whoever_owns_it(level, make_sandboxes, monkeypatch):
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))  # not below /tmp, which is special
    try:
        folder.chmod(0o777)
        file = folder / "open.txt"
        file.write_text("held")
        file.chmod(0o666)
        real = interpreter.setup(level)
        monkeypatch.setattr(interpreter, "setup", lambda _: {**real, "readable": [*real["readable"], str(folder)]})
        sandboxes = make_sandboxes(minimum=level, maximum=level, warm=0)
        program = f"try: open({str(file)!r}, 'r+').write('evil')\nexcept OSError: print(open({str(file)!r}).read())"
        case = Case(name="writes", kind=Kind.STDIN, expected="held")
        assert Judge(sandboxes).judge(Problem(cases=(case,)), program).verdict == "accepted"
        assert file.read_text() == "held"
    finally:
        shutil.rmtree(folder)


def test_the_zygotes_environment_is_bare(seen):
    if os.geteuid() != 0:
        pytest.skip("only root sees this")
    environment = Path(f"/proc/{seen.zygote}/environ").read_text().split("\0")
    assert {entry.partition("=")[0] for entry in environment} <= {"PATH", "LANG", "HOME", "PYTHONHASHSEED", ""}
