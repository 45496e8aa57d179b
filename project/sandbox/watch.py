"""Serving runs until they are over."""

import math
import select
import time
from collections.abc import Sequence
from typing import Protocol

from project.sandbox.run import Run

# An answer that writes byte by byte would keep the judge busy: after so many rounds, what comes is let gather a moment.
QUICK_ROUNDS, GATHERING_SECONDS = 100, 0.002


class Turn(Protocol):
    """How long runs may keep what others need."""

    def check(self, runs: Sequence[Run]) -> float:
        """Return in how many seconds to ask again; raise an exception to stop the runs."""


class NoEnd:
    """The turn of runs that nobody stops."""

    def check(self, runs: Sequence[Run]) -> float:  # noqa: ARG002 - of the protocol
        """Return that there is nothing to ask."""
        return math.inf


NO_END = NoEnd()


def watch(*runs: Run, turn: Turn = NO_END) -> None:
    """Serve runs until all are over. When one of several ends badly, the others go on until they notice.

    Raises:
        SandboxError: it could not be set up or ended; that says nothing about the learner's code.
        Exception: what the turn raises.

    """
    rounds = 0
    while waiting := [run for run in runs if not run.is_over]:
        rounds += 1
        if rounds > QUICK_ROUNDS:
            time.sleep(GATHERING_SECONDS)
        timeout = min(turn.check(runs), *(run.check_time() for run in waiting))
        handlers = {descriptor: handle for run in waiting for descriptor, handle in run.handlers().items()}
        poll = select.poll()
        for descriptor in handlers:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(max(0, int(timeout * 1000)) + 1):
            handlers[descriptor]()
