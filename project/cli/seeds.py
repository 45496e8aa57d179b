"""The first rows of a new database: a few exercises, and one admin."""

import secrets

import sqlalchemy as sa

from project.api.exercises import queries
from project.api.exercises.importing.finding import find_exercises, read_exercise
from project.api.exercises.importing.folders import Folder
from project.api.exercises.models import Exercise
from project.api.exercises.saving import store_inputs, stored_values
from project.api.users.accounts import add_user
from project.api.users.models import User
from project.config import ROOT
from project.extensions import db
from project.web.roles import Role

ADMIN_NAME = "admin"
ADMIN_EMAIL = "admin@localhost"
# Held until the transaction ends: of several servers that start at once, only one seeds.
ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(20170925)")
PASSWORD_BYTES = 16  # 128 random bits

# In the format of docs/grading.md, one folder each, in the order of their names.
EXERCISES = ROOT / "seeds"


def add_exercises() -> None:
    """Add the first exercises, unless there are any; tests have tried their solutions. The caller commits."""
    if db.session.scalar(sa.select(sa.exists(sa.select(Exercise.id)))):
        return
    for folder in find_exercises(Folder(EXERCISES)):
        db.session.execute(queries.add(store_inputs(stored_values(read_exercise(folder, "python")))))


def add_admin() -> str | None:
    """Add an admin, unless there is one, and return their random password. The caller commits."""
    if db.session.scalar(sa.select(sa.exists().where(User.role == Role.ADMIN))):
        return None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    add_user(ADMIN_NAME, ADMIN_EMAIL, password, Role.ADMIN)
    return password
