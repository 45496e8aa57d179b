"""The contracts of import-linter in pyproject.toml cover every module, and a wrong import breaks them."""

import ast
import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from project.config import ROOT
from project.tests.test_architecture import PRODUCT, name

CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
OUTSIDE = [f"project.sandbox.{path.stem}" for path in (ROOT / "project" / "sandbox").glob("[!_]*.py")]
SANDBOX = [path for path in PRODUCT if "sandbox" in path.parts]
VIEWS = [".".join(Path(name(path)).with_suffix("").parts) for path in PRODUCT if path.name == "views.py"]
# By the contract that it breaks: what a module imports.
WRONG = [
    ("layers", "project.web.roles", "project.front.server"),
    ("models", "project.api.scores.models", "project.web.auth"),
    ("models", "project.api.scores.queries", "project.api.scores.bulk.schemas"),
    ("judging", "project.judging.judge", "sqlalchemy"),
    ("schemas", "project.api.scores.bulk.schemas", "project.extensions"),
    *(("inside", "project.sandbox.inside.main", module) for module in OUTSIDE),
    *(("resources", importer, module) for importer, module in itertools.pairwise(VIEWS)),
]


def not_in_layers(modules, layers):
    """Return the modules that are in no layer."""
    known = [module for layer in layers for module in re.split(r" [|:] ", layer)]
    return [module for module in modules if not any(f"{module}.".startswith(f"{one}.") for one in known)]


def is_empty(path):
    return all(isinstance(node, ast.Expr) for node in ast.parse(path.read_text()).body)


def test_every_module_is_in_a_layer():
    # A package that is in several layers has nothing in itself.
    paths = [path for path in PRODUCT if "migrations" not in path.parts and not is_empty(path)]
    modules = [".".join(Path(name(path)).with_suffix("").parts) for path in paths]
    assert not_in_layers(modules, CONTRACTS["layers"]["layers"]) == ["project.__init__"]


def test_a_module_in_no_layer_is_found():
    layers = ["project.cli", "project.web.auth | project.front"]
    modules = ["project.cli.main", "project.web.auth", "project.web.authors", "project.front"]
    assert not_in_layers(modules, layers) == ["project.web.authors"]


def libraries(source):
    """Return the packages that a module imports, but for the standard library and its own package."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    packages = {one.partition(".")[0] for one in names if not f"{one}.".startswith("project.sandbox.")}
    return packages - sys.stdlib_module_names


@pytest.mark.parametrize("path", SANDBOX, ids=name)
def test_the_sandbox_imports_the_standard_library_only(path):
    assert libraries(path.read_text()) == set()


@pytest.mark.parametrize("source", ["import orjson", "from project import config", "def f():\n    import re2._re2"])
def test_another_import_of_the_sandbox_is_found(source):
    assert libraries(source)


@pytest.fixture(scope="module")
def broken_contracts(tmp_path_factory):
    """Check a copy of the product in which modules import what they must not; return what import-linter prints."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "project", copy / "project", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for _, importer, imported in WRONG:
        with Path(copy, *importer.split(".")).with_suffix(".py").open("a") as file:
            file.write(f"import {imported}\n")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_each_contract_is_broken_by_a_wrong_import(broken_contracts):
    assert {contract for contract, _, _ in WRONG} == set(CONTRACTS)
    assert f"Contracts: 0 kept, {len(CONTRACTS)} broken." in broken_contracts


@pytest.mark.parametrize(("contract", "importer", "imported"), WRONG)
def test_a_wrong_import_is_found(broken_contracts, contract, importer, imported):
    names = "|".join(re.escape(contract["name"]) for contract in CONTRACTS.values())
    sections = re.split(rf"^({names})\n-+$", broken_contracts, flags=re.MULTILINE)
    details = dict(zip(sections[1::2], sections[2::2], strict=True))[CONTRACTS[contract]["name"]]
    assert f"{importer} -> {imported} " in details
