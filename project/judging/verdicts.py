"""Verdicts of test cases and submissions."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """How a test case, or a whole submission, ended."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"  # an exception, a signal, or an exit before the end of the tests
    SYNTAX_ERROR = "syntax_error"
    COMPILE_ERROR = "compile_error"
    MEMORY_LIMIT = "memory_limit"
    TIME_LIMIT = "time_limit"
    FORBIDDEN_CALL = "forbidden_call"  # a system call that ends the process
    PROTOCOL_VIOLATION = "protocol_violation"  # the process sent the judge a message that only the runner may send
    OUTPUT_LIMIT = "output_limit"
    SANDBOX_ERROR = "sandbox_error"  # a failure of the sandbox, which does not count as an attempt
    NOT_RUN = "not_run"  # only of a case: it was skipped after an earlier one, or at the end of the submission's time


NO_FAILURE = frozenset({Verdict.ACCEPTED, Verdict.NOT_RUN})


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Return a submission's verdict: that of the first case that ran and failed. A sandbox error has priority.

    Cases are given in the order of the exercise. One before the first that failed may be `NOT_RUN`, since hidden cases
    are judged last.
    """
    failed = [verdict for verdict in verdicts if verdict not in NO_FAILURE]
    if Verdict.SANDBOX_ERROR in failed:
        return Verdict.SANDBOX_ERROR
    return failed[0] if failed else Verdict.ACCEPTED
