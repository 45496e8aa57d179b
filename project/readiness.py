"""What the service needs before it can serve."""

from functools import lru_cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from project.config import ROOT
from project.extensions import db

CURRENT_REVISION = sa.text("SELECT version_num FROM alembic_version")


def missing() -> dict[str, list[str]]:
    """Return what is missing, with a sentence each; nothing when all is there."""
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


@lru_cache
def head_revision() -> str | None:
    """Return the newest migration."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()
