"""The topics of events."""

from enum import StrEnum


class Topic(StrEnum):
    """A topic of events that a client can follow."""

    SUBMISSIONS = "submissions"  # the caller's own
    LEADERBOARD = "leaderboard"
