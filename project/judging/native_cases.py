"""Runs the cases of an answer that is a native program: it is compiled once, and executed for each case."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from project.judging.answers import Answer
from project.judging.call_harness import MAX_REPLY_BYTES, call_input, read_reply
from project.judging.case_results import CaseOutcome, case_result, empty_result
from project.judging.compiling import Compilation, Compiler
from project.judging.diagnostics import MAX_DIAGNOSTICS, Diagnostic
from project.judging.native_languages import NATIVE_LANGUAGES, NativeLanguage
from project.judging.output import visible
from project.judging.problems import Case, Content, Kind, Problem
from project.judging.results import CaseResult, CompilationUsage
from project.judging.verdicts import Verdict
from project.sandbox.command import Command, Reply
from project.sandbox.event_loop import NEVER_STOP, StopCondition, run_until_ended
from project.sandbox.inside import failures
from project.sandbox.ipc import sealed_file
from project.sandbox.limits import MIB, Limits
from project.sandbox.native import OUT, kernel_limits, program_outcome
from project.sandbox.outcome import Outcome, TerminationReason
from project.sandbox.pool import Sandboxes
from project.sandbox.tools import Tools

# A deep recursion in C needs more than the usual 8 MiB. Only what is used counts as memory.
STACK_BYTES = 64 * MIB
# Of address space, beyond the memory limit: for the program itself, its libraries and its stack.
ADDRESS_SPACE_BYTES = 64 * MIB + STACK_BYTES
FILE_BYTES = 8 * MIB
# The directories of the toolchain and of the sandbox, in messages of a compiler: learners know neither.
DIRECTORIES = re.compile(r"(?<![^\s:(\"'`\u2018])/(?:usr|tmp)/(?:[^\s:/]+/)*")


class Executable(NamedTuple):
    """What is executed for cases of one kind."""

    language: NativeLanguage  # for calls, as it executes programs with a harness
    programs: Sequence[bytes]  # as `project.sandbox.inside.native` packs them: that of the harness first, if it has one


@dataclass(frozen=True, slots=True)
class NativeProgram:
    """The program of an answer, which is executed for each case."""

    main: str  # the name of its main class
    executables: Mapping[Kind, Executable]
    files: Mapping[str, Content]  # others that it can open, by name

    def run(
        self,
        sandboxes: Sandboxes,
        problem: Problem,
        case: Case,
        deadline: float,
        stop_condition: StopCondition = NEVER_STOP,
    ) -> CaseResult:
        """Execute the program for a case, in a sandbox of its own; return the result."""
        limits = self.executables[case.kind].language.limits(problem.limits)
        # Before a sandbox is acquired: a large input is read from the database.
        input_ = call_input(case) if case.kind is Kind.CALL else problem.input_of(case)
        with sandboxes.native_process(limits) as process:
            process.execute([self._command(case, input_, limits, sandboxes.tools)], deadline)
            run_until_ended(process, stop_condition=stop_condition)
            outcome = process.outcome()
        result = _call_result if case.kind is Kind.CALL else _result
        return result(case, outcome, problem.language)

    def _command(self, case: Case, input_: bytes, limits: Limits, tools: Tools) -> Command:
        language, programs = self.executables[case.kind]
        enforced = kernel_limits(limits) | {"STACK": STACK_BYTES, "FSIZE": FILE_BYTES}
        if language.limits_address_space:
            enforced["AS"] = limits.memory_bytes + ADDRESS_SPACE_BYTES
        command = language.run_command(self.main, limits, tools)
        content = {"files": {**self.files, **case.answer_files}, "limits": enforced, **command.content()}
        descriptors = [sealed_file(input_), *map(sealed_file, programs)]
        if case.kind is Kind.CALL:
            return Command("call", content, descriptors, output_bytes=MAX_REPLY_BYTES)
        return Command("execute", content, descriptors)


class CompiledAnswer(NamedTuple):
    """What the cases run, or None; and what the compiler reported and used."""

    program: NativeProgram | Answer | None  # of the interpreter's languages it is the answer itself
    messages: str | None = None  # why there is no program; None if the sandbox failed
    diagnostics: tuple[Diagnostic, ...] = ()
    usage: CompilationUsage | None = None

    def results(self, cases: Sequence[Case]) -> list[CaseResult]:
        """Return the results of an answer without a program: the compiler's messages are those of the first case."""
        if self.messages is None:
            return [empty_result(case, Verdict.SANDBOX_ERROR) for case in cases]
        results = [empty_result(case, Verdict.NOT_RUN) for case in cases]
        shown = visible(DIRECTORIES.sub("", self.messages))
        results[0] = replace(results[0], verdict=Verdict.COMPILE_ERROR, error=shown, stage="answer")
        return results


def compile_answer(
    compiler: Compiler, problem: Problem, answer: Answer, deadline: float, stop_condition: StopCondition
) -> CompiledAnswer:
    """Compile an answer.

    The compiler gets all files of the answer and of the exercise, and the program those that are no sources.

    Raises:
        SandboxError: the sandbox failed, for a reason other than the answer.
        SandboxUnavailable: there are no sandboxes for native programs.

    """
    language = NATIVE_LANGUAGES[problem.language]
    own = language.files(answer.source)
    for name in own.keys() & problem.support_files.keys():
        return CompiledAnswer(None, f"{name}: error: the exercise gives a file with this name\n")
    given = {**answer.files, **problem.support_files}
    others = {name: content for name, content in given.items() if name not in own and name != OUT}
    sources = {**others, **own} if language.compile else own
    executables: dict[Kind, Executable] = {}
    compilations: list[Compilation] = []
    diagnostics: dict[Diagnostic, None] = {}  # each once, though the answer may be compiled with a harness and without
    for kind in sorted({case.kind for case in problem.cases}):
        executed, harness = language, {}
        if kind is Kind.CALL and language.call is not None:
            executed = language.for_calls()
            harness = language.call.files(case.function for case in problem.cases if case.kind is Kind.CALL)
        depends = language.call is not None and language.call.depends_on_answer
        given = {**sources, **(harness if depends else {})}
        compilation = compiler.compile(executed, given, deadline, stop_condition)
        compilations.append(compilation)
        if language.diagnostics is not None:
            found = language.diagnostics.diagnostics(compilation.messages, given)
            diagnostics |= dict.fromkeys(one for one in found if one.file not in harness)
        if compilation.program is None:
            break
        separate = [compiler.harness(language, harness)] if harness and not depends else []
        executables[kind] = Executable(executed, [*separate, compilation.program])
    usage = _usage(compilations) if language.compile else None
    reported = compilations[-1].messages, tuple(diagnostics)[:MAX_DIAGNOSTICS], usage
    if compilations[-1].program is None:
        return CompiledAnswer(None, *reported)
    data = {name: content for name, content in others.items() if not language.is_source(name)}
    return CompiledAnswer(NativeProgram(language.main_class(answer.source), executables, data), *reported)


def _usage(compilations: Sequence[Compilation]) -> CompilationUsage:
    return CompilationUsage(
        cached=all(compilation.cached for compilation in compilations),
        cpu_ms=round(sum(compilation.cpu_ms for compilation in compilations), 3),
        wall_ms=round(sum(compilation.wall_ms for compilation in compilations), 3),
    )


def _result(case: Case, outcome: Outcome, language: str) -> CaseResult:
    ended = program_outcome(outcome)
    output = ended.outputs[0] if ended.outputs else b""
    return case_result(case, CaseOutcome(ended.reason, output), ended, language)


def _call_result(case: Case, outcome: Outcome, language: str) -> CaseResult:
    ended, replies = _replies(program_outcome(outcome))
    return case_result(case, CaseOutcome(ended.reason, b"", replies), ended, language)


def _replies(ended: Outcome) -> tuple[Outcome, list[Reply]]:
    """Return the reply of a program that was called, if there is one, and its outcome, which says why there is none."""
    output = ended.outputs[0] if ended.outputs else b""
    try:
        reply = read_reply(output)
    except ValueError:
        return replace(ended, reason=_reason_without_reply(ended.reason, output)), []
    if reply.value is not None:
        return ended, [Reply(reply.value)]
    reason = TerminationReason.RUNTIME_ERROR if ended.reason is TerminationReason.COMPLETED else ended.reason
    if ended.exit_status >= 0:  # as the runner of the interpreter ends after an exception: its standard error says why
        ended = replace(ended, exit_status=failures.RAISED, is_native=False)
    if reply.failed is not None:
        stderr = ended.stderr + f"{reply.failed}\n".encode(errors="replace")
        return replace(ended, reason=reason, stderr=stderr), []
    return replace(ended, reason=reason), [Reply(reply.raised, is_exception=True)]


def _reason_without_reply(reason: TerminationReason, output: bytes) -> TerminationReason:
    if reason not in (TerminationReason.COMPLETED, TerminationReason.RUNTIME_ERROR):
        return reason
    return TerminationReason.PROTOCOL_VIOLATION if output else TerminationReason.RUNTIME_ERROR
