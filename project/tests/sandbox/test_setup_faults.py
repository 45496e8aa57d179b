"""Failures of each step of the setup: then no process runs, and never one with fewer restrictions."""

import os

import pytest

from project.sandbox.command import Command
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.event_loop import run_until_ended
from project.sandbox.limits import Limits
from project.sandbox.zygote import Zygote
from project.tests.sandbox.faults import NO_LANDLOCK, FaultyZygote, without

pytestmark = pytest.mark.long

MARK = "the answer ran"
PRCTL = {"no new privileges": 38, "not dumpable": 4, "die with the zygote": 1}
SET_NEW_LIMIT = "prlimit64:EPERM:2:!:0"  # the interpreter reads limits, which is allowed

OF_ALL_LEVELS = [
    *(f"capset:{name}" for name in ("EPERM", "ENOSYS", "KILL")),
    *(f"seccomp:{name}" for name in ("EPERM", "ENOSYS", "ENOMEM")),
    *(f"prctl:EPERM:0:=:{option}" for option in PRCTL.values()),
    *(f"prctl:KILL:0:=:{option}" for option in PRCTL.values()),
    SET_NEW_LIMIT,
    "setsid:ENOSYS",
    "setsid:KILL",
    "close_range:EPERM",
    "close_range:ENOSYS",
    "dup3:EPERM",
]
WITH_FILES = [
    "landlock_create_ruleset:EPERM",
    "landlock_create_ruleset:ENOMEM",
    "landlock_add_rule:EPERM",
    "landlock_restrict_self:EPERM",
    "landlock_restrict_self:ENOMEM",
    NO_LANDLOCK,
]
WITH_ITS_OWN_ROOT = [
    *(f"mount:{name}" for name in ("EPERM", "ENOSYS", "ENOMEM")),
    "mount:EPERM:3:=:14",  # only the scratch of a process: NOSUID NODEV NOEXEC
    "pivot_root:EPERM",
    "unshare:EPERM",
    "unshare:ENOMEM",
    "clone3:EPERM",
    "clone3:ENOSYS",
    "clone3:ENOMEM",
    "umount2:EPERM",
]
WITHOUT_ITS_OWN_ROOT = ["pidfd_open:ENOSYS", "pidfd_open:EPERM"]
OF_ROOT = ["setresuid:EPERM", "setresgid:EPERM", "setgroups:EPERM"]

FAULTS = [
    *((level, rule) for level in (1, 2, 3) for rule in OF_ALL_LEVELS),
    *((level, rule) for level in (2, 3) for rule in WITH_FILES),
    *((3, rule) for rule in WITH_ITS_OWN_ROOT),
    *((level, rule) for level in (1, 2) for rule in WITHOUT_ITS_OWN_ROOT),
]


def run_answer(zygote):
    """Run an answer in a sandbox from a zygote, and close the zygote; return the outcome."""
    try:
        process = zygote.start_process(Limits())
        try:
            content = {"answer": f"print({MARK!r})", "language": "python"}
            process.execute([Command("program", content, [os.open(os.devnull, 0)])])
            run_until_ended(process)
            return process.outcome()
        finally:
            process.close()
    finally:
        zygote.close()


@pytest.fixture(scope="module", autouse=True)
def offered():
    """Return the levels that this host offers without faults."""
    found = set()
    for level in (1, 2, 3):
        try:
            if run_answer(FaultyZygote(level)).outputs == [f"{MARK}\n".encode()]:
                found.add(level)
        except SandboxUnavailable:
            continue
    return found


@pytest.mark.parametrize(("level", "rule"), FAULTS)
def test_no_process_runs_after_a_failed_step(offered, level, rule):
    if level not in offered:
        pytest.skip(f"this host does not offer level {level}")
    with pytest.raises(SandboxError):
        assert MARK not in repr(run_answer(FaultyZygote(level, rule)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be given up")
@pytest.mark.parametrize("rule", OF_ROOT)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_process_runs_if_root_cannot_be_dropped(offered, level, rule):
    if level not in offered:
        pytest.skip(f"this host does not offer level {level}")
    with pytest.raises(SandboxUnavailable):
        run_answer(FaultyZygote(level, rule))


def test_an_unrelated_fault_has_no_effect(offered):
    """So the way in which they are caused is not the reason for the other failures."""
    for level in offered:
        assert run_answer(FaultyZygote(level, "keyctl:EPERM")).outputs == [f"{MARK}\n".encode()]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_zygotes_of_these_tests_start_as_those_of_the_service_do(offered, level):
    if level not in offered:
        pytest.skip(f"this host does not offer level {level}")
    assert run_answer(Zygote(level)).outputs == [f"{MARK}\n".encode()]
    with pytest.raises(SandboxError):
        run_answer(Zygote(level, launcher=without(SET_NEW_LIMIT)))


@pytest.mark.parametrize("launcher", [["/bin/false"], ["/nonexistent"], ["/bin/cat"]], ids=lambda launcher: launcher[0])
def test_a_zygote_that_does_not_start_makes_the_sandbox_unavailable(launcher):
    with pytest.raises(SandboxUnavailable):
        Zygote(2, launcher=launcher)
