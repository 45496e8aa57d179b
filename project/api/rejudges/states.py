"""The words for how far a rejudge is."""

from enum import StrEnum


class RejudgeState(StrEnum):
    """How far a rejudge is."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"  # what would change is known, and nothing is changed
    APPLIED = "applied"
    UNDONE = "undone"
    FAILED = "failed"
