"""Trees of installed files. Each is complete when it becomes the current one, and never changes afterwards."""

import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from project.sandbox.tools import CURRENT

MODE = 0o755
UNFINISHED = "unfinished"
# As the root directory of Debian has them. Packages may have files below either name.
LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


@contextmanager
def new_tree(directory: Path) -> Iterator[Path]:
    """Provide a copy of the current tree, which becomes the current one if there is no exception.

    Files are shared with the earlier one: replace them, and never write to one. The earlier tree is kept for the
    programs that are running in it; those before it are deleted.
    """
    directory.mkdir(MODE, parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = directory / UNFINISHED
        shutil.rmtree(made, ignore_errors=True)
        try:
            _copy(directory / CURRENT, made)
            yield made
            _make_harmless(made)
            _publish(directory, made)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _copy(current: Path, made: Path) -> None:
    if current.is_dir():
        shutil.copytree(current.resolve(), made, symlinks=True, copy_function=os.link)
        return
    made.mkdir(MODE)
    for name in LINKS:
        (made / "usr" / name).mkdir(MODE, parents=True)
        (made / name).symlink_to(f"usr/{name}")


def _make_harmless(tree: Path) -> None:
    """Remove the bits with which a file would run as the owner of the tree, and let all users read."""
    for folder, _, names in os.walk(tree):
        for path in (Path(folder), *(Path(folder, name) for name in names)):
            status = path.lstat()
            mode = stat.S_IMODE(status.st_mode)
            readable = mode | 0o444 | (0o111 if mode & 0o100 else 0)
            harmless = readable & ~(stat.S_ISUID | stat.S_ISGID | stat.S_IWGRP | stat.S_IWOTH)
            if not stat.S_ISLNK(status.st_mode) and harmless != mode:
                path.chmod(harmless)


def _publish(directory: Path, made: Path) -> None:
    numbers = sorted(int(path.name) for path in directory.iterdir() if path.name.isdecimal())
    number = numbers[-1] + 1 if numbers else 1
    made.rename(directory / str(number))
    link = directory / f"{CURRENT}.{UNFINISHED}"
    link.unlink(missing_ok=True)
    link.symlink_to(str(number))
    link.replace(directory / CURRENT)
    for earlier in numbers[:-1]:
        shutil.rmtree(directory / str(earlier), ignore_errors=True)
