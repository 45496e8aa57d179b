"""Restoring a backup into an empty database, completely or not at all."""

import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from project.operations.backup import MAJOR
from project.operations.postgres_programs import BackupError, Programs, connection_to, programs_for, reason, run

DUMPED_FROM = re.compile(r"^; +Dumped from database version: (\d+)", re.MULTILINE)
REVISION = re.compile(r"^COPY \S*alembic_version .*\n(\S+)$", re.MULTILINE)
# Relations that a backup could collide with, except those of extensions.
IN_THE_WAY = sa.text("""
    SELECT c.relname FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
    ORDER BY c.relname LIMIT 1
""")
HEADER_LINES = 40
# Written by pg_dump 17 and later, and unknown to PostgreSQL before 17.
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


def restore(connection: sa.Connection, settings: Mapping[str, Any], path: Path, revisions: Sequence[str]) -> str:
    """Read a backup into the database; return its revision, which must be one of those given. Raises `BackupError`."""
    server = connection.scalar(MAJOR) or 0
    found = connection.scalar(IN_THE_WAY)
    connection.rollback()
    if found:
        raise BackupError(f"The database is not empty: it has {found}. Restore into a new one.")
    programs = programs_for(server)
    revision = _check(programs, path, server, revisions)
    _copy(programs, path, settings)
    return revision


def _check(programs: Programs, path: Path, server: int, revisions: Sequence[str]) -> str:
    """Return the revision of a backup that fits the server and this version of the service."""
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from None
    listed = run(programs.command("pg_restore", "--list", str(path))).decode(errors="replace")
    dumped_from = DUMPED_FROM.search(listed)
    if dumped_from and int(dumped_from[1]) > server:
        raise BackupError(f"{path} is of PostgreSQL {dumped_from[1]}, and the server is {server}: use a newer server.")
    only = ("--data-only", "--table=alembic_version", "--file=-")
    revision = REVISION.search(run(programs.command("pg_restore", *only, str(path))).decode(errors="replace"))
    if not revision:
        raise BackupError(f"{path} is no backup of this service: it names no migration.")
    if revision[1] not in revisions:
        raise BackupError(
            f"{path} is at migration {revision[1]}, which this version does not have: restore it with the version "
            "of the service that wrote it, or a later one."
        )
    return revision[1]


def _copy(programs: Programs, path: Path, settings: Mapping[str, Any]) -> None:
    """Read all of the backup in one transaction, which is committed only when pg_restore has come to its end."""
    conninfo, environment = connection_to(settings)
    read = programs.command("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(path))
    write = programs.command(
        "psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", f"--dbname={conninfo}"
    )
    with (
        tempfile.TemporaryFile() as read_errors,
        tempfile.TemporaryFile() as write_errors,
        subprocess.Popen(read, stdout=subprocess.PIPE, stderr=read_errors) as reading,  # noqa: S603 - fixed programs
        subprocess.Popen(  # noqa: S603 - the same
            write, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=write_errors, env=environment
        ) as writing,
    ):
        try:
            _pass_on(reading, writing)
        except BrokenPipeError:  # psql has ended, and its standard error has the reason
            reading.kill()
        except BaseException:
            reading.kill()
            writing.kill()
            raise
        failed = [
            reason(name, _text(errors))
            for name, process, errors in (("psql", writing, write_errors), ("pg_restore", reading, read_errors))
            if process.wait()
        ]
    if failed:
        raise failed[0]


def _pass_on(reading: "subprocess.Popen[bytes]", writing: "subprocess.Popen[bytes]") -> None:
    source, target = reading.stdout, writing.stdin
    if source is None or target is None:
        raise AssertionError("both are pipes")
    with target:
        target.write(b"BEGIN;\n")
        for _ in range(HEADER_LINES):
            line = source.readline()
            if line != UNKNOWN_BEFORE_17:
                target.write(line)
        while data := source.read(1 << 20):
            target.write(data)
        # Without it, psql ends without a COMMIT, and nothing was restored.
        if reading.wait() == 0:
            target.write(b"COMMIT;\n")


def _text(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
