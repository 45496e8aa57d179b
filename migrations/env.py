"""How Alembic reaches our database: one process at a time, and never waiting long for locks of those who serve.

While a migration waits for a lock, all later queries on that table wait behind it; so it gives up soon, and the
operator tries again. Several servers that start at once migrate once: the first one to get the advisory lock does it.
"""

from alembic import context
from flask import current_app
from sqlalchemy import text

from project.extensions import db
from project.job_queue import is_ours

MIGRATION_LOCK = 20170924  # any number that all versions of the service agree on
WAIT_FOR_OTHERS = "10min"  # another process that migrates
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"


def set_timeout(name: str, value: str) -> None:
    context.execute(f"SET LOCAL {name} = '{value}'")


def is_described(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or is_ours(name)


def migrate() -> None:
    with context.begin_transaction():
        set_timeout("lock_timeout", WAIT_FOR_OTHERS)
        set_timeout("statement_timeout", WAIT_FOR_OTHERS)
        context.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        set_timeout("lock_timeout", LOCK_TIMEOUT)
        set_timeout("statement_timeout", STATEMENT_TIMEOUT)
        context.run_migrations()


if context.is_offline_mode():  # `db upgrade --sql` prints the statements
    context.configure(
        url=db.engine.url,
        target_metadata=db.metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    migrate()
else:
    with db.engine.connect() as connection:
        options = current_app.extensions["migrate"].configure_args
        context.configure(connection=connection, target_metadata=db.metadata, include_name=is_described, **options)
        migrate()
