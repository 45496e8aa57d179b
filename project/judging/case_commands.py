"""The test case protocol: the commands that run a test case in a sandboxed process."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from project.judging import call_cases, sql_cases
from project.judging.answers import Answer
from project.judging.problems import Case, Content, Kind, Problem
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


def load(problem: Problem, case: Case, answer: Answer, name: str = "__main__") -> Command:
    """Return the command that runs the body of the answer, as a module with this name."""
    return Command("load", {**_content(problem, case, answer), "name": name})


def commands(problem: Problem, case: Case, answer: Answer, input_: bytes) -> list[Command]:
    """Return all commands for a process that runs one case; `test_module_commands` has those of a unittest case."""
    if case.kind is Kind.STDIN:
        return [Command("program", _content(problem, case, answer), [sealed_file(input_)])]
    if case.kind is Kind.SQL:
        return [sql_cases.command(case, answer.source)]
    return [load(problem, case, answer), *test_commands(case)]


def _content(problem: Problem, case: Case, answer: Answer) -> dict[str, Any]:
    return {"answer": answer.source, "language": problem.language, "files": answer.files_in(problem, case)}


def test_commands(case: Case) -> list[Command]:
    """Return the commands that test an answer which has been loaded."""
    return call_cases.commands(case) if case.kind is Kind.CALL else [Command("run", {"code": case.code})]


def test_module_commands(problem: Problem, case: Case, answer: Answer) -> TestModuleCommands:
    """Return the commands of a unittest case, with a socket that connects the two processes."""
    learner_end, tester_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    # Never the files of the answer: this process decides the verdict.
    given = {**problem.support_files, **case.answer_files}
    shared = _shared_modules(case, given)
    content = {
        "source": case.code,
        "filename": f"{case.module}_test.py",
        "module": case.module,
        "files": {**given, **case.files},
        "shared": shared,
        "reading_ms": problem.limits.cpu_ms,  # the CPU time that the tester may spend on reading the answer's messages
    }
    return TestModuleCommands(
        [
            load(problem, case, answer, case.module),
            Command("serve", {"module": case.module, "shared": shared}, [learner_end.detach()]),
        ],
        [Command("test", content, [tester_end.detach()])],
    )


def _shared_modules(case: Case, given: Mapping[str, Content]) -> list[str]:
    """Return the modules that are the same for the answer and for the test module, of the files `given` to both.

    Those that a file for the test module replaces are not, nor are those that Python finds before the files.
    """
    names = [name.removesuffix(".py") for name in modules(given) if name not in case.files]
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
