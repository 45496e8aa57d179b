"""What every page owes to those who cannot see it, on a phone, on a slow line, and when something fails."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from project.config import ROOT
from project.tests.browser.conftest import NARROW, WIDE, recorded

pytestmark = pytest.mark.long

AXE = ROOT / "client" / "node_modules" / "axe-core" / "axe.min.js"
PUBLIC = {
    "exercises": "",
    "exercise": "exercises/1",
    "leaderboard": "leaderboard",
    "login": "login",
    "register": "register",
}
LEARNERS = {"own-progress": "progress", "own-exercise": "exercises/1"}

STAFFS = {
    "teach-class": "teach",
    "teach-exercises": "teach/exercises",
    "teach-new-exercise": "teach/exercises/new",
    "teach-exercise": "teach/exercises/2",
    "teach-exercise-statistics": "teach/exercises/2/statistics",
    "teach-rejudges": "teach/exercises/2/rejudges",
    "teach-learners": "teach/learners",
    "teach-learner": "teach/learners/1",
    "teach-sets": "teach/sets",
    "teach-transfer": "teach/transfer",
}

MAX_FIRST_LOAD_BYTES = 250_000  # compressed, without the editor
MAX_LAYOUT_SHIFT = 0.05

# What leads elsewhere and is cut off at an edge, or is smaller than a finger hits (WCAG 2.2, 2.5.8).
OUT_OF_REACH = """
    [...document.querySelectorAll("header a, header button, nav a")].filter((one) => {
        const { left, right, width, height } = one.getBoundingClientRect();
        const scrolled = one.closest("nav")?.scrollWidth > one.closest("nav")?.clientWidth;
        return left < 0 || right > innerWidth || width < 24 || height < 24 || scrolled;
    }).map((one) => one.textContent)
"""


def violations(page):
    """Return what axe, which the page has loaded, finds wrong on it."""
    return page.evaluate("""
        axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
            violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))]))
    """)


def settle(page):
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Loading …")).to_have_count(0)


def check(visitor, name, path):
    """Examine a page in both themes: nothing for axe to find, nothing to scroll sideways, nothing that moved."""
    page = visitor.page
    visitor.open(path)
    settle(page)
    page.evaluate(AXE.read_text())  # not as a script of the page, which its policy forbids
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert violations(page) == [], (name, theme)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    if name == "login":
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight"), name  # nothing to scroll
    assert page.evaluate(OUT_OF_REACH) == [], name
    assert page.evaluate("window.shifted") <= MAX_LAYOUT_SHIFT, name
    visitor.picture(name)
    assert visitor.trouble == [], name


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desk"])
@pytest.mark.parametrize(("name", "path"), PUBLIC.items())
def test_a_page_for_everybody_is_sound(visit, name, path, size):
    check(visit(size, cached=False), name, path)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desk"])
def test_a_page_for_learners_is_sound(visit, add_learner, size):
    visitor = visit(size, cached=False)
    visitor.has_session(add_learner(f"sound{size['width']}"))
    for name, path in LEARNERS.items():
        check(visitor, name, path)


def test_all_of_the_navigation_fits_the_narrowest_phone(visit, add_staff):
    visitor = visit({"width": 320, "height": 640})
    visitor.has_session(add_staff("thin", "grader"))
    visitor.open()
    entries = visitor.page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(entries.last).to_have_text("Teach")
    assert len({entry.bounding_box()["y"] for entry in entries.all()}) == 1  # in one line
    assert visitor.page.evaluate(OUT_OF_REACH) == []
    entries.nth(2).focus()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", name="Class")).to_be_visible()


def test_the_first_load_is_small(visit):
    visitor = visit(cached=False)
    with recorded(visitor.page, "response") as responses:
        visitor.open()
        settle(visitor.page)
    own = {path: one for one in responses if (path := urlsplit(one.url).path).startswith("/app/")}
    assert [path for path in own if "editor" in path.lower()] == []
    loaded = sum(response.request.sizes()["responseBodySize"] for response in own.values())
    assert 10_000 < loaded < MAX_FIRST_LOAD_BYTES


def test_hashed_files_may_be_kept_for_ever_and_scripts_come_from_here_only(visit):
    visitor = visit(cached=False)
    with recorded(visitor.page, "response") as responses:
        visitor.open()
    (page,) = [one for one in responses if one.request.resource_type == "document"]
    scripts = [one for one in responses if one.request.resource_type == "script" and "/assets/" in one.url]
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert scripts
    assert all("immutable" in script.headers["cache-control"] for script in scripts)
    assert visitor.trouble == []


def test_an_error_of_the_api_is_a_sentence_with_its_request_id(visit):
    visitor = visit()
    page = visitor.page
    body = '{"status": "error", "message": "Grading is not possible at the moment.", "request_id": "abc123"}'
    page.route(
        re.compile("/exercises(\\?|$)"),
        lambda route: route.fulfill(status=503, content_type="application/json", body=body),
    )
    page.goto("/app/")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Grading is not possible at the moment.")
    expect(alert).to_contain_text("abc123")
    visitor.picture("exercises-failed")
    page.unroute_all()
    alert.get_by_role("button").click()
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_a_page_of_the_network_in_place_of_an_answer_is_no_riddle(visit):
    page = visit().page
    page.route(
        re.compile("/exercises(\\?|$)"),
        lambda route: route.fulfill(content_type="text/html", body="<html>Log in to the hotel</html>"),
    )
    page.goto("/app/")
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached.")


def test_a_user_who_is_offline_is_told_and_can_submit_when_back_online(visitor, add_learner):
    page = visitor.page
    visitor.has_session(add_learner("traveller"))
    visitor.open("exercises/1")
    visitor.write("def add(a, b):\n    return a + b\n")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    visitor.picture("offline")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_have_count(0)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("region", name="Result")).to_contain_text("Correct!")


def test_no_button_lies_under_the_notice_of_being_offline(visit, add_learner):
    visitor = visit(NARROW)
    page = visitor.page
    visitor.has_session(add_learner("commuter"))
    visitor.open("exercises/1")
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    page.context.set_offline(True)
    notice = page.get_by_text("You are offline.")
    expect(notice).to_be_visible()
    under = notice.bounding_box()
    for one in page.locator("button, a").all():
        box = one.bounding_box()
        above, below = box["y"] + box["height"] <= under["y"], box["y"] >= under["y"] + under["height"]
        assert above or below or one.get_attribute("href") == "#main", one.inner_text()  # that link is out of view
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("region", name="Result")).to_contain_text("It will be sent when you are back online")
    page.context.set_offline(False)
    expect(page.get_by_role("region", name="Result")).to_contain_text("Incorrect!")
    expect(page.get_by_text("Incorrect!")).to_be_in_viewport()


def test_a_page_that_was_not_read_before_one_went_offline_comes_when_one_is_back(visit, add_learner):
    visitor = visit(NARROW, cached=False)
    page = visitor.page
    visitor.has_session(add_learner("early"))
    visitor.open()
    page.context.set_offline(True)
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_text("This page will load when you are back online.")).to_be_visible()
    visitor.picture("page-offline")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()


def test_one_can_log_out_while_the_service_fails(visit, add_learner):
    visitor = visit()
    page = visitor.page
    visitor.has_session(add_learner("stuck"))
    visitor.open()
    page.route(re.compile("/(auth|exercises|scores)"), lambda route: route.abort("connectionrefused"))
    page.reload()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Register")).to_be_visible()


def test_a_wrong_password_is_told_in_words_that_help(visit):
    visitor = visit()
    visitor.open("login")
    visitor.page.get_by_label("E-mail").fill("nobody@example.org")
    visitor.page.get_by_label("Password").fill("a wrong one")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Check your e-mail and password.")


def test_a_slow_answer_is_waited_for_and_said(visit):
    visitor = visit()
    page = visitor.page
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile("/exercises(\\?|$)"), hold)
    page.goto("/app/")
    expect(page.get_by_text("This is taking longer than usual")).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_an_address_that_is_none_has_a_page_that_leads_back(visitor):
    visitor.open("no/such/page")
    visitor.page.get_by_role("main").get_by_role("link").click()
    expect(visitor.page.get_by_role("heading", name="Exercises")).to_be_visible()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desk"])
def test_a_page_for_staff_is_sound(visit, add_staff, size):
    visitor = visit(size, cached=False)
    visitor.has_session(add_staff(f"teacher{size['width']}", "admin"))
    for page, path in STAFFS.items():
        check(visitor, page, path)
