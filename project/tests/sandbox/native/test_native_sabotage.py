"""Without any one restriction an attack succeeds: so each restriction is in force, and the attacks notice it."""

import sys
from pathlib import Path

import pytest

from project.judging.native_languages import NATIVE_LANGUAGES
from project.sandbox.process_tree import ProcessTree
from project.tests.sandbox.native.programs import BY_NAME

SCRIPT = str(Path(__file__).parent / "sabotaged.py")
LIMITS = ("NOFILE", "FSIZE", "CORE", "MEMLOCK", "CPU", "SIGPENDING", "AS", "STACK")
# The attacks that notice that a restriction is missing, or several that protect from the same.
NOTICED = {
    "seccomp": ["101_refused_calls", "102_new_namespaces", "103_sockets"],
    "last filter": ["106_last_filter"],
    "landlock": ["503_program_file"],
    "seccomp+landlock+network namespace": ["104_reaches_the_host"],
    "PID namespace": ["208_first_process"],
    "closed descriptors": ["601_descriptors"],
    "small scratch": ["505_scratch_bytes", "506_scratch_inodes"],
    "own root": ["501_host_files"],
    "read-only": ["508_mounts"],
    "nosuid": ["508_mounts", "209_setuid_programs"],
    "nodev": ["508_mounts"],
    "noexec": ["508_mounts"],
    "noexec+landlock": ["504_executes_its_own_file", "701_java_reaches_out", "711_go_refused_calls"],
    "NPROC": ["201_fork_bomb", "203_thread_bomb", "509_limits_of_the_kernel"],
    **{name: ["509_limits_of_the_kernel"] for name in LIMITS},
}


def only_the_first(tree):
    return iter([tree._pid] if tree._pid else [])  # noqa: SLF001


def without(name):
    """Return a launcher that leaves out restrictions."""
    return [sys.executable, "-S", "-B", SCRIPT, name, "--"]


@pytest.mark.parametrize("name", NOTICED)
def test_an_attack_notices_a_missing_restriction(native_harness, name):
    attacks = [BY_NAME[attack] for attack in NOTICED[name]]
    installed = [attack for attack in attacks if not NATIVE_LANGUAGES[attack.language].missing_tool()]
    for attack in installed:
        assert "BROKEN" not in native_harness.judge_alone(attack).actual
    with native_harness.launched_by(without(name)):
        for attack in installed:
            result = native_harness.judge_alone(attack)
            reached = native_harness.host.reached_listeners()
            assert reached or "BROKEN" in result.actual, result
    while native_harness.host.reached_listeners():
        pass  # each case of an attack connects


def test_the_host_is_not_reached_without_the_filter(native_harness):
    """The network namespace alone protects the listeners."""
    with native_harness.launched_by(without("seccomp+landlock")):
        native_harness.judge_alone(BY_NAME["104_reaches_the_host"])
    assert native_harness.host.reached_listeners() == []


def test_no_program_runs_if_new_privileges_are_possible(native_harness):
    with native_harness.launched_by(without("no new privileges")):
        assert native_harness.judge_alone(BY_NAME["208_first_process"]).verdict == "sandbox_error"


@pytest.mark.parametrize("name", ["303_memory_by_fork", "304_memory_by_sessions"])
def test_an_attack_notices_that_memory_is_not_measured(native_harness, monkeypatch, name):
    monkeypatch.setattr(ProcessTree, "memory", lambda _tree, above: 0)
    assert "BROKEN" in native_harness.judge_alone(BY_NAME[name]).actual


@pytest.mark.parametrize("name", ["303_memory_by_fork", "406_cpu_by_fork"])
def test_an_attack_notices_that_descendants_are_not_measured(native_harness, monkeypatch, name):
    monkeypatch.setattr(ProcessTree, "_pids", only_the_first)
    assert "BROKEN" in native_harness.judge_alone(BY_NAME[name]).actual
