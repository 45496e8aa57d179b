"""Which directory can be the environment of Python as a native program. Standard library only."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

INTERPRETER = "bin/python3"
# The sandbox has directories of its own there, or nothing of them must be seen.
REFUSED = tuple(map(Path, ("/box", "/dev", "/etc", "/proc", "/program", "/run", "/sys", "/tmp")))  # noqa: S108 - names
SYSTEM = Path("/usr")


def native_python(kept: Sequence[Path]) -> Callable[[str], Path]:
    """Return a function that reads the path of an environment, in which none of the directories `kept` may be."""

    def parse(text: str) -> Path:
        path = Path(os.path.normpath(text))
        if not path.is_absolute() or path.resolve() != path or not os.access(path / INTERPRETER, os.X_OK):
            raise ValueError(f"must be the absolute path of a directory with {INTERPRETER}, without links.")
        if any(path.is_relative_to(directory) for directory in REFUSED):
            raise ValueError(f"must not be below {', '.join(map(str, REFUSED))}.")
        if path == SYSTEM or any(directory.resolve().is_relative_to(path) for directory in (*kept, SYSTEM)):
            raise ValueError("must be a directory of its own, with nothing of the system or of this service in it.")
        interpreter = (path / INTERPRETER).resolve()
        if not any(interpreter.is_relative_to(directory) for directory in (path, SYSTEM)):
            raise ValueError(f"must have been made by an interpreter in {SYSTEM}, or have its own.")
        return path

    return parse
