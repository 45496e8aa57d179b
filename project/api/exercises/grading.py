"""Who decides whether an answer is right, and which of several answers counts."""

from enum import StrEnum


class Grading(StrEnum):
    """Who decides."""

    SELF = "self"  # the learner, or the site that they learn on
    SERVER = "server"  # this service, its graders and admins


class Policy(StrEnum):
    """Which of a learner's graded answers the score follows."""

    BEST = "best"
    LATEST = "latest"
    FIRST = "first"
