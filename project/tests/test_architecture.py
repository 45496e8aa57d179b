"""The conventions that a linter cannot hold: each test names what was forgotten."""

import ast
import re

import pytest

from project.api import openapi
from project.config import ROOT
from project.settings.declarations import SETTINGS, settings_page
from project.tests.commits import not_permitted
from project.web.auth import Access
from project.web.rate_limits import Limit

SOURCES = sorted((ROOT / "project").rglob("*.py")) + sorted((ROOT / "migrations").rglob("*.py"))
PRODUCT = [path for path in SOURCES if "tests" not in path.parts]
MAX_LINES = 400  # split a file at 300 already

# The parts of one page, which the page describes, and the pages of the web client.
NOT_DESCRIBED = {"docs.read_docs_file", "client.lead_to_client", "client.read_client_file"}


def name(path):
    return str(path.relative_to(ROOT))


def violations(paths, find):
    """Return what a function finds in the files, for those in which it finds something."""
    found = {name(path): find(path) for path in paths}
    return {file: what for file, what in found.items() if what}


def test_every_view_declares_its_access(shared_app):
    undeclared = [endpoint for endpoint, view in shared_app.view_functions.items() if not hasattr(view, "access")]
    assert undeclared == []


def test_a_view_that_declares_no_access_is_refused(make_app):
    app = make_app()
    app.add_url_rule("/forgotten", view_func=lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 401
    assert "secret" not in answer.text


def test_every_route_is_described(shared_app):
    paths = openapi.build(shared_app)["paths"]
    for rule in shared_app.url_map.iter_rules():
        if rule.endpoint not in NOT_DESCRIBED:
            described = paths[re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)]
            assert {method.upper() for method in described} >= rule.methods - {"HEAD", "OPTIONS"}


def test_every_write_has_a_rate_limit(shared_app):
    for rule in shared_app.url_map.iter_rules():
        view = shared_app.view_functions[rule.endpoint]
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            assert view.operation.limit is not Limit.NONE, rule.endpoint


def test_only_these_writes_are_open_to_anybody(shared_app):
    open_writes = {
        rule.rule
        for rule in shared_app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        and not shared_app.view_functions[rule.endpoint].access.token
    }
    assert open_writes == {"/auth/register", "/auth/login"}


def test_access_is_one_of_a_few_kinds(shared_app):
    assert all(isinstance(view.access, Access) for view in shared_app.view_functions.values())


def is_too_long(text):
    return len(text.splitlines()) > MAX_LINES


def test_files_are_short():
    assert violations(SOURCES, lambda path: is_too_long(path.read_text())) == {}


def test_a_file_of_400_lines_is_short_and_one_of_401_is_not():
    assert not is_too_long("pass\n" * 400)
    assert is_too_long("pass\n" * 401)


def test_only_views_tasks_and_commands_commit():
    # test_commits.py has examples of what is found.
    assert violations(PRODUCT, lambda path: not_permitted(name(path), path.read_text())) == {}


def hidden_imports(source):
    """Return the lines of the imports inside functions."""
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    nodes = [node for function in functions for node in ast.walk(function)]
    return [node.lineno for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def test_no_import_hides_in_a_function():
    assert violations(PRODUCT, lambda path: hidden_imports(path.read_text())) == {}


@pytest.mark.parametrize("source", ["def f():\n    import os", "async def f():\n    from os import path"])
def test_an_import_in_a_function_is_found(source):
    assert hidden_imports(source) == [2]


TESTED = re.compile(r"""["']TESTING["']|\.testing\b|\bPYTEST_|["']pytest["'] in sys|modules\.get\(["']pytest["']""")


def test_the_product_does_not_know_that_it_is_tested():
    assert violations(PRODUCT, lambda path: TESTED.search(path.read_text())) == {}


@pytest.mark.parametrize(
    "source",
    [
        "if app.config['TESTING']:",
        'if current_app.config.get("TESTING"):',
        "if app.testing:",
        "if 'PYTEST_CURRENT_TEST' in os.environ:",
        "if 'pytest' in sys.modules:",
        "if sys.modules.get('pytest'):",
    ],
)
def test_a_module_that_checks_whether_it_is_tested_is_found(source):
    assert TESTED.search(source)


def test_the_parts_of_the_application_see_a_request_in_their_order(make_app):
    app = make_app(CORS_ORIGINS=["https://learn.example.org"])
    before = [function.__name__ for function in app.before_request_funcs[None]]
    after = [function.__name__ for function in reversed(app.after_request_funcs[None])]  # as Flask calls them
    assert before == ["start_request", "raise_earlier_error", "check_access"]
    assert after == ["finish", "cors_after_request", "add_headers", "finish_request"]


def test_every_module_has_a_docstring():
    silent = [name(path) for path in PRODUCT if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_settings_are_documented():
    assert (ROOT / "docs" / "settings.md").read_text() == settings_page()


def test_settings_have_one_name_each():
    names = [setting.name for setting in SETTINGS]
    assert len(names) == len(set(names))


def test_every_decision_record_has_its_parts():
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert records
    for record in records:
        assert {"## Context", "## Decision", "## Consequences"} <= set(record.read_text().splitlines()), record.name
