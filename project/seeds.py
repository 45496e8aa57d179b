"""What a new database starts with: a few exercises, and one admin."""

import secrets

import sqlalchemy as sa

from project.api.exercises.models import Exercise
from project.api.users.accounts import add_user
from project.api.users.models import User
from project.extensions import db
from project.roles import Role

ADMIN_NAME = "admin"
ADMIN_EMAIL = "admin@localhost"
# Until the transaction ends: of several servers that start at once, one seeds.
ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(20170925)")
PASSWORD_BYTES = 16  # 128 random bits

EXERCISES = (
    ("Define a function `add` that returns the sum of its two arguments.", "print(add(2, 3))", "5"),
    ("Define a function `reverse` that returns a string backwards.", "print(reverse('abc'))", "cba"),
    ("Define a function `largest` that returns the largest number of a list.", "print(largest([3, 9, 4]))", "9"),
    (
        "Define a function `is_leap(year)` for the Gregorian calendar.",
        "print(is_leap(1900), is_leap(2000))",
        "False True",
    ),
)


def add_exercises() -> None:
    """Add the first exercises, unless there are any. The caller commits."""
    if db.session.scalar(sa.select(sa.exists(sa.select(Exercise.id)))):
        return
    for body, test_code, solution in EXERCISES:
        db.session.add(Exercise(exercise_body=body, test_code=test_code, test_code_solution=solution))


def add_admin() -> str | None:
    """Add an admin, unless there is one, and return his random password. The caller commits."""
    if db.session.scalar(sa.select(sa.exists().where(User.role == Role.ADMIN))):
        return None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    add_user(ADMIN_NAME, ADMIN_EMAIL, password, Role.ADMIN)
    return password
