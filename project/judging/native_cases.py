"""Runs the cases of an answer that is a native program: it is compiled once, and executed for each case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from project.judging.answers import Answer
from project.judging.case_results import CaseOutcome, case_result, empty_result
from project.judging.compiling import Compilation, Compiler
from project.judging.native_languages import NATIVE_LANGUAGES, NativeLanguage
from project.judging.output import visible
from project.judging.problems import Case, Content, Problem
from project.judging.results import CaseResult
from project.judging.verdicts import Verdict
from project.sandbox.command import Command
from project.sandbox.event_loop import NEVER_STOP, StopCondition, run_until_ended
from project.sandbox.ipc import sealed_file
from project.sandbox.limits import MIB, Limits
from project.sandbox.native import OUT, program_outcome
from project.sandbox.outcome import Outcome
from project.sandbox.pool import Sandboxes

# A deep recursion in C needs more than the usual 8 MiB. Only what is used counts as memory.
STACK_BYTES = 64 * MIB
# Of address space, beyond the memory limit: for the program itself, its libraries and its stack.
ADDRESS_SPACE_BYTES = 64 * MIB + STACK_BYTES
FILE_BYTES = 8 * MIB


@dataclass(frozen=True, slots=True)
class NativeProgram:
    """The program of an answer, which is executed for each case."""

    language: NativeLanguage
    main: str  # the name of its main class
    packed: bytes  # its own files, as `project.sandbox.inside.native` packs them
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
        limits = self.language.limits(problem.limits)
        input_ = problem.input_of(case)  # before a sandbox is acquired: a large input is read from the database
        with sandboxes.native_process(limits) as process:
            process.execute([self._command(case, input_, limits)], deadline)
            run_until_ended(process, stop_condition=stop_condition)
            return _result(case, process.outcome(), problem.language)

    def _command(self, case: Case, input_: bytes, limits: Limits) -> Command:
        kernel_limits = {"STACK": STACK_BYTES, "FSIZE": FILE_BYTES}
        if self.language.limits_address_space:
            kernel_limits["AS"] = limits.memory_bytes + ADDRESS_SPACE_BYTES
        command = self.language.run_command(self.main, limits)
        content = {"files": {**self.files, **case.answer_files}, "limits": kernel_limits, **command.content()}
        return Command("execute", content, [sealed_file(input_), sealed_file(self.packed)])


def compile_answer(
    compiler: Compiler, problem: Problem, answer: Answer, deadline: float, stop_condition: StopCondition
) -> NativeProgram | Compilation:
    """Return the program of an answer, or the compilation that failed.

    The compiler gets all files of the answer and of the exercise, and the program those that are no sources.

    Raises:
        SandboxError: the sandbox failed, for a reason other than the answer.
        SandboxUnavailable: there are no sandboxes for native programs.

    """
    language = NATIVE_LANGUAGES[problem.language]
    own = language.files(answer.source)
    given = {**answer.files, **problem.support_files}
    others = {name: content for name, content in given.items() if name not in own and name != OUT}
    sources = {**others, **own} if language.compile else own
    compilation = compiler.compile(language, sources, deadline, stop_condition)
    if compilation.program is None:
        return compilation
    data = {name: content for name, content in others.items() if not language.is_source(name)}
    return NativeProgram(language, language.main_class(answer.source), compilation.program, data)


def compile_error_results(cases: Sequence[Case], compilation: Compilation) -> list[CaseResult]:
    """Return the results of an answer that could not be compiled: the messages are those of the first case."""
    results = [empty_result(case, Verdict.NOT_RUN) for case in cases]
    messages = visible(compilation.messages.encode())
    results[0] = replace(results[0], verdict=Verdict.COMPILE_ERROR, error=messages, stage="answer")
    return results


def _result(case: Case, outcome: Outcome, language: str) -> CaseResult:
    ended = program_outcome(outcome)
    output = ended.outputs[0] if ended.outputs else b""
    return case_result(case, CaseOutcome(ended.reason, output), ended, language)
