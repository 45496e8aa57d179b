"""The sources of scores, and the actions of the ledger."""

from enum import StrEnum


class Source(StrEnum):
    """Where a score came from."""

    SELF_REPORTED = "self_reported"  # the learner reported it
    GRADED = "graded"  # a grader decided
    OVERRIDE = "override"  # an admin, or SQL by hand
    IMPORTED = "imported"  # loaded by a command


class Action(StrEnum):
    """What happened to a score."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
