"""The words for how a run ended."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """How a test case, or a whole submission, ended."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"  # an exception, a signal, or an exit before the tests were through
    SYNTAX_ERROR = "syntax_error"
    MEMORY_LIMIT = "memory_limit"
    TIME_LIMIT = "time_limit"
    FORBIDDEN_CALL = "forbidden_call"  # a system call that ends the process
    PROTOCOL_VIOLATION = "protocol_violation"  # the process wrote to the judge what only the runner may
    OUTPUT_LIMIT = "output_limit"
    SANDBOX_ERROR = "sandbox_error"  # our own trouble: never an attempt, never wrong
    NOT_RUN = "not_run"  # of a case only: an earlier one settled the matter, or the submission's time was over


NO_FAILURE = frozenset({Verdict.ACCEPTED, Verdict.NOT_RUN})


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Return a submission's verdict: that of the first case that ran and failed; our own trouble goes before all.

    Cases are given in the order of the exercise. One before the first that failed may be `NOT_RUN`, since hidden cases
    are judged last.
    """
    failed = [verdict for verdict in verdicts if verdict not in NO_FAILURE]
    if Verdict.SANDBOX_ERROR in failed:
        return Verdict.SANDBOX_ERROR
    return failed[0] if failed else Verdict.ACCEPTED
