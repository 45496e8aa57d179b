"""What a learner does, from the first visit on."""

import re
import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from project.tests.browser.conftest import NARROW, PASSWORD, recorded

GOOD = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"
ADD = "exercises/1"


@pytest.fixture
def learner(visitor, add_learner):
    """Give a learner who is logged in; each test's own."""
    visitor.has_session(add_learner(f"learner-{secrets.token_hex(2)}"))
    return visitor


def verdict(page):
    return page.get_by_role("region", name="Result")


def test_a_newcomer_registers_solves_an_exercise_and_sees_it_everywhere(visitor):
    page = visitor.page
    visitor.register("newcomer")
    visitor.open()
    page.get_by_role("link", name=re.compile("add", re.IGNORECASE)).first.click()
    visitor.write(GOOD)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(verdict(page)).to_contain_text("Correct!")
    visitor.picture("exercise-solved")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Solved", exact=True).first).to_be_visible()

    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()
    expect(page.locator("dl")).to_contain_text("Solved1")
    expect(page.locator("dl")).to_contain_text("1 day")
    expect(page.locator(".recharts-xAxis-tick-labels text").last).to_have_text(f"{datetime.now(UTC):%-d %b}")
    visitor.picture("progress")

    page.get_by_role("link", name="Leaderboard").click()
    expect(page.get_by_label("Your rank")).to_contain_text("#")
    visitor.picture("leaderboard")


def test_a_user_who_registers_from_the_log_in_returns_to_the_page_they_came_from(visitor):
    page = visitor.page
    visitor.open("?search=add")
    header = page.get_by_role("banner")
    header.get_by_role("link", name="Log in").click()
    header.get_by_role("link", name="Register").click()
    page.get_by_label("Username").fill("roundabout")
    page.get_by_label("E-mail").fill("roundabout@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Exercises")).to_be_focused()
    assert page.url.endswith("?search=add")
    page.goto("/app/login")  # who is in already is led on
    expect(page.get_by_role("heading", name="Exercises")).to_be_visible()


def test_the_focus_comes_back_from_a_question_however_it_is_answered(learner):
    page = learner.page
    learner.open(ADD)
    learner.write(WRONG)
    reset, question = page.get_by_role("button", name="Reset").first, page.get_by_role("dialog")
    expect(reset).to_have_attribute("aria-disabled", "false")  # what was written has come to it
    for answer in ("Cancel", None, "Reset"):
        reset.press("Enter")
        expect(question).to_be_visible()
        question.get_by_role("button", name=answer).press("Enter") if answer else page.keyboard.press("Escape")
        expect(question).to_have_count(0)
        expect(reset).to_be_focused()
    drafts = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")
    assert drafts == []  # what the exercise begins with is none, and may change


def test_a_wrong_answer_is_shown_with_its_reason(learner):
    learner.open(ADD)
    learner.write(WRONG)
    learner.page.get_by_role("button", name="Submit").click()
    expect(verdict(learner.page)).to_contain_text("Incorrect!")
    learner.picture("exercise-failed")


def test_a_wrong_value_is_shown_with_the_call_that_returned_it(learner):
    learner.open("exercises/2")
    learner.write("def is_leap(year):\n    return 7\n")
    learner.page.get_by_role("button", name="Submit").click()
    expect(verdict(learner.page)).to_contain_text("Incorrect!")
    expect(verdict(learner.page).get_by_role("figure", name="Call").first).to_contain_text("is_leap(")


def test_an_answer_that_ends_in_an_error_shows_the_traceback(learner):
    learner.open(ADD)
    learner.write("def add(a, b):\n    return a + c\n")
    learner.page.get_by_role("button", name="Submit").click()
    expect(verdict(learner.page)).to_contain_text("NameError: name 'c' is not defined")


def test_a_run_records_nothing(learner):
    learner.open(ADD)
    learner.write(GOOD)
    learner.page.get_by_role("button", name="Run").click()
    expect(verdict(learner.page)).to_contain_text("Correct!")
    expect(verdict(learner.page)).to_contain_text("nothing was recorded")
    expect(learner.page.get_by_role("region", name="Your submissions")).to_contain_text("No submissions yet.")


def test_a_draft_is_there_after_a_reload_and_an_old_submission_comes_back_into_the_editor(learner):
    page = learner.page
    learner.open(ADD)
    learner.write(WRONG)
    page.get_by_role("button", name="Submit").click()
    expect(verdict(page)).to_contain_text("Incorrect!")
    learner.write("# only a thought\n")
    page.reload()
    expect(page.get_by_text("# only a thought")).to_be_visible()
    page.get_by_role("button", name=re.compile("Load the submission")).first.click()
    expect(page.get_by_text("return a - b")).to_be_visible()


def test_who_is_not_logged_in_is_told_so_and_comes_back_to_the_exercise(visitor):
    page = visitor.page
    visitor.open(ADD)
    expect(page.get_by_text("Please log in to submit an exercise.")).to_be_visible()
    expect(page.get_by_role("button", name="Submit")).to_have_count(0)
    visitor.picture("exercise-without-account")
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_who_logs_out_is_out(learner):
    learner.open(ADD)
    learner.page.get_by_role("button", name="Log out").click()
    expect(learner.page.get_by_role("link", name="Log in").first).to_be_visible()
    learner.open(ADD)
    expect(learner.page.get_by_text("Please log in to submit an exercise.")).to_be_visible()


def test_a_user_whose_session_ends_is_told_and_finds_their_draft_after_logging_in(visit, service, add_learner):
    visitor = visit()
    page = visitor.page
    visitor.has_session(add_learner("sleeper"))
    visitor.open(ADD)
    visitor.write("# all my work\n")
    service.get("/auth/logout", token=page.evaluate("localStorage.getItem('token')"))
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Your session has expired. Your work is kept")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    page.get_by_label("E-mail").fill("sleeper@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("# all my work")).to_be_visible()
    expect(page.get_by_text("Your session has expired.")).to_have_count(0)


def test_an_answer_that_is_too_large_is_refused_in_words(visit, add_learner):
    visitor = visit(NARROW)
    visitor.has_session(add_learner("verbose"))
    visitor.open(ADD)
    visitor.write(f"# {'x' * 70_000}\n")
    visitor.page.get_by_role("button", name="Submit").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("at most 65536 bytes")


def test_two_learners_at_once_see_each_other_climb(visit, add_learner):
    watching, solving = visit(), visit(NARROW)
    watching.has_session(add_learner("watcher"))
    solving.has_session(add_learner("climber"))
    watching.open("leaderboard")
    expect(watching.page.get_by_text("Live")).to_be_visible()
    solving.open(ADD)
    solving.write(GOOD)
    solving.page.get_by_role("button", name="Submit").click()
    expect(verdict(solving.page)).to_contain_text("Correct!")
    expect(watching.page.get_by_role("row", name=re.compile("climber"))).to_be_visible()


@pytest.mark.parametrize("events", [True, False], ids=["by an event", "by asking"])
def test_a_verdict_that_is_not_there_at_once_arrives(learner, events):
    page = learner.page

    def do_not_wait(route):  # as the service does when all its graders are busy
        route.continue_(url=f"{route.request.url}?wait=0" if route.request.method == "POST" else route.request.url)

    page.route(re.compile("/submissions$"), do_not_wait)
    if not events:
        page.route(re.compile(r"/events\?"), lambda route: route.fulfill(status=404, body="{}"))
    with recorded(page, "request") as requests:
        learner.open(ADD)
        learner.write(f"import time\ntime.sleep(1)\n{GOOD}")
        page.get_by_role("button", name="Submit").click()
        expect(verdict(page)).to_contain_text("Waiting for a free grader")
        expect(verdict(page)).to_contain_text("Correct!")
    assert "/events" in [urlsplit(request.url).path for request in requests]
    if not events:
        learner.trouble.clear()  # the console tells of the 404


def test_everything_can_be_done_with_the_keyboard_alone(learner):
    page = learner.page
    learner.open()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    link = page.get_by_role("main").get_by_role("link").first
    for _ in range(30):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name=re.compile("Your .* code"))
    expect(editor).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if editor.evaluate("editor => editor === document.activeElement"):
            break
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(GOOD)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(verdict(page)).to_contain_text("Correct!")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
