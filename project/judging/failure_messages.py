"""Sentences that explain to the learner why a process failed, so that no verdict is shown without a reason."""

import signal
from collections.abc import Mapping

from project.judging.problems import Kind
from project.sandbox.inside import failures
from project.sandbox.limits import MIB, Limits
from project.sandbox.outcome import Outcome, TerminationReason

KIB = 1024
_CRASHES: Mapping[int, str] = {
    signal.SIGSEGV: "segmentation fault (SIGSEGV)",
    signal.SIGBUS: "bus error (SIGBUS)",
    signal.SIGFPE: "arithmetic error (SIGFPE)",
    signal.SIGILL: "illegal instruction (SIGILL)",
    signal.SIGABRT: "aborted (SIGABRT)",
}


_FORBIDDEN: Mapping[TerminationReason, str] = {
    TerminationReason.FORBIDDEN_CALL: "The program made a system call that is not allowed here.",
    TerminationReason.PROTOCOL_VIOLATION: "The program wrote to a channel that is reserved for the grader.",
}


_ENDLESS_SQL = "Does a recursive query never end, or is the condition of a join missing?"


def failure_message(outcome: Outcome, kind: Kind) -> str:
    """Return why a process failed; "" if it did not, or if its standard error has the reason."""
    limits = outcome.limits
    match outcome.reason:
        case TerminationReason.TIME_LIMIT:
            return _too_slow(outcome, limits, kind)
        case TerminationReason.MEMORY_LIMIT:
            return f"The program needed more than its {_size(limits.memory_bytes)} of memory."
        case TerminationReason.OUTPUT_LIMIT:
            return f"The program printed more than {_size(limits.output_bytes)}."
        case TerminationReason.RUNTIME_ERROR:
            return _ended_early(outcome, kind)
        case _:
            return _FORBIDDEN.get(outcome.reason, "")


def failure_message_of_tester(tester: Outcome) -> str:
    """Return why the process that runs a test module failed, which a value that the answer returned may cause."""
    if tester.reason is TerminationReason.COMPLETED:
        return ""
    reason = tester.reason.value.replace("_", " ")
    return f"The tests were stopped ({reason}) while they worked with what your answer returned.\n"


def _too_slow(outcome: Outcome, limits: Limits, kind: Kind) -> str:
    if outcome.cpu_ms >= limits.cpu_ms * 0.9:
        cause = _ENDLESS_SQL if kind is Kind.SQL else "Does a loop never end?"
        return f"The program was not finished after {_seconds(limits.cpu_ms)} of CPU time. {cause}"
    waited = f"The program was not finished after {_seconds(outcome.wall_ms)}, most of which it spent waiting."
    return f"{waited} Does it sleep, or wait for input?"


def _ended_early(outcome: Outcome, kind: Kind) -> str:
    when = "." if kind is Kind.STDIN else " before the test was finished."
    status = outcome.exit_status
    # Of the interpreter: by the judge, which kills with this verdict only for the number of threads.
    if status == -signal.SIGKILL and not outcome.is_native:
        return f"The program had more than {outcome.limits.threads} threads."
    if status < 0:
        crash = _CRASHES.get(-status)
        return f"The program crashed: {crash}." if crash else f"The program was ended by signal {-status}."
    ended = f"The program ended itself with exit status {status}{when}"
    return ended if outcome.is_native else _by_runner(outcome, kind, when, ended)


def _by_runner(outcome: Outcome, kind: Kind, when: str, ended: str) -> str:
    """Return what an exit status of the runner means, if it is one."""
    match outcome.exit_status:
        case failures.EXITED:
            how = ", with a status other than 0." if kind is Kind.STDIN else when
            return f"The program ended itself by calling exit{how}"
        case failures.BROKEN:
            return "The program changed or closed something that the grader needs, such as its standard output."
        case failures.RAISED if outcome.stderr:
            return ""
        case _:
            return ended


def _size(count: int) -> str:
    return f"{count // MIB} MiB" if count >= MIB else f"{count // KIB} KiB"


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3g} s"
