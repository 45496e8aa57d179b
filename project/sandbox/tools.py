"""The programs that native languages need: those of the host, and those that its operator installed without root.

The latter are in a tree that has the paths of the root directory: `usr/bin/gcc`. In the sandbox its files cover those
of the host. No tree ever changes: who installs a program makes another one, and replaces the link to the current one.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

DIRECTORIES = ("/usr/local/bin", "/usr/bin", "/bin")
CURRENT = "current"
PYTHON = "python3"
MAX_LINKS = 40  # as the kernel follows


@dataclass(frozen=True, slots=True)
class Tools:
    """Finds programs by name. `directory` has the trees, if there can be any; `current` is one of them, or a link.

    `python` is an environment of Python that is used in place of the host's `python3`.
    """

    directory: Path | None = None
    current: str = CURRENT
    python: Path | None = None

    def tree(self) -> str | None:
        """Return the path of the current tree, if there is one."""
        if self.directory is None:
            return None
        path = self.directory / self.current
        try:
            return str(path.with_name(os.readlink(path)))  # noqa: PTH115 - faster
        except OSError:
            return str(path) if path.is_dir() else None

    def find(self, name: str) -> str | None:
        """Return the path of a program in the sandbox, without links; None if it is not installed.

        Without /proc, the JVM does not find its files from a link.
        """
        if name == PYTHON and self.python is not None:
            # Not without links: Python finds its environment by the path by which it is started.
            interpreter = str(self.python / "bin" / PYTHON)
            return interpreter if os.access(interpreter, os.X_OK) else None
        tree = self.tree()
        if tree is None:
            found = shutil.which(name, path=os.pathsep.join(DIRECTORIES))
            return found and os.path.realpath(found)
        for directory in DIRECTORIES:
            path = _without_links(f"{directory}/{name}", (tree, ""))
            file = path and _file(path, (tree, ""))
            if file and os.path.isfile(file) and os.access(file, os.X_OK):  # noqa: PTH113 - texts throughout
                return path
        return None

    def overlays(self, patterns: Sequence[str]) -> dict[str, str]:
        """Return the directories and files of the current tree that patterns match, by their path in the sandbox."""
        tree = self.tree()
        return dict(_matches(Path(tree), patterns)) if tree else {}


def _matches(tree: Path, patterns: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        for path in tree.glob(pattern):
            if not path.is_symlink():
                yield f"/{path.relative_to(tree)}", str(path)


def _file(path: str, roots: Sequence[str]) -> str | None:
    """Return the file at a path, in the first root that has one."""
    return next((root + path for root in roots if os.path.lexists(root + path)), None)


def _without_links(path: str, roots: Sequence[str]) -> str | None:
    """Return a path with all links replaced by what they point to; None if there is no such file."""
    done, waiting, links = "", path.split("/")[:0:-1], 0
    while waiting:
        part = waiting.pop()
        if part in ("", ".", ".."):
            done = os.path.dirname(done) if part == ".." else done  # noqa: PTH120 - texts throughout
            continue
        file = _file(f"{done}/{part}", roots)
        if file is None:
            return None
        if not os.path.islink(file):  # noqa: PTH114 - texts throughout
            done = f"{done}/{part}"
            continue
        links += 1
        target = os.readlink(file)  # noqa: PTH115 - texts throughout
        if links > MAX_LINKS:
            return None
        done = "" if target.startswith("/") else done
        waiting += target.split("/")[::-1]
    return done
