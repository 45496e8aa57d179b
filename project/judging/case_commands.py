"""The test case protocol: the commands that run a test case in a sandboxed process."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from project.judging import call_cases
from project.judging.problems import NOTHING, Case, Content, Kind, Problem
from project.sandbox.command import Command
from project.sandbox.inside.files import modules
from project.sandbox.ipc import sealed_file
from project.sandbox.limits import MIB, Limits

# Of the process that runs a test module, which the exercise's author wrote, and which may start hundreds of threads.
TESTER_CPU_MS = 10_000
TESTER_MEMORY = 1024 * MIB
TESTER_THREADS = 2048
TESTER_GRACE_MS = 1_000  # when the two processes wait for each other, that of the answer exceeds its limit first


class TestModuleCommands(NamedTuple):
    """The commands of a unittest case, which has two processes."""

    for_learner: list[Command]
    for_tester: list[Command]


def load(problem: Problem, answer: str, name: str = "__main__", files: Mapping[str, Content] = NOTHING) -> Command:
    """Return the command that runs the body of the answer."""
    return Command("load", {"answer": answer, "language": problem.language, "name": name, "files": dict(files)})


def commands(problem: Problem, case: Case, answer: str, input_: bytes) -> list[Command]:
    """Return all commands for a process that runs one case; `test_module_commands` has those of a unittest case."""
    if case.kind is Kind.STDIN:
        content = {"answer": answer, "language": problem.language, "files": dict(case.answer_files)}
        return [Command("program", content, [sealed_file(input_)])]
    return [load(problem, answer, files=case.answer_files), *test_commands(case)]


def test_commands(case: Case) -> list[Command]:
    """Return the commands that test an answer which has been loaded."""
    return call_cases.commands(case) if case.kind is Kind.CALL else [Command("run", {"code": case.code})]


def test_module_commands(problem: Problem, case: Case, answer: str) -> TestModuleCommands:
    """Return the commands of a unittest case, with a socket that connects the two processes."""
    learner_end, tester_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    shared = _shared_modules(case)
    content = {
        "source": case.code,
        "filename": f"{case.module}_test.py",
        "module": case.module,
        "files": {**case.answer_files, **case.files},
        "shared": shared,
        "reading_ms": problem.limits.cpu_ms,  # the CPU time that the tester may spend on reading the answer's messages
    }
    return TestModuleCommands(
        [
            load(problem, answer, case.module, case.answer_files),
            Command("serve", {"module": case.module, "shared": shared}, [learner_end.detach()]),
        ],
        [Command("test", content, [tester_end.detach()])],
    )


def _shared_modules(case: Case) -> list[str]:
    """Return the modules that are the same for the answer and for the test module.

    Those that a file for the test module replaces are not, nor are those that Python finds before the files.
    """
    names = [name.removesuffix(".py") for name in modules(case.answer_files) if name not in case.files]
    others = {*sys.stdlib_module_names, "pytest", case.module, f"{case.module}_test"}
    return [name for name in names if name not in others]


def tester_limits(limits: Limits) -> Limits:
    """Return the limits of the tester of an answer with these limits."""
    return replace(
        limits,
        cpu_ms=TESTER_CPU_MS,
        wall_ms=limits.wall_ms + TESTER_CPU_MS + TESTER_GRACE_MS,
        memory_bytes=TESTER_MEMORY,
        threads=TESTER_THREADS,
        output_bytes=MIB,
    )
