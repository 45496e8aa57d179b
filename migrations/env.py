"""How Alembic reaches our database: one process at a time, and never waiting long for locks of those who serve.

Each migration is a transaction of its own, so that the locks of one are gone when the next begins. While a migration
waits for a lock, all later queries on that table wait behind it; so it gives up soon, and is tried again. Several
servers that start at once migrate once: the first one to get the advisory lock does it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, RevisionStep
from flask import current_app
from sqlalchemy import Connection, text

from project.extensions import db
from project.postgres.database import session_engine
from project.postgres.job_queue import is_ours
from project.postgres.migrating import retry, set_timeouts
from project.postgres.table_locks import lock_statement

MIGRATION_LOCK = 20170924  # any number that all versions of the service agree on
GET_LOCK = f"SELECT pg_advisory_lock({MIGRATION_LOCK})"  # of the session: it outlives each migration's transaction
PAUSE_SECONDS = 0.05  # while another process migrates

# What landed migrations lock in another order than those who finish submissions: it is locked before their first
# statement. New ones call `lock_tables` themselves.
LOCKED_BEFORE = {
    "0008": f"{lock_statement('submissions', mode='SHARE')}; {lock_statement('score_changes')}",
}


def is_described(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or is_ours(name)


def wait_for_others(connection: Connection) -> None:
    """Get the advisory lock, in short attempts: one that waits keeps CREATE INDEX CONCURRENTLY of others waiting."""

    def attempt() -> None:
        with connection.begin():
            connection.execute(text(set_timeouts()))
            connection.execute(text(GET_LOCK))

    retry(connection, attempt, PAUSE_SECONDS)


def locked(steps: Iterable[RevisionStep], migration: MigrationContext) -> Iterator[RevisionStep]:
    """Yield the steps. A lock that is taken before one is in its transaction."""
    for step in steps:
        if step.info.is_upgrade and step.info.up_revision_id in LOCKED_BEFORE:
            migration.execute(LOCKED_BEFORE[step.info.up_revision_id])
        yield step


def configure(connection: Connection) -> None:
    options: dict[str, Any] = {
        "connection": connection,
        "target_metadata": db.metadata,
        "include_name": is_described,
        "transaction_per_migration": True,
        **current_app.extensions["migrate"].configure_args,
    }
    context.configure(**options)
    plan = context.get_context().opts["fn"]
    context.configure(**options, fn=lambda heads, migration: locked(plan(heads, migration), migration))


def migrate() -> None:
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():  # `db upgrade --sql` prints the statements
    context.configure(
        url=db.engine.url,
        target_metadata=db.metadata,
        literal_binds=True,
        transaction_per_migration=True,
        dialect_opts={"paramstyle": "named"},
    )
    context.execute(set_timeouts())
    context.execute(GET_LOCK)
    migrate()
else:
    with session_engine(current_app.config).connect() as connection:
        wait_for_others(connection)

        def attempt() -> None:
            with connection.begin():
                connection.execute(text(set_timeouts()))
            configure(connection)
            migrate()

        retry(connection, attempt)
