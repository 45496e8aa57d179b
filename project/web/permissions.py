"""Permissions: one table of actions and roles. A view names its action.

Whose resources the action reaches is a condition in the WHERE clause of the view's statement.
`project.web.auth` applies the table to requests. The tests in `project/tests/permissions` send every request as every
role.
"""

from enum import IntEnum, StrEnum, auto
from typing import NamedTuple

from project.web.roles import Role


class Reach(IntEnum):
    """Whose resources a role may do an action with."""

    NOTHING = 0
    OWN = 1  # what belongs to the caller
    ALL = 2


NOTHING, OWN, ALL = Reach


class Rule(NamedTuple):
    """What each role reaches, and callers without a token: `anybody`, while `setting` is on, if there is one."""

    learner: Reach
    grader: Reach
    admin: Reach
    anybody: Reach = NOTHING
    setting: str | None = None


class Action(StrEnum):
    """What a caller may be permitted to do."""

    READ_PAGES = auto()  # the web client, the documentation, health and metrics
    REGISTER = auto()
    LOG_IN = auto()
    USE_ACCOUNT = auto()
    READ_USERS = auto()
    MANAGE_USERS = auto()  # and see their addresses
    INVITE = auto()
    READ_EXERCISES = auto()
    MANAGE_EXERCISES = auto()  # and see tests, solutions and earlier versions
    REJUDGE = auto()
    READ_EXERCISE_SETS = auto()
    MANAGE_EXERCISE_SETS = auto()
    READ_SCORES = auto()  # and what is counted of them: leaderboards, statistics
    READ_OWN_SCORES = auto()
    READ_HISTORY = auto()
    READ_PROGRESS = auto()
    READ_CLASS = auto()  # the class table, and which verdicts answers get
    RECORD_SCORES = auto()
    EXPLAIN_SCORES = auto()
    TRANSFER_SCORES = auto()  # bulk loads and exports
    SUBMIT = auto()
    READ_SUBMISSIONS = auto()
    READ_JUDGING = auto()  # hidden test cases, and the times of submissions with such
    FOLLOW_EVENTS = auto()
    CALL_WITHOUT_LIMIT = auto()


PERMISSIONS = {
    Action.READ_PAGES: Rule(ALL, ALL, ALL, anybody=ALL),
    Action.REGISTER: Rule(ALL, ALL, ALL, anybody=ALL),
    Action.LOG_IN: Rule(ALL, ALL, ALL, anybody=ALL),
    Action.USE_ACCOUNT: Rule(OWN, OWN, OWN),
    Action.READ_USERS: Rule(ALL, ALL, ALL, anybody=ALL),
    Action.MANAGE_USERS: Rule(NOTHING, NOTHING, ALL),
    Action.INVITE: Rule(NOTHING, ALL, ALL),
    Action.READ_EXERCISES: Rule(ALL, ALL, ALL, anybody=ALL),
    Action.MANAGE_EXERCISES: Rule(NOTHING, NOTHING, ALL),
    Action.REJUDGE: Rule(NOTHING, NOTHING, ALL),
    Action.READ_EXERCISE_SETS: Rule(ALL, ALL, ALL, anybody=ALL),
    Action.MANAGE_EXERCISE_SETS: Rule(NOTHING, ALL, ALL),
    Action.READ_SCORES: Rule(OWN, ALL, ALL, anybody=ALL, setting="SCORES_PUBLIC"),
    Action.READ_OWN_SCORES: Rule(OWN, OWN, OWN),
    Action.READ_HISTORY: Rule(OWN, ALL, ALL),
    Action.READ_PROGRESS: Rule(OWN, ALL, ALL),
    Action.READ_CLASS: Rule(NOTHING, ALL, ALL),
    Action.RECORD_SCORES: Rule(OWN, ALL, ALL),
    Action.EXPLAIN_SCORES: Rule(NOTHING, ALL, ALL),
    Action.TRANSFER_SCORES: Rule(NOTHING, ALL, ALL),
    Action.SUBMIT: Rule(OWN, OWN, OWN),
    Action.READ_SUBMISSIONS: Rule(OWN, ALL, ALL),
    Action.READ_JUDGING: Rule(NOTHING, ALL, ALL),
    Action.FOLLOW_EVENTS: Rule(OWN, OWN, OWN),
    Action.CALL_WITHOUT_LIMIT: Rule(NOTHING, ALL, ALL),
}
# Open to everybody, but the response has more for callers who may manage what they read.
SHOWING_MORE = frozenset({Action.READ_USERS, Action.READ_EXERCISES})


def reach(action: Action, role: Role) -> Reach:
    """Return what a role reaches by an action."""
    found: Reach = getattr(PERMISSIONS[action], role.value)
    return found


def reaches_all(action: Action, role: Role) -> bool:
    """Whether a role may do an action with what belongs to others."""
    return reach(action, role) is ALL


def sql_reaches_all(action: Action, column: str) -> str:
    """Return the condition in SQL that the role in a column may do an action with what belongs to others."""
    roles = ", ".join(f"'{role}'" for role in Role if reaches_all(action, role))
    return f"{column} IN ({roles})"
