"""The directories of the embedded PostgreSQL, which must be accessible to the user as whom it runs.

Started by root, PostgreSQL runs as a user of its own. The directories above DATA_DIR and the virtual environment may be
closed to that user, as /root is, and the service must not change their permissions. Then the data and a copy of the
programs are below /var/lib.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from project.settings.declarations import SettingsError

# sockaddr_un holds 107 bytes of path on Linux; PostgreSQL adds "/.s.PGSQL.5432.lock" to the directory.
SOCKET_DIRECTORY_BYTES = 107 - len("/.s.PGSQL.5432.lock")
SYSTEM_DIRECTORY = Path("/var/lib/eval-service")
MODE = 0o755  # of directories that are created here; the umask may remove bits
SEARCH = 0o001  # others may traverse a directory, but not list it
OWNER_SEARCH = 0o100
READ = 0o004


def may_enter(path: Path, uid: int = 0) -> bool:
    """Whether a user may traverse the directory `path` and its parents, as far as they exist; 0 is any user."""
    return all(_may_search(directory, uid) for directory in (path.resolve(), *path.resolve().parents))


def _may_search(directory: Path, uid: int) -> bool:
    if not directory.is_dir():
        return True
    status = directory.stat()
    return bool(status.st_mode & (OWNER_SEARCH if uid and status.st_uid == uid else SEARCH))


def make_directory(path: Path) -> None:
    """Create a directory and its parents. Other users may traverse those that root creates, whatever its umask."""
    missing = [directory for directory in (path, *path.parents) if not directory.exists()]
    for directory in reversed(missing):
        directory.mkdir(MODE, exist_ok=True)
        if os.geteuid() == 0:
            directory.chmod(directory.stat().st_mode | SEARCH)


def postgres_home(data_dir: Path) -> Path:
    """Return where the embedded PostgreSQL of a DATA_DIR is: in it, or below /var/lib if its user cannot enter it."""
    home = data_dir / "postgres"
    if os.geteuid() != 0 or home.is_symlink() or may_enter(home, owner_of_data(home)):
        return home.resolve()
    return _system_directory() / _digest(os.fsencode(data_dir))


def socket_directory(home: Path) -> Path:
    """Return where the embedded PostgreSQL has its socket: beside its data, or in /tmp if that is too long."""
    directory = home / "socket"
    name = f"eval-postgres-{_digest(os.fsencode(directory))}"
    places = [directory, Path("/tmp", name)]  # noqa: S108 - private, and checked to be
    if os.geteuid() != 0 or may_enter(Path(tempfile.gettempdir())):
        places.insert(1, Path(tempfile.gettempdir(), name))
    return next((place for place in places if len(os.fsencode(place)) <= SOCKET_DIRECTORY_BYTES), places[-1])


def owner_of_data(home: Path) -> int:
    """Return the id of the user who owns the data, as whom PostgreSQL must run; 0 if there are none yet."""
    try:
        return (home / "data").stat().st_uid
    except FileNotFoundError:
        return 0


def link_home(home: Path, link: Path) -> None:
    """Create a symbolic link to the home where operators expect it. Files that are already there are moved."""
    if link.resolve() == home.resolve():
        return
    make_directory(link.parent)
    if link.is_dir():
        _move(link, home)
    # For an operator who finds the home after the checkout and its link were deleted.
    (home / "DATA_DIR").write_bytes(os.fsencode(link.parent) + b"\n")
    link.symlink_to(home)


def _move(before: Path, after: Path) -> None:
    """Move the files of a home into another one, which has locks of its own."""
    data = before / "data"
    if data.exists():
        if (after / "data").exists():
            raise SettingsError(f"there are data in {data} and in {after}/data: move those away that you do not want.")
        if is_in_use(data):
            raise SettingsError(f"{data} is in use by another PostgreSQL: stop it first.")
    for path in before.iterdir():
        try:
            if not (after / path.name).exists():
                path.rename(after / path.name)
        except OSError:  # another file system
            reason = f"the user that PostgreSQL runs as cannot enter {before}"
            raise SettingsError(f"{reason}: move the files with `mv -n {before}/* {after}/`.") from None
    shutil.rmtree(before)


def is_in_use(directory: Path) -> bool:
    """Whether a process has this working directory, as a server and its children have their data directory."""
    return any(_works_in(process, directory) for process in Path("/proc").glob("[0-9]*"))


def _works_in(process: Path, directory: Path) -> bool:
    try:
        return (process / "cwd").samefile(directory)
    except OSError:  # it has ended, or belongs to another user
        return False


def copies_of(directories: Sequence[Path]) -> Path:
    """Return the directory for a copy of these directories: another one after each installation of them."""
    installed = [(os.fsdecode(directory), directory.stat().st_ctime_ns) for directory in directories]
    return _system_directory() / f"programs-{_digest(repr(installed).encode())}"


def copy_for_others(directories: Sequence[Path], root: Path) -> Path:
    """Copy directories once, so that any user may read them; return the copy of `root`."""
    copies = copies_of(directories)
    if copies.exists():
        return copies
    make_directory(SYSTEM_DIRECTORY)
    with tempfile.TemporaryDirectory(dir=SYSTEM_DIRECTORY) as made:
        unfinished = Path(made, "copies")
        for directory in directories:
            shutil.copytree(directory, unfinished / directory.relative_to(root))
        for path in (unfinished, *unfinished.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | READ | (SEARCH if mode & OWNER_SEARCH else 0))
        try:
            unfinished.rename(copies)
        except OSError:
            if not copies.exists():  # else another process was faster
                raise
    return copies


def _system_directory() -> Path:
    """Return the directory below /var/lib, unless a user other than root could put files there."""
    if SYSTEM_DIRECTORY.exists() and (SYSTEM_DIRECTORY.stat().st_uid != 0 or SYSTEM_DIRECTORY.stat().st_mode & 0o022):
        raise SettingsError(f"{SYSTEM_DIRECTORY} must belong to root, and nobody else may write to it.")
    return SYSTEM_DIRECTORY


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
