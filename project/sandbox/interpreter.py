"""The interpreter of the zygote, and the files of the host that sandboxed processes may read."""

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MAIN = Path(__file__).parent / "inside" / "main.py"
# -P: the script's directory is not importable; -s -S: nor is anything that was installed. Not -I, which would ignore
# PYTHONHASHSEED: an answer has to behave the same in every run.
FLAGS = ("-P", "-s", "-S", "-B", "-X", "utf8")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "PYTHONHASHSEED": "0"}  # noqa: S108 - that of the sandbox
TIME_ZONES = Path("/usr/share/zoneinfo")
EXTENSIONS = ("_quickjs",)  # compiled modules outside the standard library that languages need
UNPRIVILEGED_USER = "nobody"
# Where the interpreter itself is installed: nothing of a virtual environment is needed or readable.
BASE = {
    "base": sys.base_prefix,
    "installed_base": sys.base_prefix,
    "platbase": sys.base_exec_prefix,
    "installed_platbase": sys.base_exec_prefix,
}


def command() -> list[str]:
    """Return the command of the zygote, with the base interpreter of a virtual environment."""
    executable = getattr(sys, "_base_executable", None) or sys.executable
    return [os.path.realpath(executable), *FLAGS, str(MAIN)]


def setup(level: int) -> Mapping[str, Any]:
    """Return the settings that are sent to the zygote at its start."""
    libraries = sorted({sysconfig.get_path(name, vars=BASE) for name in ("stdlib", "platstdlib")})
    libraries = [os.path.realpath(library) for library in libraries]
    compiled = [os.path.join(library, "lib-dynload") for library in libraries]  # noqa: PTH118 - texts for JSON
    archives = [os.path.realpath(path) for path in sys.path if path.endswith(".zip") and os.path.exists(path)]  # noqa: PTH110
    installed = [os.path.join(library, name) for library in libraries for name in ("site-packages", "dist-packages")]  # noqa: PTH118
    return {
        "level": level,
        "native": False,
        "user": UNPRIVILEGED_USER,
        "path": [*archives, *libraries, *compiled],
        "readable": [*archives, *libraries, *([str(TIME_ZONES)] if TIME_ZONES.is_dir() else [])],
        "hidden": [path for path in installed if os.path.isdir(path)],  # noqa: PTH112
        "overlays": {},
        "extensions": {name: file for name in EXTENSIONS if (file := _file(name))},
    }


def _file(extension: str) -> str | None:
    found = importlib.util.find_spec(extension)
    return found.origin if found else None
