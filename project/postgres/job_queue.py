"""Work that outlives a request: the jobs of Procrastinate, in our own database.

A job is queued in the transaction that needs it: both happen, or neither. `project.grading.worker` runs the jobs.
"""

from pathlib import Path

import procrastinate
import sqlalchemy as sa
from procrastinate.schema import SchemaManager, migrations_path
from sqlalchemy import event

from project.extensions import Model, db

NAMESPACE = "eval"  # before the names of our tasks

# The tables of the installed version of Procrastinate; the comment on a table names the newest of its migrations that
# they include. When an upgrade has new ones, a test requires a migration of ours that applies those after the one in
# the comment, so that old and new databases end with the same schema. A frozen copy of the schema would need the same
# migration, and give new databases tables that do not fit the installed version.
NEWEST_MIGRATION = max(path.name for path in Path(migrations_path).glob("*.sql"))
CREATE = f"""
{SchemaManager.get_schema()}
COMMENT ON TABLE procrastinate_jobs IS '{NEWEST_MIGRATION}';
"""
# By name, since the tables may be those of another version.
DROP = """
DO $$
DECLARE
    dropping text;
BEGIN
    DROP TABLE IF EXISTS
        procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
    FOR dropping IN SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'procrastinate_')
    LOOP
        EXECUTE 'DROP FUNCTION ' || dropping;
    END LOOP;
    FOR dropping IN SELECT oid::regtype FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND starts_with(typname, 'procrastinate_')
    LOOP
        EXECUTE 'DROP TYPE ' || dropping;
    END LOOP;
END $$
"""
PRESENT = sa.text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")


def conninfo(url: str) -> str:
    """Return a URL of SQLAlchemy in the form of libpq."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def is_ours(name: str | None) -> bool:
    """Whether a table is described by our models, and not by Procrastinate."""
    return not (name or "").startswith("procrastinate_")


def _make(_: object, connection: sa.Connection, **__: object) -> None:
    if not connection.scalar(PRESENT):
        connection.execute(sa.DDL(CREATE.replace("%", "%%")))  # type: ignore[no-untyped-call]


event.listen(Model.metadata, "after_create", _make)
event.listen(Model.metadata, "after_drop", sa.DDL(DROP))  # type: ignore[no-untyped-call]

# Never opened: it queues jobs over the connections of our sessions.
_queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def defer(task: str, name: str, *, lock: str | None = None, priority: int = 0, **arguments: int | str) -> None:
    """Queue a job in the session's transaction.

    Args:
        task: the task's name in its blueprint, which is that of its queue too.
        name: what the job is about; at most one of a name waits.
        lock: jobs with the same one run one after another.
        priority: a job with a higher one goes first.
        arguments: what the task is called with.

    Raises:
        procrastinate.exceptions.AlreadyEnqueued: a job of this name waits already. The transaction is lost.

    """
    _queue.configure_task(
        f"{NAMESPACE}:{task}",
        queue=task,
        lock=lock,
        queueing_lock=name,
        priority=priority,
        connection=db.session.connection().connection.driver_connection,
    ).defer(**arguments)
