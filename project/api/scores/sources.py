"""The words for where a score came from and what happened to it."""

from enum import StrEnum


class Source(StrEnum):
    """Where a score came from."""

    SELF_REPORTED = "self_reported"  # the learner says so
    GRADED = "graded"  # a grader decided
    OVERRIDE = "override"  # an admin, or somebody at the database itself
    IMPORTED = "imported"  # it came with a load from elsewhere


class Action(StrEnum):
    """What happened to a score."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
