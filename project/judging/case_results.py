"""The result of a test case, from the outcome of the process that ran it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from project.judging import call_cases, checkers, sql_cases
from project.judging.failure_messages import failure_message, failure_message_of_tester
from project.judging.output import visible
from project.judging.points_of_tests import points
from project.judging.problems import Case, Kind
from project.judging.results import CaseResult
from project.judging.verdicts import Verdict
from project.sandbox.command import Reply
from project.sandbox.inside.bridge.errors import PROCESS_ENDED
from project.sandbox.outcome import Outcome, TerminationReason

MAX_TEST_MESSAGES = 32 * 1024  # characters of the messages of all tests of a module


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """The part of a process's outcome that belongs to one case."""

    reason: TerminationReason
    output: bytes | None  # after the body of the answer; None if the process ended before
    replies: Sequence[Reply] = ()


def case_result(case: Case, part: CaseOutcome, outcome: Outcome, language: str) -> CaseResult:
    """Return the result of a case; `part` is the part of the outcome that belongs to it."""
    verdict = _verdict(case, part)
    judged_by_output = case.kind in (Kind.STDOUT, Kind.STDIN)
    # A process ends with an error after an exception that the case expects.
    is_expected = verdict is Verdict.ACCEPTED and part.reason is TerminationReason.RUNTIME_ERROR
    printed = outcome.stdout + (b"" if judged_by_output else part.output or b"")
    return replace(
        _with_texts(empty_result(case, verdict), case, part, language),
        points=case.points if verdict is Verdict.ACCEPTED else 0,
        cpu_ms=round(outcome.cpu_ms, 3),
        wall_ms=round(outcome.wall_ms, 3),
        memory_bytes=outcome.memory_bytes,
        output=visible(printed),
        error="" if is_expected else _error(outcome, case.kind),
        stage="answer" if part.output is None else "test",
    )


def _with_texts(result: CaseResult, case: Case, part: CaseOutcome, language: str) -> CaseResult:
    """Return a result with the call or query, the expected and the actual result as texts."""
    if case.kind is Kind.SQL:
        shown = sql_cases.shown_result(case, part.replies)
        query = visible(case.query) if case.query.strip() else None
        return replace(result, call=query, expected=shown.expected, actual=shown.actual, hint=shown.hint)
    if case.kind is Kind.CALL:
        actual = call_cases.actual_text(case, part.replies, language)
        return replace(
            result,
            call=visible(call_cases.call_text(case, language)),
            expected=visible(call_cases.expected_text(case, language)),
            actual=None if actual is None else visible(actual),
        )
    if case.kind is Kind.UNITTEST:
        return result
    return replace(
        result,
        expected=None if case.legacy else visible(str(case.expected)),
        actual=None if part.output is None else visible(part.output),
    )


def _error(outcome: Outcome, kind: Kind) -> str:
    """Return what the program wrote to its standard error, and why it ended."""
    written, message = visible(outcome.stderr), failure_message(outcome, kind)
    separator = "\n" if written and not written.endswith("\n") else ""
    return f"{written}{separator}{message}\n" if message else written


def empty_result(case: Case, verdict: Verdict) -> CaseResult:
    """Return the result of a case that did not run."""
    return CaseResult(name=case.name, verdict=verdict, points=0, max_points=case.points, hidden=case.hidden)


def unittest_result(case: Case, answer: Outcome, tester: Outcome) -> CaseResult:
    """Return the result of a unittest case, from the outcomes of the answer's process and of the tester's."""
    tests = _test_results(tester)
    outcomes = [test["outcome"] for test in tests]
    if answer.reason is not TerminationReason.COMPLETED:
        verdict = Verdict(answer.reason)
    elif tester.reason is not TerminationReason.COMPLETED:  # for example, it looped over what the answer returned
        verdict = Verdict(tester.reason)
    elif Verdict.TIME_LIMIT in outcomes:
        verdict = Verdict.TIME_LIMIT
    elif Verdict.MEMORY_LIMIT in outcomes:
        verdict = Verdict.MEMORY_LIMIT
    elif "failed" in outcomes:
        verdict = Verdict.WRONG_ANSWER
    elif not {"error", "not_run"}.isdisjoint(outcomes) or "passed" not in outcomes:
        verdict = Verdict.RUNTIME_ERROR
    else:
        verdict = Verdict.ACCEPTED
    part = CaseOutcome(TerminationReason.RUNTIME_ERROR, _first(answer.outputs))
    base = case_result(replace(case, expected=None), part, answer, "python")
    return replace(
        base,
        verdict=verdict,
        points=points(case, verdict, tests) if answer.outputs else 0,
        error=base.error or failure_message_of_tester(tester),
        actual=None,
        # Unless the body of the answer has run, the tests only say that there is nothing to test.
        tests=_shown(tests, base.error) if answer.outputs else [],
    )


def _shown(tests: Sequence[Mapping[str, str]], failure: str) -> list[dict[str, str]]:
    """Return the result of each test, with messages as long as there is room; `failure`: why the answer failed."""
    room = MAX_TEST_MESSAGES
    shown = []
    for test in tests:
        texts = {name: visible(str(text)) for name, text in test.items()}
        if texts["message"] == PROCESS_ENDED and failure:
            texts["message"] = failure
        room -= len(texts["message"])
        shown.append(texts if room >= 0 else texts | {"message": ""})
    return shown


def _first(outputs: Sequence[bytes]) -> bytes | None:
    return outputs[0] if outputs else None


def _test_results(tester: Outcome) -> list[Mapping[str, str]]:
    """Return the results of the tests; their process runs no code of the learner."""
    try:
        tests = json.loads(tester.outputs[0])
    except (ValueError, IndexError):
        return []
    return tests if isinstance(tests, list) else []


def _verdict(case: Case, part: CaseOutcome) -> Verdict:
    verdict = Verdict.ACCEPTED if part.reason is TerminationReason.COMPLETED else Verdict(part.reason)
    if case.kind is Kind.CALL:
        return call_cases.verdict(case, verdict, part.replies)
    if case.kind is Kind.SQL:
        return sql_cases.verdict(case, verdict, part.replies)
    if verdict is not Verdict.ACCEPTED:
        return verdict
    return Verdict.ACCEPTED if checkers.text_matches(case, part.output or b"") else Verdict.WRONG_ANSWER
