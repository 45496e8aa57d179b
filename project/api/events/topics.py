"""The words for what can be followed."""

from enum import StrEnum


class Topic(StrEnum):
    """What can be followed."""

    SUBMISSIONS = "submissions"  # the caller's own
    LEADERBOARD = "leaderboard"
