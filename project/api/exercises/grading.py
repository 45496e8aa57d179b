"""The words for who decides whether an answer is right."""

from enum import StrEnum


class Grading(StrEnum):
    """Who decides."""

    SELF = "self"  # the learner, or the site that he learns on
    SERVER = "server"  # this service, its graders and admins
