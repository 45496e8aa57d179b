"""Judging an answer: each case in a sandbox of its own, compared out here with what is expected."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace

from project.judging import asking
from project.judging.hints import hint
from project.judging.problems import Case, Kind, Problem
from project.judging.results import CaseResult, Judgement
from project.judging.texts import capped
from project.judging.verdicts import Verdict, overall
from project.sandbox.errors import SandboxError, SandboxUnavailable
from project.sandbox.outcome import Ending, Outcome
from project.sandbox.pool import Sandboxes
from project.sandbox.watch import NO_END, Turn, watch

log = logging.getLogger(__name__)

SUBMISSION_SECONDS = 45.0
TRIES = 2
# After these, the cases that are left are not run. The last one of a group is NOT_RUN where the sandbox that it shares
# with others ended early.
ENDING_ALL = frozenset({Verdict.SYNTAX_ERROR, Verdict.SANDBOX_ERROR, Verdict.NOT_RUN})


class Judge:
    """Judges answers in sandboxes from a pool. Any thread may use it."""

    def __init__(self, sandboxes: Sandboxes, *, seconds: float = SUBMISSION_SECONDS) -> None:
        self._sandboxes = sandboxes
        self._seconds = seconds

    def judge(self, problem: Problem, answer: str, turn: Turn = NO_END) -> Judgement:
        """Return how an answer fares. Nothing that a learner writes makes it raise, unless it outlasts its turn.

        Raises:
            SandboxUnavailable: this host has no sandboxes at the moment.
            Exception: as the problem's `read_input` does, when a large input cannot be read; or as the turn does.

        """
        began = time.monotonic()
        self._sandboxes.start()
        found = dict(self._results(problem, answer, began + self._seconds, turn))
        results = tuple(found[place] for place in range(len(problem.cases)))
        return Judgement(
            verdict=overall(result.verdict for result in results),
            cases=capped(results),
            points=sum(result.points for result in results),
            max_points=problem.max_points,
            level=self._sandboxes.level,
            limits=problem.limits,
            cpu_ms=round(sum(result.cpu_ms for result in results), 3),
            wall_ms=round((time.monotonic() - began) * 1000, 3),
        )

    def _results(self, problem: Problem, answer: str, deadline: float, turn: Turn) -> Iterator[tuple[int, CaseResult]]:
        """Judge group by group, until nothing more is run; yield each result with the case's place in the exercise."""
        is_over, time_limits = False, 0
        for group in _groups(problem):
            cases = [case for _, case in group]
            if is_over:
                results = [asking.empty_result(case, Verdict.NOT_RUN) for case in cases]
            elif time.monotonic() > deadline:
                late = [Verdict.TIME_LIMIT, *[Verdict.NOT_RUN] * len(cases)]
                results = [asking.empty_result(case, verdict) for case, verdict in zip(cases, late, strict=False)]
                is_over = True
            else:
                results = [
                    replace(result, hint=hint(case, result, problem.language))
                    for case, result in zip(cases, self._try(problem, cases, answer, deadline, turn), strict=True)
                ]
                time_limits += sum(result.verdict is Verdict.TIME_LIMIT for result in results)
                is_over = results[-1].verdict in ENDING_ALL or time_limits >= problem.stop_after_time_limits
            yield from ((place, result) for (place, _), result in zip(group, results, strict=True))

    def _try(self, problem: Problem, group: list[Case], answer: str, deadline: float, turn: Turn) -> list[CaseResult]:
        """Judge cases that share a sandbox; trouble of ours is tried once more, on another zygote."""
        for _ in range(TRIES):
            try:
                limited = _within(problem, deadline)
                if group[0].kind is Kind.UNITTEST:
                    return [self._unittest(limited, group[0], answer, deadline, turn)]
                return self._ask(limited, group, answer, deadline, turn)
            except SandboxUnavailable:
                break
            except (SandboxError, OSError) as error:  # OSError: this process is out of descriptors, or memory
                log.warning("a run failed, and says nothing about the answer: %s", error)
        return [asking.empty_result(case, Verdict.SANDBOX_ERROR) for case in group]

    def _ask(self, problem: Problem, group: list[Case], answer: str, deadline: float, turn: Turn) -> list[CaseResult]:
        given = problem.input_of(group[0])  # before a sandbox is taken: a large input comes from the database
        with self._sandboxes.run(problem.limits) as run:
            orders = [
                *asking.orders(problem, group[0], answer, given),
                *(order for case in group[1:] for order in asking.test(case)),
            ]
            run.begin(orders, deadline)
            watch(run, turn=turn)
            outcome = run.outcome()
        if group[0].calls:
            output = b"".join(outcome.outputs) if outcome.outputs else None
            asked = asking.Asked(outcome.ending, output, outcome.replies)
            return [asking.result(group[0], asked, outcome, problem.language)]
        last = max(0, len(outcome.outputs) - 1)
        earlier = replace(outcome, ending=Ending.DONE, stderr=b"")  # what went wrong did so in the last case
        results = []
        for number, case in enumerate(group[: last + 1]):
            known = outcome if number == last else earlier
            results.append(asking.result(case, _asked(known, number), known, problem.language))
        return results + [asking.empty_result(case, Verdict.NOT_RUN) for case in group[last + 1 :]]

    def _unittest(self, problem: Problem, case: Case, answer: str, deadline: float, turn: Turn) -> CaseResult:
        """Let a test module try the answer, each in a sandbox of its own, and from a zygote of its own."""
        limits = asking.tester_limits(problem.limits)
        with self._sandboxes.run(problem.limits) as learner, self._sandboxes.run_tester(limits) as tester:
            for_answer, for_tester = asking.tester(problem, case, answer)
            learner.begin(for_answer, deadline, tester)
            tester.begin(for_tester, deadline + asking.TESTER_GRACE_MS / 1000, learner)
            watch(learner, tester, turn=turn)
            return asking.unittest_result(case, learner.outcome(), tester.outcome())


def _within(problem: Problem, deadline: float) -> Problem:
    """Return the problem with no more wall time for a run than the submission has left."""
    left = max(1, int((deadline - time.monotonic()) * 1000))
    if left >= problem.limits.wall_ms:
        return problem
    return replace(problem, limits=replace(problem.limits, wall_ms=left))


def _groups(problem: Problem) -> Iterator[list[tuple[int, Case]]]:
    """Return which cases share a sandbox, in the order in which they are judged, each with its place in the exercise.

    None share one unless the exercise says so and their kind allows it, nor do those with files. Hidden cases never do,
    and come last: what the answer was given must not be in the same process, nor in the kernel's counters, for a case
    whose output is shown.
    """
    together: list[tuple[int, Case]] = []
    for place, case in sorted(enumerate(problem.cases), key=lambda placed: placed[1].hidden):
        can_share = case.kind in (Kind.STDOUT, Kind.CALL) and not (case.hidden or case.calls or case.answer_files)
        if problem.shared_sandbox and can_share:
            together.append((place, case))
        else:
            if together:
                yield together
                together = []
            yield [(place, case)]
    if together:
        yield together


def _asked(outcome: Outcome, number: int) -> asking.Asked:
    """Return the part of an outcome that belongs to the case with this number."""
    output = outcome.outputs[number] if number < len(outcome.outputs) else None
    return asking.Asked(outcome.ending, output, outcome.replies[number : number + 1])
