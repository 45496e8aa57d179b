"""How long a run keeps its slot while others wait.

How long an answer takes is known only once it has run. So the first run of a submission stops after a moment if one
that is queued goes before it by then, and the submission is queued anew: quick answers wait for a moment of each slow
one at most. The second run is never stopped so.
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
# Of one case, without what the machine had for others; and of the whole run, with that.
TURN_SECONDS, LONGEST_TURN = 0.25, 1.0
PAUSE_SECONDS = 0.1  # between two looks


class TurnOver(Exception):
    """Others go first."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds  # that the run had a slot


class FirstTurn:
    """The turn of a first run, which begins now."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._began = time.monotonic()
        self._next = self._began + TURN_SECONDS

    def check(self, processes: Sequence[SandboxedProcess]) -> float:
        """Return the seconds until the next check.

        Raises:
            TurnOver: if it were queued now, another one would be taken first.

        """
        now = time.monotonic()
        if now >= self._next:
            used = now - self._began
            is_long = used >= LONGEST_TURN or max(process.elapsed() for process in processes) >= TURN_SECONDS
            if is_long and _others_first(self._sender, used):
                raise TurnOver(used)
            self._next = now + PAUSE_SECONDS
        return self._next - now


def turn_of(claimed: ClaimedSubmission, max_runs: int) -> StopCondition:
    """Return how long a run may last that begins now, where a submission is taken so often at most."""
    if claimed.run != FIRST_RUN or max_runs == FIRST_RUN:
        return NEVER_STOP
    return FirstTurn(claimed.sender)


def _others_first(sender: Sender, seconds: float) -> bool:
    try:
        ((found,),) = statement_pool().rows(queries.OTHERS_FIRST, {**sender.keys(), "slot_seconds": seconds})
    except psycopg.Error:
        return False  # without the database there is nothing else to grade
    return decoded(found) == "t"
