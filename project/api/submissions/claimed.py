"""What a process has claimed to grade."""

from collections.abc import Mapping
from dataclasses import dataclass

from project.api.submissions.usage import Sender
from project.judging.problems import Problem


@dataclass(frozen=True, slots=True)
class ClaimedSubmission:
    """A submission that this process grades: no other does before the lease is over."""

    id: int
    run: int  # the number of times it has been claimed, with this one
    user_id: int
    exercise_id: int
    exercise_version: int
    language: str
    answer: str
    files: Mapping[str, str]  # the others of the answer, by name
    problem: Problem
    policy: str  # which of several answers the score follows
    address: str  # from which it was sent; empty if that is no longer known
    lease_ends: float  # by this process's monotonic clock, in seconds

    @property
    def sender(self) -> Sender:
        """For whom the grading time is counted."""
        return Sender(self.user_id, self.address)
