"""What a migration uses to change a database in which others read and write meanwhile."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from project.postgres.table_locks import lock_statement

# A request that comes while a migration waits for a table waits behind it, so the migration gives up soon and tries
# again. Also less than PostgreSQL's `deadlock_timeout`, 1 s: whenever it is part of a deadlock, it is what gives up.
LOCK_TIMEOUT = "500ms"
STATEMENT_TIMEOUT = "10min"
PAUSE_SECONDS = 1.0  # in which requests are served
RETRY_SECONDS = 600.0
# What others did at the same time, and not the statement, is why it failed.
CONFLICTS = (DeadlockDetected, LockNotAvailable, SerializationFailure)


def set_timeouts(lock: str = LOCK_TIMEOUT, statement: str = STATEMENT_TIMEOUT) -> str:
    """Return the statement that limits how long the session waits."""
    return f"SET lock_timeout = '{lock}'; SET statement_timeout = '{statement}'"


def retry(connection: sa.Connection, work: Callable[[], None], pause_seconds: float = PAUSE_SECONDS) -> None:
    """Do something in transactions of the connection; again, when it met a conflict with others."""
    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        try:
            return work()
        except sa.exc.OperationalError as error:
            connection.rollback()
            if not isinstance(error.orig, CONFLICTS) or time.monotonic() > deadline:
                raise
            time.sleep(pause_seconds)


def lock_tables(*tables: str, mode: str = "ACCESS EXCLUSIVE") -> None:
    """Lock all the tables that a migration changes: its first statement, where these are more than one."""
    op.execute(lock_statement(*tables, mode=mode))


@contextmanager
def outside_transaction() -> Iterator[None]:
    """Commit what the migration has done, and run each statement of the block in a transaction of its own.

    For what takes long and holds no lock that others need: CREATE INDEX CONCURRENTLY, changes of many rows in batches.
    The migration must be able to run again, since whatever ends it here leaves what is done so far.
    """
    with op.get_context().autocommit_block():
        op.execute(set_timeouts(statement="0"))
        yield
        op.execute(set_timeouts())


def create_index(name: str, table: str, definition: str) -> None:
    """Make an index while others write; call it in `outside_transaction()`.

    It waits for all transactions that are older, and nobody waits for it. One that was interrupted is made anew.
    """
    op.execute(f"""
        DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('{name}') AND NOT indisvalid) THEN
                DROP INDEX {name};
            END IF;
        END $$
    """)  # noqa: S608 - constants
    op.execute("SET lock_timeout = 0")
    op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} {definition}")
    op.execute(set_timeouts(statement="0"))
