"""Files beside an answer in the editor, and a run with the learner's own input."""

import re
import secrets

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.long

EXERCISE = {
    "exercise_body": "Print the sum of the two numbers in the input.",
    "title": "Sum of two",
    "cases": [{"kind": "stdin", "name": "small", "input": "2 3\n", "expected": "5\n"}],
    "support_files": {"numbers_of.py": "def numbers_of(line):\n    return map(int, line.split())\n"},
}
ANSWER = "from numbers_of import numbers_of\nfrom sums import total\nprint(total(numbers_of(input())))\n"
SUMS = "def total(numbers):\n    return sum(numbers)\n"


@pytest.fixture
def page(visitor, service, admin_token, add_learner):
    """Open an exercise with a file, as a learner who is logged in."""
    added = service.post("/exercises", EXERCISE, token=admin_token)
    assert added.status == 201, added.data
    visitor.has_session(add_learner(f"files-{secrets.token_hex(2)}"))
    visitor.open(f"exercises/{added.json()['data']['id']}")
    return visitor.page


def add_file(page, name):
    page.get_by_role("button", name="Add file").click()
    page.get_by_role("dialog").get_by_label("File name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Add").click()


def test_an_answer_with_another_file_is_run_with_an_own_input_and_submitted(visitor, page):
    visitor.write(ANSWER)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["Answer", "numbers_of.pyread-only"])
    tabs.nth(1).click()
    expect(page.get_by_role("textbox", name="numbers_of.py, read-only")).to_contain_text("line.split()")

    add_file(page, "numbers_of.py")
    expect(page.get_by_role("dialog")).to_contain_text("Another file has this name.")
    page.keyboard.press("Escape")
    add_file(page, "sum.py")
    expect(page.get_by_role("tab", selected=True)).to_have_text("sum.py")
    page.get_by_role("textbox", name="sum.py").click()
    page.keyboard.insert_text(SUMS)
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_label("File name").fill("sums.py")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(tabs).to_have_text(["Answer", "sums.py", "numbers_of.pyread-only"])

    page.get_by_text("Run with my input").click()
    page.get_by_label("Input", exact=True).fill("20 22\n")
    page.get_by_role("button", name="Run with this input").click()
    expect(page.get_by_role("figure", name="Output")).to_contain_text("42")
    expect(page.get_by_text("Your program ran to its end")).to_be_visible()
    visitor.picture("exercise-with-files")

    page.reload()  # the files are part of the draft
    expect(tabs).to_have_text(["Answer", "sums.py", "numbers_of.pyread-only"])
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("region", name="Result")).to_contain_text("Correct!")

    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", selected=True)).to_have_text("sums.py")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(tabs).to_have_text(["Answer", "numbers_of.pyread-only"])
    page.get_by_role("button", name=re.compile("^Load the submission")).click()
    expect(tabs).to_have_text(["Answer", "sums.py", "numbers_of.pyread-only"])
