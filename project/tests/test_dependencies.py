"""A fresh installation has every package that the service imports."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement

from project.config import ROOT


def normal(name):
    """Return the normalised name of a distribution at the start of a requirement (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name).group()).lower()


def imported():
    """Return the top-level packages that the service itself imports, not its tests."""
    tests = ROOT / "project" / "tests"
    sources = [path for path in (ROOT / "project").rglob("*.py") if not path.is_relative_to(tests)]
    names = set()
    for path in [*sources, ROOT / "manage.py", *(ROOT / "migrations").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"project"}


def test_every_imported_package_is_locked():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    locked = {normal(line) for line in lines if re.match(r"\w", line)}
    distributions = packages_distributions()
    assert not {name for name in imported() if not {normal(text) for text in distributions.get(name, [])} & locked}


def test_every_dependency_has_an_upper_bound_and_the_locked_version_is_within():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    requirements = [Requirement(text) for text in wanted]
    unbounded = [one.name for one in requirements if not {"<", "<=", "==", "~="} & {s.operator for s in one.specifier}]
    assert unbounded == []
    lock = (ROOT / "requirements.txt").read_text()
    locked = {normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)}
    assert [one.name for one in requirements if locked[normal(one.name)] not in one.specifier] == []
