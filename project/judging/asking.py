"""How a case is put to an answer: the orders for its run, and what its outcome says."""

import json
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from project.judging import calling, checkers
from project.judging.endings import reason_of_stopped_tests, sentence
from project.judging.output import visible
from project.judging.points_of_tests import points
from project.judging.problems import NOTHING, Case, Content, Kind, Problem
from project.judging.results import CaseResult
from project.judging.verdicts import Verdict
from project.sandbox.inside.bridge.errors import ENDED
from project.sandbox.inside.files import modules
from project.sandbox.limits import MIB, Limits
from project.sandbox.order import Order, Reply
from project.sandbox.outcome import Ending, Outcome
from project.sandbox.stream import file_in_memory

# Of the process that runs a test module: it is the exercise's author's, and may start threads by the hundred.
TESTER_CPU_MS = 10_000
TESTER_MEMORY = 1024 * MIB
TESTER_THREADS = 2048
MESSAGES_ROOM = 32 * 1024  # characters of the messages of all tests of a module
TESTER_GRACE_MS = 1_000  # so that of two processes that wait for each other, the answer's is the one that is late


def load(problem: Problem, answer: str, name: str = "__main__", files: Mapping[str, Content] = NOTHING) -> Order:
    """Return the order that runs the answer's body."""
    return Order("load", {"answer": answer, "language": problem.language, "name": name, "files": dict(files)})


def orders(problem: Problem, case: Case, answer: str, given: bytes) -> list[Order]:
    """Return the orders for a run of its own, with the input `given`; of a unittest case, see `tester`."""
    if case.kind is Kind.STDIN:
        content = {"answer": answer, "language": problem.language, "files": dict(case.answer_files)}
        return [Order("program", content, [file_in_memory(given)])]
    return [load(problem, answer, files=case.answer_files), *test(case)]


def test(case: Case) -> list[Order]:
    """Return the orders that test a loaded answer."""
    return calling.orders(case) if case.kind is Kind.CALL else [Order("run", {"code": case.code})]


def tester(problem: Problem, case: Case, answer: str) -> tuple[list[Order], list[Order]]:
    """Return the orders of the answer's process and of the tester's, which are connected."""
    learners, testers = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    shared = _shared_modules(case)
    content = {
        "source": case.code,
        "filename": f"{case.module}_test.py",
        "module": case.module,
        "files": {**case.answer_files, **case.files},
        "shared": shared,
        "reading_ms": problem.limits.cpu_ms,  # what the tester may spend on the answer's messages
    }
    return (
        [
            load(problem, answer, case.module, case.answer_files),
            Order("serve", {"module": case.module, "shared": shared}, [learners.detach()]),
        ],
        [Order("test", content, [testers.detach()])],
    )


def _shared_modules(case: Case) -> list[str]:
    """Return the modules that are the same for the answer and for the test module.

    What a file for the test module replaces is not, nor is what Python finds before it looks at the files.
    """
    names = [name.removesuffix(".py") for name in modules(case.answer_files) if name not in case.files]
    others = {*sys.stdlib_module_names, "pytest", case.module, f"{case.module}_test"}
    return [name for name in names if name not in others]


def tester_limits(limits: Limits) -> Limits:
    """Return what the tester of an answer with these limits may use."""
    return replace(
        limits,
        cpu_ms=TESTER_CPU_MS,
        wall_ms=limits.wall_ms + TESTER_CPU_MS + TESTER_GRACE_MS,
        memory_bytes=TESTER_MEMORY,
        threads=TESTER_THREADS,
        output_bytes=MIB,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What one case brought: the part of an outcome that is its own."""

    ending: Ending
    output: bytes | None  # after the answer's body; None if it did not come to that
    replies: Sequence[Reply] = ()


def result(case: Case, asked: Asked, outcome: Outcome, language: str) -> CaseResult:
    """Return what is said of a case."""
    verdict = _verdict(case, asked)
    judged_by_output = case.kind in (Kind.STDOUT, Kind.STDIN)
    actual = asked.output if judged_by_output else calling.actual_text(case, asked.replies, language)
    is_expected = verdict is Verdict.ACCEPTED and asked.ending is Ending.RUNTIME_ERROR  # the exception is
    printed = outcome.stdout + (b"" if judged_by_output else asked.output or b"")
    return replace(
        empty_result(case, verdict),
        points=case.points if verdict is Verdict.ACCEPTED else 0,
        cpu_ms=round(outcome.cpu_ms, 3),
        wall_ms=round(outcome.wall_ms, 3),
        memory_bytes=outcome.memory_bytes,
        output=visible(printed),
        error="" if is_expected else _error(outcome, case.kind),
        call=visible(calling.call_text(case, language)) if case.kind is Kind.CALL else None,
        expected=_expected(case, language),
        actual=visible(actual) if actual is not None else None,
        stage="answer" if asked.output is None else "test",
    )


def _error(outcome: Outcome, kind: Kind) -> str:
    """Return what the program wrote to its standard error, and why it ended."""
    written, why = visible(outcome.stderr), sentence(outcome, kind)
    separator = "\n" if written and not written.endswith("\n") else ""
    return f"{written}{separator}{why}\n" if why else written


def empty_result(case: Case, verdict: Verdict) -> CaseResult:
    """Return the result of a case that did not run."""
    return CaseResult(name=case.name, verdict=verdict, points=0, max_points=case.points, hidden=case.hidden)


def unittest_result(case: Case, answer: Outcome, tested: Outcome) -> CaseResult:
    """Return what is said of a case that a test module decides, in a process of its own."""
    tests = _test_results(tested)
    outcomes = [test["outcome"] for test in tests]
    if answer.ending is not Ending.DONE:
        verdict = Verdict(answer.ending)
    elif tested.ending is not Ending.DONE:  # endless, say, on what the answer returned
        verdict = Verdict(tested.ending)
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
    base = result(replace(case, expected=None), Asked(Ending.RUNTIME_ERROR, _first(answer.outputs)), answer, "python")
    return replace(
        base,
        verdict=verdict,
        points=points(case, verdict, tests) if answer.outputs else 0,
        error=base.error or reason_of_stopped_tests(tested),
        actual=None,
        # Before the answer's body is through, they only say that there is nothing to test.
        tests=_shown(tests, base.error) if answer.outputs else [],
    )


def _shown(tests: Sequence[Mapping[str, str]], ended: str) -> list[dict[str, str]]:
    """Return what became of each test, with messages as long as there is room; `ended` is why the answer ended."""
    room = MESSAGES_ROOM
    shown = []
    for test in tests:
        texts = {name: visible(str(text)) for name, text in test.items()}
        if texts["message"] == ENDED and ended:
            texts["message"] = ended
        room -= len(texts["message"])
        shown.append(texts if room >= 0 else texts | {"message": ""})
    return shown


def _first(outputs: Sequence[bytes]) -> bytes | None:
    return outputs[0] if outputs else None


def _test_results(tested: Outcome) -> list[Mapping[str, str]]:
    """Return the tester's list; it comes from a process that runs no learner's code."""
    try:
        tests = json.loads(tested.outputs[0])
    except (ValueError, IndexError):
        return []
    return tests if isinstance(tests, list) else []


def _verdict(case: Case, asked: Asked) -> Verdict:
    ending = Verdict.ACCEPTED if asked.ending is Ending.DONE else Verdict(asked.ending)
    if case.kind is Kind.CALL:
        return calling.verdict(case, ending, asked.replies)
    if ending is not Verdict.ACCEPTED:
        return ending
    return Verdict.ACCEPTED if checkers.text_matches(case, asked.output or b"") else Verdict.WRONG_ANSWER


def _expected(case: Case, language: str) -> str | None:
    if case.legacy or case.kind is Kind.UNITTEST:
        return None
    return visible(calling.expected_text(case, language) if case.kind is Kind.CALL else str(case.expected))
