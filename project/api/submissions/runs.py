"""What a process has claimed to grade."""

from dataclasses import dataclass

from project.api.submissions.usage import User
from project.judging.problems import Problem


@dataclass(frozen=True, slots=True)
class Run:
    """A submission that this process grades: until the lease is over, no other does."""

    id: int
    number: int
    user_id: int
    exercise_id: int
    exercise_version: int
    language: str
    answer: str
    problem: Problem
    policy: str
    address: str  # where it came from; empty if that is not known any more
    lease_ends: float  # by this process's monotonic clock, in seconds

    @property
    def user(self) -> User:
        """Whose use of the slots it counts for."""
        return User(self.user_id, self.address)
