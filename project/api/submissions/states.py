"""The words for how far a submission is."""

from enum import StrEnum


class State(StrEnum):
    """How far a submission is."""

    QUEUED = "queued"  # for the next worker that is free
    RUNNING = "running"
    DONE = "done"  # its verdict is final
