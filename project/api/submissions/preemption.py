"""Stopping a slow answer while others wait.

How long an answer takes is known only once it has run. So the first run of a submission is stopped after a moment if a
queued submission goes before it by then, and the submission is queued again: quick answers then wait for a moment of
each slow one at most. The second run is never stopped in this way.
"""

import time
from collections.abc import Sequence

import psycopg

from project.api.submissions import queries
from project.api.submissions.claimed import ClaimedSubmission
from project.api.submissions.usage import Sender
from project.postgres.prepared import decoded, statement_pool
from project.sandbox.event_loop import NEVER_STOP, StopCondition
from project.sandbox.process import SandboxedProcess

FIRST_RUN = 1
# Of one case, without the time that the machine spent on others; and of the whole run, with that time.
FIRST_RUN_SECONDS, LONGEST_FIRST_RUN = 0.25, 1.0
PAUSE_SECONDS = 0.1  # between two checks


class Preempted(Exception):
    """A run was stopped, since others go first."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds  # that the run had a slot


class OthersGoFirst:
    """The stop condition of a first run, which begins now."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._began = time.monotonic()
        self._next = self._began + FIRST_RUN_SECONDS

    def check(self, processes: Sequence[SandboxedProcess]) -> float:
        """Return the seconds until the next check.

        Raises:
            Preempted: the run has been long, and if its submission were queued now, another one would be claimed first.

        """
        now = time.monotonic()
        if now >= self._next:
            used = now - self._began
            is_long = used >= LONGEST_FIRST_RUN or max(process.elapsed() for process in processes) >= FIRST_RUN_SECONDS
            if is_long and _others_first(self._sender, used):
                raise Preempted(used)
            self._next = now + PAUSE_SECONDS
        return self._next - now


def stop_condition(claimed: ClaimedSubmission, max_runs: int) -> StopCondition:
    """Return when to stop a run that begins now, of a submission that has at most so many runs."""
    if claimed.run != FIRST_RUN or max_runs == FIRST_RUN:
        return NEVER_STOP
    return OthersGoFirst(claimed.sender)


def _others_first(sender: Sender, seconds: float) -> bool:
    try:
        ((found,),) = statement_pool().rows(queries.OTHERS_FIRST, {**sender.keys(), "slot_seconds": seconds})
    except psycopg.Error:
        return False  # without the database there is nothing else to grade
    return decoded(found) == "t"
