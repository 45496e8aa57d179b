"""Hosts that offer less: which levels are available, and that attacks fail there, too."""

import platform
import socket

import pytest

from project.tests.sandbox.faults import DOCKER, NO_LANDLOCK, without
from project.tests.sandbox.judges import HONEST, judge_in_subprocess
from project.tests.sandbox.programs import PROGRAMS

pytestmark = pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="no sandbox for this machine")

ESSENTIALS = {
    "002_fork_bomb_quiet",
    "045_read_passwd",
    "050_write_interpreter",
    "052_suid_exec",
    "055_net_outside",
    "060_namespaces",
    "063_shellcode_mem",
    "066_rlimit_raise",
    "222_climbing_out",
    "236_raw_clones",
}


@pytest.fixture(scope="module")
def landlock():
    """Skip on kernels without Landlock."""
    if "trouble" in judge_in_subprocess(maximum=2, minimum=2):
        pytest.skip("this kernel has no Landlock")


@pytest.fixture(scope="module")
def level_3():
    """Skip on hosts that do not offer level 3."""
    if "trouble" in judge_in_subprocess(minimum=3):
        pytest.skip("this host does not offer level 3")


def test_level_2_is_available_under_dockers_default_profile(landlock):
    programs = [program for program in PROGRAMS if program.name in ESSENTIALS]
    said = judge_in_subprocess(HONEST, *(program.source for program in programs), launcher=without(DOCKER), minimum=2)
    assert said["level"] == 2
    assert said["verdicts"][0] == "accepted"
    for program, verdict, output in zip(programs, said["verdicts"][1:], said["outputs"][1:], strict=True):
        assert verdict in program.expected(2), program.name
        assert "root:x:0" not in output
        assert not {"BROKEN", "WROTE", "EXECUTED", "CONNECTED", "RAISED", "GOT"} & set(output.split()), output


def test_level_3_is_not_available_under_dockers_default_profile():
    said = judge_in_subprocess(launcher=without(DOCKER), minimum=3)
    assert "level 3" in said["trouble"]


def test_level_3_is_available_under_podmans_default_profile(level_3):
    """That profile allows new namespaces, but not setting the host name."""
    name = "import socket\nprint(socket.gethostname())"
    programs = [program for program in PROGRAMS if program.name in ESSENTIALS]
    said = judge_in_subprocess(
        HONEST, name, *(program.source for program in programs), launcher=without("sethostname:EPERM"), minimum=3
    )
    assert said["level"] == 3
    assert said["verdicts"][0] == "accepted"
    assert socket.gethostname() in said["outputs"][1]
    for program, verdict in zip(programs, said["verdicts"][2:], strict=True):
        assert verdict in program.expected(3), program.name


def test_without_landlock_no_file_can_be_opened():
    said = judge_in_subprocess(
        HONEST, "print(open('/etc/hostname').read())", launcher=without(f"{NO_LANDLOCK},{DOCKER}"), minimum=1
    )
    assert said["level"] == 1
    assert said["verdicts"] == ["accepted", "runtime_error"]
    assert "PermissionError" in said["outputs"][1]


@pytest.mark.parametrize("minimum", [2, 3])
def test_without_landlock_there_are_no_sandboxes_from_level_2_on(minimum):
    said = judge_in_subprocess(launcher=without(f"{NO_LANDLOCK},{DOCKER}"), minimum=minimum)
    assert "Landlock" in said["trouble"] or "level 3" in said["trouble"]
    assert "verdicts" not in said


def test_without_landlock_namespaces_alone_are_not_level_3():
    said = judge_in_subprocess(launcher=without(NO_LANDLOCK), minimum=2)
    assert "verdicts" not in said


def test_without_seccomp_there_are_no_sandboxes():
    said = judge_in_subprocess(launcher=without("seccomp:ENOSYS"), minimum=1)
    assert "verdicts" not in said
