"""Serving runs until they are over."""

import select
import time

from project.sandbox.run import Run

# An answer that writes byte by byte would keep the judge busy: after so many rounds, what comes is let gather a moment.
QUICK_ROUNDS, GATHERING_SECONDS = 100, 0.002


def watch(*runs: Run) -> None:
    """Serve runs until all are over. When one of several ends badly, the others go on until they notice.

    Raises:
        SandboxError: it could not be set up or ended; that says nothing about the learner's code.

    """
    rounds = 0
    while waiting := [run for run in runs if not run.is_over]:
        rounds += 1
        if rounds > QUICK_ROUNDS:
            time.sleep(GATHERING_SECONDS)
        timeout = min(run.check_time() for run in waiting)
        handlers = {descriptor: handle for run in waiting for descriptor, handle in run.handlers().items()}
        poll = select.poll()
        for descriptor in handlers:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(max(0, int(timeout * 1000)) + 1):
            handlers[descriptor]()
