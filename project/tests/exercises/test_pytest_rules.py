"""Unsupported names of pytest in a test module are refused by their names when the exercise is saved."""

import pytest

from project.api.exercises.pytest_rules import unsupported
from project.sandbox.inside.bridge import pytest_builtin_fixtures, pytest_names, pytest_shim
from project.tests.exercises.conftest import UNITTEST, WITH_CASES

HEAD = "import pytest\nfrom answer import add\n"
REFUSED = {
    "a fixture of pytest": ("def test_a(tmp_path): pass", "The fixture `tmp_path` of pytest is not supported."),
    "in a class": (
        "class TestA:\n    def test_a(self, caplog): pass",
        "The fixture `caplog` of pytest is not supported.",
    ),
    "an unknown fixture": ("def test_a(client): pass", "`test_a` wants a fixture `client`, which there is not."),
    "of a fixture": ("@pytest.fixture\ndef a(b): pass\n", "`a` wants a fixture `b`, which there is not."),
    "beside parameters": (
        "@pytest.mark.parametrize('a, b', [(1, 2)])\ndef test_a(a, b, c): pass",
        "`test_a` wants a fixture `c`, which there is not.",
    ),
    "a name": ("def test_a(): pytest.exit('x')", "`pytest.exit` is not supported."),
    "a name that is imported": ("from pytest import RaisesGroup", "`pytest.RaisesGroup` is not supported."),
    "under another name": (
        "import pytest as pt\nwith pt.RaisesGroup(): pass",
        "`pytest.RaisesGroup` is not supported.",
    ),
    "a method": ("def test_a(monkeypatch): monkeypatch.chdir('/')", "`monkeypatch.chdir` is not supported."),
    "in a TestCase": (
        "import unittest\nclass A(unittest.TestCase):\n    @pytest.fixture\n    def a(self, capsys): pass",
        "`a`: fixtures do not reach a unittest.TestCase; use setUp.",
    ),
    "no Python": ("def test_a(:", "Is no Python (line 3)."),
}
ACCEPTED = [
    "def test_a(capsys, monkeypatch, recwarn, request): monkeypatch.setenv('A', 'b')",
    "@pytest.fixture\ndef a(): pass\n@pytest.fixture(name='b', scope='module')\ndef c(a): pass\ndef test_a(a, b): pass",
    "@pytest.mark.parametrize('a', [1])\n@pytest.mark.parametrize(['b', 'c'], [(1, 2)])\ndef test_a(a, b, c, d=5): 0",
    "NAMES = 'a'\n@pytest.mark.parametrize(NAMES, [1])\ndef test_a(a): pass",
    "from unittest.mock import patch\n@patch('answer.x')\ndef test_a(mocked): pass",
    "pytestmark = [pytest.mark.slow, pytest.mark.parametrize('n', [1])]\ndef test_a(n): pass",
    "class TestA:\n    @pytest.fixture\n    def a(self): return 1\n    def test_a(self, a): pass",
    "class Base: pass\nclass TestA(Base):\n    def test_a(self, unknown): pass",
    "def helper(x): pass\ndef test_a(*args, **more): pass",
    "if __name__ == '__main__':\n    pytest.main()",
    "import unittest\nclass TestA(unittest.TestCase):\n    def test_a(self): pass",
    "def test_a(shared): pass",
]


@pytest.mark.parametrize("name", REFUSED)
def test_unsupported_names_are_reported(name):
    code, sentence = REFUSED[name]
    assert unsupported(HEAD + code, {}) == [sentence]


@pytest.mark.parametrize("code", ACCEPTED)
def test_supported_and_undeterminable_names_are_not_reported(code):
    conftest = "import pytest\n@pytest.fixture\ndef shared(): return 1\n"
    assert unsupported(HEAD + code, {"conftest.py": conftest, "broken.py": "def ("}) == []


def test_such_an_exercise_is_not_saved(client, admin):
    case = UNITTEST | {"code": HEAD + "def test_add(tmp_path): assert add(1, 2) == 3"}
    answer = client.post("/exercises", json={**WITH_CASES, "cases": [case]}, headers=admin.headers)
    assert answer.status_code == 400
    assert answer.json["errors"] == {"cases.0.code": ["The fixture `tmp_path` of pytest is not supported."]}


def test_the_lists_of_names_match_the_implementation():
    public = {name for name in vars(pytest_shim.module()) if not name.startswith("_")}
    assert public == pytest_names.NAMES
    assert pytest_names.FIXTURES.keys() == {*pytest_builtin_fixtures.BUILTIN, "request"}
    for name, kind in (
        ("capsys", pytest_builtin_fixtures.Capture),
        ("monkeypatch", pytest_builtin_fixtures.MonkeyPatch),
    ):
        assert all(hasattr(kind, method) for method in pytest_names.FIXTURES[name])
