"""The words for what a user is to the service."""

from enum import StrEnum


class Role(StrEnum):
    """What a user is to the service."""

    LEARNER = "learner"
    GRADER = "grader"  # a service that decides scores
    ADMIN = "admin"
