"""Exercises in a compiled language: what an author can choose, and how a learner finds the place of an error.

The responses about the language are fixed ones, so that no compiler is needed.
"""

import re

import pytest
from playwright.sync_api import expect

from project.tests.browser.conftest import admin_password

pytestmark = pytest.mark.long

CODE = "int main(void) {\n    return count;\n}\n"
MESSAGE = "'count' undeclared (first use in this function)"
WARNING = "'count' is used uninitialized"
PRINTED = f"main.c: In function 'main':\nmain.c:2:12: error: {MESSAGE}\n"


PYTHON = {
    "name": "python",
    "title": "Python",
    "suffix": ".py",
    "kinds": ["call", "stdin", "stdout", "unittest"],
    "has_files": True,
    "available": True,
    "version": "3.11.2",
    "isolation_level": 3,
    "missing": None,
    "install": {},
}
C = PYTHON | {"name": "c", "title": "C", "suffix": ".c", "kinds": ["stdin"]}
GO = C | {"name": "go", "title": "Go", "available": False, "missing": "Go is not installed."}

IN_C = {"language": "c"}


def fixed_languages(route):
    route.fulfill(json={"status": "success", "data": {"languages": [PYTHON, C, GO]}})


def exercise_in_c(route):
    response = route.fetch()
    body = response.json()
    route.fulfill(response=response, json=body | {"data": body["data"] | {"language": "c"}})


def judged_as_python(route):
    """Let the service judge the answer in the language that the exercise really has."""
    return route.fetch(post_data=route.request.post_data_json | {"language": None})


def compile_error(route):
    """Respond with the verdict on an answer that does not compile, in the form of the real response."""
    response = judged_as_python(route)
    body = response.json()
    first, *others = body["data"]["cases"]
    nothing = {"points": 0, "expected": None, "actual": None, "output": "", "error": None, "call": None}
    cases = [first | nothing | {"verdict": "compile_error", "error": PRINTED}]
    cases += [case | nothing | {"verdict": "not_run"} for case in others]
    place = {"file": "main.c", "line": 2, "column": 12, "severity": "error", "message": MESSAGE}
    data = body["data"] | {"verdict": "compile_error", "points": 0, "cases": cases, "diagnostics": [place]} | IN_C
    route.fulfill(response=response, json=body | {"data": data})


def warning(route):
    """Respond with the verdict on an answer that is accepted with a warning."""
    response = judged_as_python(route)
    body = response.json()
    place = {"file": "main.c", "line": 2, "column": None, "severity": "warning", "message": WARNING}
    data = body["data"] | {"verdict": "accepted", "diagnostics": [place]} | IN_C
    route.fulfill(response=response, json=body | {"data": data})


@pytest.fixture
def page(visitor):
    visitor.page.route(re.compile("/languages$"), fixed_languages)
    return visitor.page


def test_an_error_of_the_compiler_is_shown_and_marked_at_its_place(visitor, page):
    page.route(re.compile("(?<!/app)/exercises/1$"), exercise_in_c)
    page.route(re.compile("/evaluations$"), compile_error)
    visitor.register("compiles")
    visitor.open("exercises/1")
    expect(page.get_by_role("textbox", name="Your C code")).to_be_visible()
    visitor.write(CODE)
    page.get_by_role("button", name="Run").click()
    result = page.get_by_role("region", name="Result")
    expect(result).to_contain_text("This does not compile.")
    expect(result.get_by_role("figure", name="Messages of the compiler")).to_contain_text(MESSAGE)
    mark = page.locator(".cm-lintRange-error")
    expect(mark).to_have_text("count")
    mark.hover()
    expect(page.locator(".cm-tooltip")).to_contain_text(MESSAGE)
    visitor.picture("exercise-compile-error")

    page.unroute(re.compile("/evaluations$"))
    page.get_by_role("button", name="Run").click()
    expect(mark).to_have_count(0)  # of the next result

    page.route(re.compile("/evaluations$"), warning)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".cm-lintRange-warning")).to_have_text("return count;")
    expect(result.get_by_role("region", name="Warnings of the compiler")).to_contain_text(f"main.c:2 {WARNING}")


def test_an_author_can_choose_available_languages_and_their_kinds_of_test_cases(visitor, page, service):
    visitor.log_in("admin@localhost", admin_password(service))
    visitor.open("teach/exercises/new")
    language, kind = page.get_by_label("Language", exact=True), page.get_by_label("Kind", exact=True)
    expect(language.get_by_role("option")).to_have_text(["Python", "C"])
    expect(kind.get_by_role("option")).to_have_count(4)
    language.select_option("C")
    expect(kind.get_by_role("option")).to_have_text(["Input: compare what is printed"])
    page.get_by_role("button", name="Add test case").click()
    expect(kind).to_have_count(2)
    expect(page.get_by_label("Function")).to_have_count(0)
