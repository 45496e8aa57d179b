"""Of libraries, the product uses public names alone, and replaces nothing in them: an upgrade may change the rest."""

import importlib
import inspect
import sys
from functools import cache
from pathlib import Path

import pytest

from project.tests.public_names import DOCUMENTED, private_definitions, private_names
from project.tests.test_architecture import PRODUCT, name, violations

IMPORTABLE = [path for path in PRODUCT if not {"migrations", "inside"} & set(path.parts)]


@cache
def defined_in(folder):
    """Return the private names that the modules of a folder define."""
    return frozenset().union(*(private_definitions(one.read_text()) for one in folder.glob("*.py")))


def private_names_in(path):
    return private_names(path.read_text(), defined_in(path.parent), is_sandbox="inside" in path.parts)


def test_of_libraries_only_public_names_are_used_and_none_is_replaced():
    assert violations(PRODUCT, private_names_in) == {}


def overridden(class_):
    """Return the private methods of libraries' classes that a class replaces by its own."""
    theirs = [one for one in class_.__mro__[1:] if one.__module__.partition(".")[0] not in KNOWN]
    methods = {word for one in theirs for word, value in vars(one).items() if callable(value) and is_single(word)}
    return methods & set(vars(class_)) - DOCUMENTED


KNOWN = {"project", *sys.stdlib_module_names}


def is_single(word):
    return word.startswith("_") and not word.startswith("__")


def overridden_in(path):
    """Return, by class of a module, the private methods of libraries' classes that it replaces."""
    module = importlib.import_module(".".join(Path(name(path)).with_suffix("").parts))
    classes = [one for one in vars(module).values() if inspect.isclass(one) and one.__module__ == module.__name__]
    return {one.__name__: overridden(one) for one in classes if overridden(one)}


def test_no_class_overrides_a_private_method_of_a_library():
    assert violations(IMPORTABLE, overridden_in) == {}


def test_an_overridden_private_method_is_found():
    import_ = importlib.import_module("urllib3.poolmanager")
    forgotten = type("Forgotten", (import_.PoolManager,), {"_new_pool": None, "urlopen": None})
    assert overridden(forgotten) == {"_new_pool"}


WRONG = {
    "a private module": "from granian._granian import WorkerSignal",
    "a private name": "from granian.server.mp import _wsgi_call_wrap",
    "a private attribute": "import granian\ngranian.server._loops",
    "a private attribute of what a call returns": "from granian import Granian\nGranian('x')._serve()",
    "a private attribute of a variable": "from granian import Granian\nserver = Granian('x')\nserver._serve()",
    "a private attribute of what a function made": "import psycopg\nwith psycopg.connect() as c:\n    c._wait()",
    "a private attribute of an awaited object": (
        "import psycopg\nasync def f():\n    c = await psycopg.AsyncConnection.connect()\n    c._wait()"
    ),
    "a private attribute of a parameter": "import psycopg\ndef f(c: psycopg.Connection):\n    return c._wait",
    "a private attribute of an attribute": (
        "import psycopg\nclass A:\n    def __init__(self):\n        self._c = psycopg.connect()\n"
        "    def wait(self):\n        self._c._wait()"
    ),
    "a private attribute of whatever object": "def f(connection):\n    return connection._wait",
    "a private method of a base class": (
        "import urllib3\nclass A(urllib3.PoolManager):\n    def f(self):\n        return self._new_pool()"
    ),
    "a private method of super": (
        "import urllib3\nclass A(urllib3.PoolManager):\n    def f(self):\n        return super()._new_pool()"
    ),
    "through getattr": "from granian.server import mp\ngetattr(mp, '_wsgi_call_wrap')",
    "through a name that is not said": "from granian.server import mp\ngetattr(mp, RUNNER_MAKER)",
    "through attrgetter": "from operator import attrgetter\nattrgetter('_wait')(connection)",
    "a replaced function": "import granian.server\ngranian.server.mp.serve = None",
    "a replaced method": "from granian import Granian\nGranian.serve = lambda self: None",
    "one of several that are replaced": "import granian\ngranian.a, other = 1, 2",
    "replaced by a loop": "import granian\nfor granian.workers in (1, 2):\n    pass",
    "replaced by an operator": "import granian\ngranian.workers += 1",
    "deleted": "import granian\ndel granian.workers",
    "an object's attribute": "from granian import Granian\nserver = Granian('x')\nserver.respawned_wrks = {}",
    "an attribute of an attribute": (
        "import granian\nclass A:\n    def f(self):\n"
        "        self.server = granian.Granian()\n        self.server.workers = 1"
    ),
    "setattr": "from granian import Granian\nsetattr(Granian, 'serve', None)",
    "setattr of a module": "import granian.server\nsetattr(granian.server, 'serve', None)",
    "delattr": "from granian import Granian\ndelattr(Granian, 'serve')",
    "setattr of type": "from granian import Granian\ntype.__setattr__(Granian, 'serve', None)",
    "by the namespace": "import granian\ngranian.__dict__['serve'] = None",
    "by vars": "import granian\nvars(granian)['serve'] = None",
    "by an update of the namespace": "import granian\nvars(granian).update(serve=None)",
    "another module in its place": "import sys\nsys.modules['granian'] = None",
    "the standard library": "import logging\nlogging.info = print",
    "the standard library by setattr": "import logging\nsetattr(logging, 'info', print)",
    "a mock": "from unittest import mock",
    "a patch": "from unittest.mock import patch",
    "pytest": "from pytest import MonkeyPatch",
}
RIGHT = {
    "public": "from granian.server.embed import Server\nServer('x').serve()",
    "one's own module": "from project.front import worker\ndef _serve(): pass\nworker._serve()",
    "one's own attribute": "class A:\n    def f(self, other):\n        self._a = 1\n        return other._a",
    "one's own attribute that holds a library's": (
        "import granian\nclass A:\n    def f(self):\n"
        "        self._server = granian.Granian()\n        self._server.serve()"
    ),
    "the standard library": "import os\nos._exit(0)",
    "a special name": "import granian\ngranian.__version__",
    "a documented name": "def f(row):\n    return row._asdict()",
    "an attribute that is there to be set": "from flask import Response\ndef f(r: Response):\n    r.status_code = 304",
    "one's own namespace": "def f(self):\n    vars(self)['a'] = 1",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_what_is_private_is_found(source):
    assert private_names(source)


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_what_is_public_is_not(source):
    assert private_names(source) == []


def test_learners_code_may_find_the_standard_library_changed():
    assert private_names("import difflib\ndifflib.ndiff = None", is_sandbox=True) == []
