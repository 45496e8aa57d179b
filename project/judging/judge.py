"""Judges answers: each case runs in a sandbox of its own, and its output is compared here with the expected one."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from project.judging import case_commands
from project.judging.answers import Answer
from project.judging.case_results import CaseOutcome, case_result, empty_result, unittest_result
from project.judging.compiling import Compiler
from project.judging.diagnostics import Diagnostic
from project.judging.hints import hint
from project.judging.languages import LANGUAGES
from project.judging.native_cases import CompiledAnswer, NativeProgram, compile_answer
from project.judging.native_languages import NATIVE_LANGUAGES
from project.judging.problems import NOTHING, Case, Kind, Problem
from project.judging.results import CaseResult, Judgement
from project.judging.texts import capped
from project.judging.verdicts import Verdict, overall
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.event_loop import NEVER_STOP, StopCondition, run_until_ended
from project.sandbox.limits import Limits
from project.sandbox.outcome import Outcome, TerminationReason
from project.sandbox.pool import Sandboxes

log = logging.getLogger(__name__)

SUBMISSION_SECONDS = 45.0
TRIES = 2
# After these, the remaining cases are not run. The last case of a group is NOT_RUN if their sandbox ended early.
FINAL_VERDICTS = frozenset({Verdict.SYNTAX_ERROR, Verdict.SANDBOX_ERROR, Verdict.NOT_RUN})


class Judge:
    """Judges answers in sandboxes from a pool. Thread-safe."""

    def __init__(
        self, sandboxes: Sandboxes, *, seconds: float = SUBMISSION_SECONDS, compiler: Compiler | None = None
    ) -> None:
        self._sandboxes = sandboxes
        self._seconds = seconds
        self._compiler = compiler or Compiler(sandboxes)

    def judge(
        self,
        problem: Problem,
        answer: str,
        stop_condition: StopCondition = NEVER_STOP,
        files: Mapping[str, str] = NOTHING,
    ) -> Judgement:
        """Judge an answer, with its other files by name.

        No answer makes this raise an exception, unless the stop condition applies to it.

        Raises:
            SandboxUnavailable: this host has no sandboxes at the moment.
            Exception: what the problem's `read_input` raises when a large input cannot be read, or the stop condition.

        """
        began = time.monotonic()
        self._sandboxes.start()
        deadline = began + self._seconds
        compiled = self._compile(problem, Answer(answer, files), deadline, stop_condition)
        if compiled.program is None:
            results = compiled.results(problem.cases)
        else:
            found = dict(self._results(problem, compiled.program, deadline, stop_condition))
            results = [found[place] for place in range(len(problem.cases))]
        return Judgement(
            verdict=overall(result.verdict for result in results),
            cases=capped(results),
            points=sum(result.points for result in results),
            max_points=problem.max_points,
            level=self._sandboxes.level,
            limits=_limits_in_force(problem),
            cpu_ms=round(sum(result.cpu_ms for result in results), 3),
            wall_ms=round((time.monotonic() - began) * 1000, 3),
            diagnostics=compiled.diagnostics or _of_syntax_error(problem.language, answer, results),
            compilation=compiled.usage,
        )

    def _results(
        self, problem: Problem, answer: Answer | NativeProgram, deadline: float, stop_condition: StopCondition
    ) -> Iterator[tuple[int, CaseResult]]:
        """Judge group by group; yield each result with the case's position in the exercise."""
        is_over, time_limits = False, 0
        for group in _groups(problem):
            cases = [case for _, case in group]
            if is_over:
                results = [empty_result(case, Verdict.NOT_RUN) for case in cases]
            elif time.monotonic() > deadline:
                late = [Verdict.TIME_LIMIT, *[Verdict.NOT_RUN] * len(cases)]
                results = [empty_result(case, verdict) for case, verdict in zip(cases, late, strict=False)]
                is_over = True
            else:
                found = self._try(problem, cases, answer, deadline, stop_condition)
                results = [
                    replace(result, hint=hint(case, result, problem.language))
                    for case, result in zip(cases, found, strict=True)
                ]
                time_limits += sum(result.verdict is Verdict.TIME_LIMIT for result in results)
                is_over = results[-1].verdict in FINAL_VERDICTS or time_limits >= problem.stop_after_time_limits
            yield from ((place, result) for (place, _), result in zip(group, results, strict=True))

    def _try(
        self,
        problem: Problem,
        group: list[Case],
        answer: Answer | NativeProgram,
        deadline: float,
        stop_condition: StopCondition,
    ) -> list[CaseResult]:
        """Judge cases that share a sandbox. After a failure of the sandbox, try once more, with another zygote."""
        for _ in range(TRIES):
            try:
                if isinstance(answer, NativeProgram):
                    return [answer.run(self._sandboxes, problem, group[0], deadline, stop_condition)]
                if group[0].kind is Kind.UNITTEST:
                    return [self._run_test_module(problem, group[0], answer, deadline, stop_condition)]
                return self._run(problem, group, answer, deadline, stop_condition)
            except SandboxUnavailable:
                break
            except (SandboxError, OSError) as error:  # OSError: this process is out of descriptors, or memory
                log.warning("a sandbox failed, for a reason other than the answer: %s", error)
        return [empty_result(case, Verdict.SANDBOX_ERROR) for case in group]

    def _compile(
        self, problem: Problem, answer: Answer, deadline: float, stop_condition: StopCondition
    ) -> CompiledAnswer:
        """Compile the answer if its language is a native one. Try twice, as for a case."""
        if problem.language not in NATIVE_LANGUAGES:
            return CompiledAnswer(answer)
        for _ in range(TRIES):
            try:
                return compile_answer(self._compiler, problem, answer, deadline, stop_condition)
            except SandboxUnavailable:
                break
            except (SandboxError, OSError) as error:
                log.warning("an answer could not be compiled, for a reason other than the answer: %s", error)
        return CompiledAnswer(None)

    def _run(
        self, problem: Problem, group: list[Case], answer: Answer, deadline: float, stop_condition: StopCondition
    ) -> list[CaseResult]:
        """Run cases in one sandbox."""
        input_ = problem.input_of(group[0])  # before a sandbox is acquired: a large input is read from the database
        with self._sandboxes.learner_process(problem.limits) as process:
            commands = [
                *case_commands.commands(problem, group[0], answer, input_),
                *(command for case in group[1:] for command in case_commands.test_commands(case)),
            ]
            process.execute(commands, deadline)
            run_until_ended(process, stop_condition=stop_condition)
            return _group_results(group, process.outcome(), problem.language)

    def _run_test_module(
        self, problem: Problem, case: Case, answer: Answer, deadline: float, stop_condition: StopCondition
    ) -> CaseResult:
        """Run a test module and the answer, each in a sandbox of its own and from a zygote of its own."""
        limits = case_commands.tester_limits(problem.limits)
        with (
            self._sandboxes.learner_process(problem.limits) as learner,
            self._sandboxes.tester_process(limits) as tester,
        ):
            commands = case_commands.test_module_commands(problem, case, answer)
            learner.execute(commands.for_learner, deadline, [tester])
            tester.execute(commands.for_tester, deadline + case_commands.TESTER_GRACE_MS / 1000, [learner])
            run_until_ended(learner, tester, stop_condition=stop_condition)
            return unittest_result(case, learner.outcome(), tester.outcome())


def _of_syntax_error(language: str, answer: str, results: Sequence[CaseResult]) -> tuple[Diagnostic, ...]:
    """Return the place of a syntax error that the interpreter has found, which is the verdict of one case."""
    error = next((result.error for result in results if result.verdict is Verdict.SYNTAX_ERROR), "")
    pattern = LANGUAGES[language].diagnostics if error else None
    return pattern.diagnostics(error, {pattern.file: answer}) if pattern else ()


def _limits_in_force(problem: Problem) -> Limits:
    native = NATIVE_LANGUAGES.get(problem.language)
    return native.limits(problem.limits) if native else problem.limits


def _groups(problem: Problem) -> Iterator[list[tuple[int, Case]]]:
    """Return the groups of cases that share a sandbox, in the order of judging, with their positions in the exercise.

    Cases share one only if the exercise says so, their kind allows it, and they have no files; those of a native
    program never do. Hidden cases never share one and are judged last: no case whose output is shown may run in the
    same process as the input of a hidden one, nor see what that leaves in the kernel's counters.
    """
    share = problem.shared_sandbox and not problem.support_files and problem.language not in NATIVE_LANGUAGES
    together: list[tuple[int, Case]] = []
    for place, case in sorted(enumerate(problem.cases), key=lambda placed: placed[1].hidden):
        can_share = case.kind in (Kind.STDOUT, Kind.CALL) and not (case.hidden or case.calls or case.answer_files)
        if share and can_share:
            together.append((place, case))
        else:
            if together:
                yield together
                together = []
            yield [(place, case)]
    if together:
        yield together


def _group_results(group: list[Case], outcome: Outcome, language: str) -> list[CaseResult]:
    """Return the results of cases that shared a sandbox."""
    if group[0].calls:  # it has one command for each call, and shares its sandbox with no other case
        output = b"".join(outcome.outputs) if outcome.outputs else None
        return [case_result(group[0], CaseOutcome(outcome.reason, output, outcome.replies), outcome, language)]
    last = max(0, len(outcome.outputs) - 1)
    # Only the last case that was reached can have failed.
    earlier = replace(outcome, reason=TerminationReason.COMPLETED, stderr=b"")
    results = []
    for number, case in enumerate(group[: last + 1]):
        known = outcome if number == last else earlier
        results.append(case_result(case, _part(known, number), known, language))
    return results + [empty_result(case, Verdict.NOT_RUN) for case in group[last + 1 :]]


def _part(outcome: Outcome, number: int) -> CaseOutcome:
    """Return the part of an outcome that belongs to the case with this number."""
    output = outcome.outputs[number] if number < len(outcome.outputs) else None
    return CaseOutcome(outcome.reason, output, outcome.replies[number : number + 1])
