"""What the service needs before it can serve."""

from functools import lru_cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from project.config import ROOT
from project.extensions import db
from project.grader import grader

CURRENT_REVISION = sa.text("SELECT version_num FROM alembic_version")


def missing() -> dict[str, list[str]]:
    """Return what is missing, with a sentence each; nothing when all is there."""
    return missing_in_database() | _missing_sandbox()


def missing_in_database() -> dict[str, list[str]]:
    """Return whether the database, or its schema, is missing."""
    try:
        current = db.session.scalar(CURRENT_REVISION)
    except sa.exc.ProgrammingError:  # no such table
        current = None
    except sa.exc.SQLAlchemyError:
        return {"database": ["Cannot be reached."]}
    finally:
        db.session.rollback()
    if current != head_revision():
        return {
            "migrations": [f"The database is at {current}, the program at {head_revision()}: run manage.py db upgrade."]
        }
    return {}


def _missing_sandbox() -> dict[str, list[str]]:
    status = grader.status()
    if status["ok"]:
        return {}
    return {"sandbox": [f"Level {status['minimum']} is wanted, and not to be had: {status['reason']}"]}


@lru_cache
def head_revision() -> str | None:
    """Return the newest migration."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()
