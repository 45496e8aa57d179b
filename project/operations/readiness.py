"""What the service requires to be ready."""

from functools import lru_cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app

from project.config import ROOT
from project.extensions import db
from project.grading.local_judge import local_judge
from project.postgres.database import WrongEncoding, is_pooled, session_settings

CURRENT_REVISION = sa.text("SELECT version_num FROM alembic_version")
SESSION = sa.text("""
    SELECT current_setting('TimeZone') AS timezone, setting AS statement_timeout
    FROM pg_settings WHERE name = 'statement_timeout'
""")


def missing() -> dict[str, list[str]]:
    """Return what is missing, each with a message; an empty dictionary when the service is ready."""
    return missing_in_database() | _missing_sandbox()


def missing_in_database() -> dict[str, list[str]]:
    """Return what is missing in the database: the server, the migrations, or the settings of the pooler."""
    try:
        current = db.session.scalar(CURRENT_REVISION)
    except sa.exc.ProgrammingError:  # no such table
        current = None
    except sa.exc.SQLAlchemyError as error:
        wrong = getattr(error, "orig", None)
        said = f"It cannot be used: {wrong}" if isinstance(wrong, WrongEncoding) else "Cannot be reached."
        return {"database": [said]}
    finally:
        db.session.rollback()
    if current != head_revision():
        return {
            "migrations": [f"The database is at {current}, the program at {head_revision()}: run manage.py db upgrade."]
        }
    return _missing_at_pooler() if is_pooled(current_app.config) else {}


def _missing_at_pooler() -> dict[str, list[str]]:
    """Return the session settings that the pooler does not set. Only it can, since clients share its connections."""
    needed = session_settings(current_app.config)
    found = db.session.execute(SESSION).mappings().one()
    db.session.rollback()
    wrong = [name for name in needed if found[name] != needed[name]]
    said = "; ".join(f"SET {name} = '{needed[name]}'" for name in wrong)
    return {"pooler": [f"Its connect_query must say: {said}."]} if wrong else {}


def _missing_sandbox() -> dict[str, list[str]]:
    status = local_judge().status()
    if status.is_available:
        return {}
    return {"sandbox": [f"Level {status.minimum} is wanted, and not to be had: {status.trouble}"]}


@lru_cache
def head_revision() -> str | None:
    """Return the newest migration."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()
