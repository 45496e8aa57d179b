"""Helpers for migrations of a database that is in use."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from project.postgres.table_locks import lock_statement

# Requests queue behind a migration that waits for a lock, so the migration gives up soon and tries again. Less than
# PostgreSQL's `deadlock_timeout`, 1 s: in a deadlock it is the migration that gives up.
LOCK_TIMEOUT = "500ms"
STATEMENT_TIMEOUT = "10min"
PAUSE_SECONDS = 1.0  # in which requests are served
RETRY_SECONDS = 600.0
# Errors that concurrent transactions cause, so that a retry may succeed.
CONFLICTS = (DeadlockDetected, LockNotAvailable, SerializationFailure)


def set_timeouts(lock: str = LOCK_TIMEOUT, statement: str = STATEMENT_TIMEOUT) -> str:
    """Return the statement that limits how long the session waits."""
    return f"SET lock_timeout = '{lock}'; SET statement_timeout = '{statement}'"


def retry(connection: sa.Connection, work: Callable[[], None], pause_seconds: float = PAUSE_SECONDS) -> None:
    """Do work in transactions of the connection; repeat it after a conflict with other transactions."""
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

    For work that takes long and holds no lock that requests need: CREATE INDEX CONCURRENTLY, changes of many rows in
    batches. The migration must be able to run again: if it is interrupted here, what is done so far is kept.
    """
    with op.get_context().autocommit_block():
        op.execute(set_timeouts(statement="0"))
        yield
        op.execute(set_timeouts())


def create_index(name: str, table: str, definition: str) -> None:
    """Create an index without blocking writers; call it in `outside_transaction()`.

    It waits for all older transactions and blocks none. An index that was interrupted is created again.
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
