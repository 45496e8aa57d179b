"""PostgreSQL's programs for backups: where they are, their versions, and how they connect."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from project.postgres.database import connect_arguments, session_url
from project.postgres.embedded import programs
from project.settings.declarations import SettingsError

VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
DEBIAN = Path("/usr/lib/postgresql")  # <major>/bin


class BackupError(Exception):
    """A backup or a restore failed. The message is a sentence."""


@dataclass(frozen=True)
class Programs:
    """The programs of one directory, of one major version of PostgreSQL."""

    directory: Path
    major: int

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return a command for `subprocess`."""
        return [str(self.directory / name), *arguments]


def programs_for(major: int) -> Programs:
    """Return programs that are not older than a server of this major version: those of the wheel, or installed ones."""
    newest = 0
    for directory in _directories():
        found = _major(directory)
        newest = max(newest, found)
        if found >= major:
            return Programs(directory, found)
    installed = f"only those of PostgreSQL {newest}" if newest else "none"
    raise BackupError(
        f"A server of PostgreSQL {major} needs pg_dump, pg_restore and psql of {major}; found {installed}."
    )


def _directories() -> list[Path]:
    found = []
    with suppress(SettingsError):  # the wheel is not installed
        found.append(programs())
    on_path = shutil.which("pg_dump")
    return [*found, *([Path(on_path).parent] if on_path else []), *sorted(DEBIAN.glob("*/bin"))]


def _major(directory: Path) -> int:
    """Return the major version of the programs in a directory, or 0."""
    try:
        said = subprocess.run([directory / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own paths
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = VERSION.search(said)
    return int(match[1]) if match else 0


def connection_to(settings: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return how a program connects to the database: a connection string without a password, and its environment.

    Other users of the machine can read a command line, and not an environment. A URL without a password leaves it to
    PGPASSWORD, PGPASSFILE or PGSERVICE, as libpq reads them.
    """
    arguments = connect_arguments(session_url(settings), settings)
    arguments.pop("options", None)
    password = arguments.pop("password", None)
    environment = dict(os.environ) | ({"PGPASSWORD": password} if password else {})
    return make_conninfo(**arguments), environment


def reason(process: str, text: bytes) -> BackupError:
    """Return the error of a failed program, from what it wrote to standard error, as one sentence."""
    lines = text.decode(errors="backslashreplace").strip().splitlines() or ["it ended without a reason."]
    return BackupError(f"{process} failed: {' '.join(line.strip() for line in lines[:3])}")


def run(command: Sequence[str], **options: Any) -> bytes:
    """Run a program to its end; return what it printed. Raises `BackupError`."""
    done = subprocess.run(command, stderr=subprocess.PIPE, check=False, **{"stdout": subprocess.PIPE, **options})  # noqa: S603 - fixed programs
    if done.returncode:
        raise reason(Path(command[0]).name, done.stderr)
    return done.stdout or b""
