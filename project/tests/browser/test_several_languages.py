"""Exercises in several languages: what an author writes for each, and how a learner chooses one."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from project.tests.browser.test_compiled_languages import GO, PYTHON
from project.tests.servers import call

pytestmark = pytest.mark.long

JAVASCRIPT = PYTHON | {"name": "javascript", "title": "JavaScript", "kinds": ["call"], "cpu_factor": 1}
IN_PYTHON, IN_JAVASCRIPT = "def twice(n):\n    return 2 * n\n", "function twice(n) { return 2 * n; }\n"
STARTERS = "def twice(n):\n    pass\n", "function twice(n) {\n}\n"
CASE = {"kind": "call", "name": "two", "function": "twice", "arguments": [2], "expected": 4}


def fixed_languages(route):
    route.fulfill(json={"status": "success", "data": {"languages": [PYTHON, JAVASCRIPT, GO]}})


@pytest.fixture
def page(visitor):
    visitor.page.route(re.compile("/languages$"), fixed_languages)
    return visitor.page


@pytest.fixture
def exercise_id(service, admin_token):
    """Add an exercise in Python and JavaScript, and return its id."""
    further = {"starter": STARTERS[1], "reference_solution": IN_JAVASCRIPT, "cpu_factor": 1.5}
    body = {"exercise_body": "Write `twice(n)`.", "title": f"Twice {secrets.token_hex(2)}", "cases": [CASE]}
    body |= {"starter": STARTERS[0], "languages": {"javascript": further}}
    answer = call(service.url + "/exercises", "POST", body, admin_token)
    assert answer.status == 201, answer.data
    return answer.json()["data"]["id"]


def test_a_learner_chooses_a_language_which_keeps_its_own_text(visitor, page, add_learner, exercise_id):
    visitor.has_session(add_learner(f"chooses-{secrets.token_hex(2)}"))
    visitor.open(f"exercises/{exercise_id}")
    language, editor = page.get_by_label("Language"), page.get_by_role("textbox", name=re.compile("Your .* code"))
    expect(language.get_by_role("option")).to_have_text(["Python", "JavaScript"])
    expect(editor).to_contain_text("def twice(n):")
    expect(page.get_by_text("Each test case may use 2 s of CPU time")).to_be_visible()
    visitor.write(IN_PYTHON)

    language.focus()
    language.select_option("JavaScript")
    expect(page.get_by_role("textbox", name="Your JavaScript code")).to_contain_text("function twice(n) {")
    expect(page.get_by_text("Each test case may use 3 s of CPU time")).to_be_visible()
    expect(language).to_be_focused()
    visitor.write(IN_JAVASCRIPT)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("region", name="Result")).to_contain_text("Correct!")
    visitor.picture("exercise-languages")

    page.reload()
    expect(language).to_have_value("javascript")
    expect(editor).to_contain_text("return 2 * n;")
    language.select_option("Python")
    expect(editor).to_contain_text("return 2 * n")
    expect(editor).to_contain_text("def twice")
    page.get_by_role("button", name="Load the submission").click()
    expect(language).to_have_value("javascript")
    expect(editor).to_contain_text("function twice")


def test_an_author_adds_a_language_with_its_solutions(visitor, page, admin_token, exercise_id):
    visitor.has_session(admin_token)
    visitor.open(f"teach/exercises/{exercise_id}")
    group = page.get_by_role("group", name="JavaScript")
    expect(group.get_by_label("Factor of the times")).to_have_value("1.5")
    group.get_by_role("button", name="Remove JavaScript").click()
    expect(group).to_have_count(0)
    expect(page.get_by_label("Another language").get_by_role("option")).to_have_text(["JavaScript"])
    page.get_by_role("button", name="Add language").click()
    solution = group.get_by_role("textbox", name="Reference solution in JavaScript")
    solution.click()
    page.keyboard.insert_text(IN_JAVASCRIPT.replace("2 *", "3 *"))
    page.get_by_role("button", name="Test solutions").click()
    expect(page.get_by_role("heading", name="Test results")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("languages javascript reference solution: Is not accepted")
    visitor.picture("teach-languages")

    solution.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(IN_JAVASCRIPT)
    page.get_by_role("button", name="Save exercise").click()
    expect(page.get_by_text("Exercise was updated!")).to_be_visible()
