"""Python wheels that contain compilers. pip verifies them by the checksums in `project/judging/toolchains/wheels`."""

import sys
from pathlib import Path

from project.judging.native_languages import DIRECTORY
from project.operations.tool_installation.commands import run

FOLDER = "usr/local/lib/wheels"


def requirements(package: str) -> Path:
    """Return the file with the version and the checksums of a wheel."""
    return DIRECTORY / "wheels" / f"{package}.txt"


def unpack(package: str, tree: Path) -> None:
    """Download a wheel and unpack it, in a folder of its own. Raises InstallationFailed."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    checked = ["--require-hashes", "--only-binary=:all:", "--no-deps", f"--requirement={requirements(package)}"]
    run([*pip, "install", "--upgrade", "--no-compile", f"--target={tree / FOLDER / package}", *checked])
