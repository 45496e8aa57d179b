"""Writing a snapshot of the database to a file by pg_dump, while the service is in use."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from project.operations.postgres_programs import BackupError, connection_to, programs_for, run

MAJOR = sa.text("SELECT current_setting('server_version_num')::integer / 10000")
REVISION = sa.text("SELECT version_num FROM alembic_version")
HAS_TABLES = sa.text("SELECT to_regclass('alembic_version') IS NOT NULL")


def back_up(connection: sa.Connection, settings: Mapping[str, Any], path: Path) -> str:
    """Write the database to a file of mode 0600, all of it or nothing; return its revision. Raises `BackupError`."""
    major = connection.scalar(MAJOR) or 0
    if not connection.scalar(HAS_TABLES):
        raise BackupError("The database has no tables, so there is nothing to back up.")
    revision = str(connection.scalar(REVISION))
    connection.rollback()
    conninfo, environment = connection_to(settings)
    command = programs_for(major).command("pg_dump", "--format=custom", "--no-password", f"--dbname={conninfo}")
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            run(command, stdout=descriptor, env=environment)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        unfinished.rename(path)
        _keep(path.parent)
    except OSError as error:
        raise BackupError(f"{error.filename or path} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return revision


def _keep(directory: Path) -> None:
    """Flush a directory to disk, so that a renamed file survives a power failure."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
