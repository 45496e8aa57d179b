"""Of libraries, the product uses public names alone, and replaces nothing in them: an upgrade may change the rest."""

import ast
import sys

import pytest

from project.tests.test_architecture import PRODUCT, name

# A module whose only name is private: QuickJS's binding has no other.
NAMED_SO = {"_quickjs"}
# Whose purpose it is that one sets attributes, as their documents say.
TAKE_ATTRIBUTES = {"flask.g", "flask.request", "flask.Flask()", "re2.Options()"}
# Private by its look, but documented: what stands behind a proxy of Werkzeug's.
DOCUMENTED = {"current_app._get_current_object"}


def is_library(module):
    return module.partition(".")[0] not in sys.stdlib_module_names | {"project"}


def is_private(word):
    return word.startswith("_") and not (word.startswith("__") and word.endswith("__"))


def imported(tree):
    """Yield the imports of libraries: the full name, and the name that it has here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if is_library(alias.name):
                    yield alias.name, alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and not node.level and is_library(node.module):
            for alias in node.names:
                yield f"{node.module}.{alias.name}", alias.asname or alias.name


def made(tree):
    """Yield the variables that hold an object which `maker()` made, and the maker's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            maker = node.value.func.id
            yield from ((target.id, maker) for target in node.targets if isinstance(target, ast.Name))


def root(node):
    """Return the name that `a.b.c` begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def targets(node):
    """Return what a statement assigns to, or deletes."""
    found = getattr(node, "targets", None) or [getattr(node, "target", None)]
    return [one for one in found if isinstance(one, ast.Attribute)]


def private_names(source):
    """Return the private names of libraries that a module uses, and what of theirs it replaces."""
    tree = ast.parse(source)
    names = {here: full for full, here in imported(tree)}
    names |= {here: f"{names[maker]}()" for here, maker in made(tree) if maker in names and here not in names}
    names = {here: full for here, full in names.items() if full not in TAKE_ATTRIBUTES}
    found = [
        full
        for full in names.values()
        if any(is_private(word) for word in full.split(".")) and full.partition(".")[0] not in NAMED_SO
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and root(node) in names:
            found.append(ast.unparse(node))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
            found += [f"{ast.unparse(one)} = …" for one in targets(node) if root(one) in names]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"getattr", "setattr", "delattr"}:
            is_theirs = root(node.args[0]) in names
            word = node.args[1].value if isinstance(node.args[1], ast.Constant) else None
            if is_theirs and (node.func.id != "getattr" or word is None or is_private(word)):
                found.append(ast.unparse(node))
    return [one for one in found if one not in DOCUMENTED]


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_of_libraries_only_public_names_are_used_and_none_is_replaced(path):
    assert private_names(path.read_text()) == []


WRONG = {
    "a private module": "from granian._granian import WorkerSignal",
    "a private name": "from granian.server.mp import _wsgi_call_wrap",
    "a private attribute": "import granian\ngranian.server._loops",
    "through getattr": "from granian.server import mp\ngetattr(mp, '_wsgi_call_wrap')",
    "through a name that is not said": "from granian.server import mp\ngetattr(mp, RUNNER_MAKER)",
    "a replaced function": "import granian.server\ngranian.server.mp.serve = None",
    "a replaced method": "from granian import Granian\nGranian.serve = lambda self: None",
    "an object's attribute": "from granian import Granian\nserver = Granian('x')\nserver.respawned_wrks = {}",
    "setattr": "from granian import Granian\nsetattr(Granian, 'serve', None)",
}
RIGHT = {
    "public": "from granian.server.embed import Server\nServer('x').serve()",
    "one's own": "from project.front import worker\nworker._serve()",
    "the standard library": "import os\nos._exit(0)",
    "a special name": "import granian\ngranian.__version__",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_what_is_private_is_found(source):
    assert private_names(source)


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_what_is_public_is_not(source):
    assert private_names(source) == []
