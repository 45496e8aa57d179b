"""How each language can be installed on this host, and its installation."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from project.judging.native_languages import NativeLanguage
from project.operations.tool_installation import debian, wheels
from project.operations.tool_installation.commands import InstallationFailed, run
from project.operations.tool_installation.trees import MODE, new_tree
from project.sandbox.native import HOST_TOOLS
from project.sandbox.tools import Tools


class Way(StrEnum):
    """A way to install programs."""

    HOST = "Debian packages"
    UNPACKED = "Debian packages, unpacked below DATA_DIR"
    WHEELS = "Python wheels, unpacked below DATA_DIR"


class Plan(NamedTuple):
    """How a language is installed."""

    language: NativeLanguage
    way: Way
    packages: Sequence[str]


def plan(language: NativeLanguage) -> Plan:
    """Return how a language can be installed here. Raises InstallationFailed if there is no way."""
    packages, wheel = language.install.get("apt", ()), language.install.get("pip", ())
    if packages and debian.can_install() and debian.is_root():
        return Plan(language, Way.HOST, packages)
    if packages and debian.can_unpack():
        return Plan(language, Way.UNPACKED, packages)
    if wheel:
        return Plan(language, Way.WHEELS, wheel)
    needed = "apt-get, dpkg-deb and tar" if packages else "an installation by hand"
    raise InstallationFailed(f"{language.title} needs {needed}; there is no Python wheel of it.")


def install(plans: Sequence[Plan], directory: Path) -> None:
    """Install languages; `directory` has the trees. All are installed, or none. Raises InstallationFailed."""
    for_host = [one for one in plans if one.way is Way.HOST]
    if for_host:
        debian.install(_packages(for_host))
        for one in for_host:
            _prepare(one.language, HOST_TOOLS)
    unpacked = [one for one in plans if one.way is not Way.HOST]
    if not unpacked:
        return
    with new_tree(directory) as tree:
        if packages := _packages(one for one in unpacked if one.way is Way.UNPACKED):
            debian.unpack(packages, tree, directory)
        for wheel in _packages(one for one in unpacked if one.way is Way.WHEELS):
            wheels.unpack(wheel, tree)
        for one in unpacked:
            _link_programs(one.language, tree)
            _prepare(one.language, Tools(tree.parent, tree.name))


def _packages(plans: Iterable[Plan]) -> list[str]:
    return list(dict.fromkeys(package for one in plans for package in one.packages))


def _link_programs(language: NativeLanguage, tree: Path) -> None:
    """Link the programs of a language that its packages have in other directories than those which are searched.

    The installation scripts of packages do so, which have not run.
    """
    for name, patterns in language.programs.items():
        found = next((path for pattern in patterns for path in sorted(tree.glob(pattern))), None)
        link = tree / "usr/local/bin" / name
        if found is not None:
            link.parent.mkdir(MODE, parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(f"/{found.relative_to(tree)}")


def _prepare(language: NativeLanguage, tools: Tools) -> None:
    """Run the command that completes the installation of a language."""
    tool = tools.find(language.version[0])
    if language.prepare and tool is not None:
        root = tools.tree() or ""
        home = Path(root + tool).parent.parent
        if home.is_dir():  # it is part of the installation, not of the host's
            run(language.prepare, directory=home)
