"""The conventions that a linter cannot hold: each test names what was forgotten."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from project.api import openapi
from project.config import ROOT
from project.settings.declarations import SETTINGS, settings_page
from project.web.auth import Access
from project.web.rate_limits import Limit

SOURCES = sorted((ROOT / "project").rglob("*.py")) + sorted((ROOT / "migrations").rglob("*.py"))
PRODUCT = [path for path in SOURCES if "tests" not in path.parts]
MAX_LINES = 300

# The parts of one page, which the page describes, and the pages of the web client.
NOT_DESCRIBED = {"docs.read_docs_file", "client.lead_to_client", "client.read_client_file"}
# Where a transaction may end: views, the tasks of workers, and commands.
MAY_COMMIT = re.compile(r"views\.py|tasks\.py|cli/")


def name(path):
    return str(path.relative_to(ROOT))


def calls(path):
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]


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
            assert re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) in paths


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


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_files_are_short(path):
    assert len(path.read_text().splitlines()) <= MAX_LINES


def test_every_module_is_in_a_layer():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == "layers")
    known = [module for layer in layers for module in re.split(r" [|:] ", layer)]
    modules = [".".join(Path(name(path)).with_suffix("").parts) for path in PRODUCT if "migrations" not in path.parts]
    # A package that is in several layers has nothing in itself.
    assert [
        module
        for module in modules
        if module != "project.__init__"
        and not any(f"{module}.".startswith(f"{one}.") for one in known)
        and not _is_empty(ROOT.joinpath(*module.split(".")).with_suffix(".py"))
    ] == []


def _is_empty(path):
    return all(isinstance(node, ast.Expr) for node in ast.parse(path.read_text()).body)


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_only_views_tasks_and_commands_commit(path):
    commits = [node.lineno for node in calls(path) if getattr(node.func, "attr", "") == "commit"]
    assert not commits or MAY_COMMIT.search(name(path)), f"{name(path)}, lines {commits}"


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_no_import_hides_in_a_function(path):
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    hidden = [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_the_product_does_not_know_that_it_is_tested(path):
    assert not re.search(r"""config\[["']TESTING|\.testing\b""", path.read_text())


def test_the_parts_of_the_application_see_a_request_in_their_order(make_app):
    app = make_app(CORS_ORIGINS=["https://learn.example.org"])
    before = [function.__name__ for function in app.before_request_funcs[None]]
    after = [function.__name__ for function in reversed(app.after_request_funcs[None])]  # as Flask calls them
    assert before == ["start_request", "raise_earlier_error", "check_access"]
    assert after == ["finish", "cors_after_request", "add_headers", "finish_request"]


def test_every_module_says_what_it_is_for():
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
