"""The event loop of sandboxed processes."""

import math
import select
import time
from collections.abc import Sequence
from typing import Protocol

from project.sandbox.process import SandboxedProcess

# A process that writes byte by byte would keep the judge busy. After so many rounds, each waits for more to arrive.
QUICK_ROUNDS, GATHERING_SECONDS = 100, 0.002


class StopCondition(Protocol):
    """When processes have to stop although they are within their limits, since others need their slot."""

    def check(self, processes: Sequence[SandboxedProcess]) -> float:
        """Return the seconds until the next check; raise an exception to stop the processes."""


class NeverStop:
    """The condition of processes that may use up their limits."""

    def check(self, processes: Sequence[SandboxedProcess]) -> float:  # noqa: ARG002 - of the protocol
        """Return that no further check is needed."""
        return math.inf


NEVER_STOP = NeverStop()


def run_until_ended(*processes: SandboxedProcess, stop_condition: StopCondition = NEVER_STOP) -> None:
    """Handle the events of processes until all have ended. When one ends with an error, the others go on.

    Raises:
        SandboxError: a process could not be set up or ended, for a reason other than the learner's code.
        Exception: what the stop condition raises.

    """
    rounds = 0
    while running := [process for process in processes if not process.has_ended]:
        rounds += 1
        if rounds > QUICK_ROUNDS:
            time.sleep(GATHERING_SECONDS)
        timeout = min(stop_condition.check(processes), *(process.check_time() for process in running))
        handlers = {descriptor: handle for process in running for descriptor, handle in process.handlers().items()}
        poll = select.poll()
        for descriptor in handlers:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(max(0, int(timeout * 1000)) + 1):
            handlers[descriptor]()
