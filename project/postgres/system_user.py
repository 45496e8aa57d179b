"""The user of the operating system that a server runs as when root starts it. Standard library only."""

import os
import pwd
import shutil
import subprocess

from project.settings.declarations import SettingsError

# Where useradd is; the PATH that `su` leaves to root on Debian does not name these.
SYSTEM_PATH = "/usr/sbin:/sbin:/usr/local/sbin"


def system_user(name: str) -> pwd.struct_passwd:
    """Return a user of the system, created on first use."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        _create(name)
        return pwd.getpwnam(name)


def _create(name: str) -> None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}")
    if useradd is None:
        raise SettingsError(
            f"started by root, the embedded PostgreSQL runs as the user {name}, and there is no useradd to create it: "
            "create that user, start as another user, or set DATABASE_URL."
        )
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed arguments
