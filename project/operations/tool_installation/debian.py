"""Debian packages. apt-get verifies them by the signatures of the distribution, also without root."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from project.operations.tool_installation.commands import run

# Not needed to compile anything, and half of some packages.
LEFT_OUT = ("./usr/share/doc", "./usr/share/man", "./usr/share/info", "./usr/share/locale", "./usr/share/lintian")
STATUS = "/var/lib/dpkg/status"  # what the host has is not downloaded again


def is_root() -> bool:
    """Whether packages can be installed for the host."""
    return os.geteuid() == 0


def can_install() -> bool:
    """Whether the host has apt-get."""
    return shutil.which("apt-get") is not None


def can_unpack() -> bool:
    """Whether the host has what it takes to unpack packages without root."""
    return all(shutil.which(program) for program in ("apt-get", "dpkg-deb", "tar"))


def install(packages: Sequence[str]) -> None:
    """Install packages for the host. Raises InstallationFailed."""
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "--yes", "--no-install-recommends", *packages])


def unpack(packages: Sequence[str], tree: Path, directory: Path) -> None:
    """Download packages, with those that they need and the host lacks, and unpack them. Raises InstallationFailed.

    Their installation scripts do not run. `directory` is for the lists of packages, which are downloaded too.
    """
    apt = directory / "apt"
    archives = apt / "cache" / "archives"
    shutil.rmtree(archives, ignore_errors=True)
    for folder in (apt / "state" / "lists" / "partial", archives / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    options = {
        "Dir::State": apt / "state",
        "Dir::State::status": STATUS,
        "Dir::Cache": apt / "cache",
        "Debug::NoLocking": "true",  # of the host's database, which does not change
        "APT::Keep-Downloaded-Packages": "true",
    }
    command = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    try:
        run([*command, "update"])
        run([*command, "install", "--download-only", "--yes", "--no-install-recommends", *packages])
        for archive in sorted(archives.glob("*.deb")):
            _unpack(archive, tree)
    finally:
        shutil.rmtree(archives, ignore_errors=True)


def _unpack(archive: Path, tree: Path) -> None:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as contents:  # noqa: S603, S607
        excluded = [f"--exclude={path}" for path in LEFT_OUT]
        command = ["tar", "--extract", f"--directory={tree}", "--keep-directory-symlink", "--no-same-owner", *excluded]
        run(command, stdin=contents.stdout)
