"""Runs the programs that install others."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

UMASK = 0o022  # the sandbox's user has to read what is installed


class InstallationFailed(Exception):
    """A language cannot be installed; the message says why."""


def run(command: Sequence[str], *, stdin: IO[bytes] | None = None, directory: Path | None = None) -> None:
    """Run a command, whose output the operator sees. Raises InstallationFailed if it fails."""
    try:
        ended = subprocess.run(  # noqa: S603 - a command of this package
            command,
            stdin=stdin or subprocess.DEVNULL,
            cwd=directory,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            umask=UMASK,
            check=False,
        )
    except OSError as error:
        raise InstallationFailed(f"{command[0]} cannot be run: {error}.") from None
    if ended.returncode != 0:
        raise InstallationFailed(f"`{shlex.join(command)}` failed with status {ended.returncode}.")
