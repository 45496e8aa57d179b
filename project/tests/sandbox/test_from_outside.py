"""A sandboxed process as the kernel shows it to the host: its user, rights and namespaces; and the available levels."""

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
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.inside import numbers
from project.sandbox.limits import MIB, Limits
from project.sandbox.pool import HIGHEST, Sandboxes
from project.tests.sandbox.processes import children, descriptors, until
from project.tests.sandbox.shared_sandboxes import shared_sandboxes

NAMESPACES = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
MAKE_NAMESPACES = """
import ctypes, sys
libc = ctypes.CDLL(None)
bad = libc.unshare(0x10000000 | 0x20000 | 0x40000000 | 0x20000000) or libc.mount(b"x", b"/tmp", b"tmpfs", 0, None)
sys.exit(bool(bad))
"""
LIMITS = Limits(memory_bytes=100 * MIB, threads=20, descriptors=24, wall_ms=60_000)
only_level_3 = pytest.mark.parametrize("observed", [3], indirect=True)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can read this of a process that is not dumpable")


def offered():
    """Return the highest level that this host supports, determined without the sandbox."""
    version = ctypes.CDLL(None).syscall(numbers.table()["landlock_create_ruleset"], 0, 0, 1)
    if version <= 0:
        return 1
    return 2 if subprocess.run([sys.executable, "-c", MAKE_NAMESPACES], check=False).returncode else 3


def test_sandboxes_start_at_the_highest_level_of_this_host():
    """Otherwise all tests of that level would be skipped."""
    sandboxes = Sandboxes(minimum=1)
    try:
        sandboxes.start()
        assert sandboxes.level == offered(), sandboxes.trouble
    finally:
        sandboxes.close()


@pytest.mark.parametrize("level", [1, 2, 3])
def test_sandboxes_start_at_every_level_of_this_host_and_at_none_above(level):
    sandboxes = Sandboxes(minimum=level, maximum=level)
    try:
        if level <= offered():
            sandboxes.start()
            assert sandboxes.level == level
        else:
            with pytest.raises(SandboxUnavailable, match=f"level {level}"):
                sandboxes.start()
            assert sandboxes.level == 0
    finally:
        sandboxes.close()


def test_there_is_no_level_above_the_highest():
    """On a host that supports all levels, only this one has to be refused."""
    with pytest.raises(SandboxUnavailable):
        Sandboxes(minimum=HIGHEST + 1).start()


class Observed:
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
        """Return the kernel function in which it waits, if this user may read that."""
        return self.file("wchan") if os.geteuid() == 0 else "nanosleep"

    def status(self, name):
        return re.search(rf"^{name}:[ \t]*(.*)$", self.file("status"), re.MULTILINE)[1].split()

    def end(self):
        os.kill(self.pid, 9)
        self._thread.join()


@pytest.fixture(params=[3, 2, 1])
def observed(request):
    found = Observed(shared_sandboxes(request.param, warm=0))
    yield found
    found.end()


def test_the_process_has_no_capabilities_and_can_gain_none(observed):
    for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(observed.status(kind)[0], 16) == 0
    assert observed.status("NoNewPrivs") == ["1"]
    assert observed.status("Seccomp") == ["2"]


def test_the_process_has_an_ordinary_user(observed):
    assert len(set(observed.status("Uid"))) == 1
    assert observed.status("Uid")[0] != "0"
    if os.geteuid() == 0:
        assert observed.status("Groups") == []


def test_the_process_has_a_session_of_its_own(observed):
    assert os.getsid(observed.pid) == observed.pid


def test_the_resource_limits_are_in_force(observed):
    limits = {line[:26].strip(): tuple(line[26:].split()[:2]) for line in observed.file("limits").splitlines()[1:]}
    assert 100 * MIB < int(limits["Max address space"][1]) < 400 * MIB
    assert limits["Max open files"] == ("24", "24")
    assert limits["Max core file size"] == limits["Max locked memory"] == limits["Max msgqueue size"] == ("0", "0")
    assert limits["Max realtime priority"] == ("0", "0")
    assert int(limits["Max file size"][1]) == 8 * MIB
    assert int(limits["Max cpu time"][1]) == 4
    assert int(limits["Max stack size"][1]) == 8 * MIB
    assert int(limits["Max pending signals"][1]) == 64
    assert (limits["Max processes"] == ("20", "20")) is (observed.level == 3)


@needs_root
def test_the_process_has_only_its_own_descriptors(observed):
    kinds = [re.sub(r":.*", "", text) for text in descriptors(observed.pid)]
    assert kinds == ["/dev/null", "pipe", "pipe", "socket"]


@needs_root
def test_only_root_may_inspect_the_process(observed):
    assert Path(f"/proc/{observed.pid}/environ").stat().st_uid == 0  # as for every process that is not dumpable


@needs_root
def test_below_level_3_only_root_may_inspect_the_zygote_either(observed):
    """There it has the same user as its learners; if another restriction failed, this one would protect its memory."""
    assert (Path(f"/proc/{observed.zygote}/environ").stat().st_uid == 0) is (observed.level < 3)


@needs_root
def test_only_at_level_3_all_namespaces_are_its_own(observed):
    for name in NAMESPACES:
        own, theirs = (Path(f"/proc/{pid}/ns/{name}").readlink() for pid in ("self", observed.pid))
        assert (own != theirs) is (observed.level == 3), name


@only_level_3
def test_at_level_3_everything_but_the_scratch_is_read_only(observed):
    for line in observed.file("mountinfo").splitlines():
        place, options = line.split()[4:6]
        expected = {"nosuid"} | ({"nodev", "noexec", "rw"} if place == "/box/scratch" else {"ro"})
        if place != "/" and not place.startswith("/dev/"):
            expected.add("nodev")
        assert expected <= set(options.split(",")), line
    places = {line.split()[4] for line in observed.file("mountinfo").splitlines()}
    assert not places & {"/proc", "/sys", "/dev", "/dev/shm", "/run", "/home", "/tmp", "/usr", "/lib"}  # noqa: S108


@needs_root
@only_level_3
def test_at_level_3_the_root_directory_contains_only_the_interpreter_and_devices(observed):
    root = Path(f"/proc/{observed.pid}/root")
    assert {path.name for path in (root / "dev").iterdir()} == {"null", "zero", "random", "urandom"}
    assert {path.name for path in (root / "etc").iterdir()} == {"passwd"}
    assert not (root / "proc").exists()
    assert not (root / "sys").exists()
    assert [name for name in interpreter.setup(3)["hidden"] if list((root / name.lstrip("/")).iterdir())] == []


@pytest.mark.parametrize("level", [3, 2])
def test_a_readable_file_cannot_be_written_even_if_its_mode_allows_it(level, make_sandboxes, monkeypatch):
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))  # not in /tmp, which is handled specially
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


@needs_root
def test_the_environment_of_the_zygote_has_only_fixed_variables(observed):
    environment = Path(f"/proc/{observed.zygote}/environ").read_text().split("\0")
    assert {entry.partition("=")[0] for entry in environment} <= {"PATH", "LANG", "HOME", "PYTHONHASHSEED", ""}
