"""What staff do: make exercises, watch, decide, and take scores in and out."""

import re

import pytest
from playwright.sync_api import expect

from project.tests.browser.conftest import LEARNERS, NARROW, admin_password
from project.tests.servers import call

pytestmark = pytest.mark.long

RIGHT, SQUARED = "def double(n):\n    return n * 2\n", "def double(n):\n    return n * n\n"


@pytest.fixture
def ask(service, tokens):
    """Send a request as one of them, and return the data of its answer."""

    def send(method, path, body=None, who="admin"):
        answer = call(service.url + path, method, body, tokens[who])
        assert answer.status < 300, answer.data
        return answer.json()["data"]

    return send


@pytest.fixture
def admin(visitor, admin_token):
    visitor.has_session(admin_token)
    return visitor


@pytest.fixture
def exercise(ask):
    """Give an exercise that grace's answer solves by luck: its one case is a poor one."""
    case = {"kind": "call", "name": "two", "function": "double", "arguments": [2], "expected": 4}
    body = {"exercise_body": "Write `double(n)`.", "title": "Double", "cases": [case]}
    made = ask("POST", "/exercises", body)
    for who, answer in zip(LEARNERS, (RIGHT, SQUARED), strict=True):
        ask("POST", "/submissions", {"exercise_id": made["id"], "answer": answer}, who)
    return made | {"body": body}


def test_an_author_tests_an_exercise_before_publishing_it(visitor, shared_service):
    page = visitor.page
    visitor.log_in("admin@localhost", admin_password(shared_service))
    visitor.open("teach/exercises/new")
    page.get_by_label("Title").fill("Double it")
    page.get_by_label("Exercise text").fill("# Double\n\nWrite `double(n)`.")
    page.get_by_label("Name", exact=True).fill("two")
    page.get_by_label("Function").fill("double")
    page.get_by_label("Arguments", exact=True).fill("[2")
    page.get_by_label("Expected value").fill("4")
    page.get_by_role("button", name="Publish exercise").click()
    expect(page.get_by_label("Arguments", exact=True)).to_be_focused()  # the first field that is wrong

    page.get_by_label("Arguments", exact=True).fill("[2]")
    page.get_by_role("textbox", name="Reference solution").click()
    page.keyboard.insert_text("def double(n):\n    return n\n")
    page.get_by_role("button", name="Test solutions").click()
    trial = page.get_by_role("heading", name="Test results")
    expect(trial).to_be_visible()
    expect(trial).to_be_in_viewport()
    expect(page.get_by_text("Wrong answer").first).to_be_visible()
    visitor.picture("teach-trial")

    page.get_by_role("textbox", name="Reference solution").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(RIGHT)
    page.get_by_role("button", name="Publish exercise").click()
    expect(page.get_by_text("New exercise was added!")).to_be_visible()
    visitor.trouble.clear()  # the console tells of the refusals
    visitor.open()
    expect(page.get_by_role("link", name="Double it")).to_be_visible()


def test_a_test_case_is_moved_with_the_keyboard_and_keeps_the_focus(admin):
    page = admin.page
    admin.open("teach/exercises/new")
    for _ in range(2):
        page.get_by_role("button", name="Add test case").click()
    cases = page.get_by_role("list", name="Test cases").get_by_role("heading")
    down, up = (page.get_by_role("button", name=f"Move case 1 {direction}") for direction in ("down", "up"))
    down.press("Enter")
    expect(down).to_be_focused()
    expect(cases.nth(1)).to_contain_text("2. case 1")
    page.keyboard.press("Enter")
    expect(cases.nth(2)).to_contain_text("3. case 1")
    expect(up).to_be_focused()  # the other button is disabled at the end of the list
    expect(page.get_by_text("case 1 is now case 3 of 3.")).to_be_visible()


def test_a_change_of_another_author_is_not_overwritten(admin, ask, exercise):
    page = admin.page
    admin.open(f"teach/exercises/{exercise['id']}")
    page.get_by_label("Title").fill("Mine")
    ask("PUT", f"/exercises/{exercise['id']}", exercise["body"] | {"title": "Theirs"})
    page.get_by_role("button", name="Save exercise").click()
    expect(page.get_by_text("Somebody else saved")).to_be_visible()
    page.get_by_role("button", name="Discard my changes").click()
    expect(page.get_by_label("Title")).to_have_value("Theirs")
    admin.trouble.clear()  # the console tells of the 412


def test_a_rejudge_shows_what_would_change_and_is_applied_and_taken_back(admin, ask, exercise):
    page = admin.page
    better = exercise["body"]["cases"] + [
        exercise["body"]["cases"][0] | {"name": "five", "arguments": [5], "expected": 10}
    ]
    ask("PUT", f"/exercises/{exercise['id']}", exercise["body"] | {"cases": better})
    admin.open(f"teach/exercises/{exercise['id']}/rejudges")
    page.get_by_role("button", name="Start rejudge").click()
    expect(page.get_by_text("Waiting for your decision")).to_be_visible()
    expect(page.get_by_text("1 worse")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("grace"))).to_be_visible()
    admin.picture("teach-rejudge")

    def grace_solved():
        scores = ask("GET", f"/scores/user?exercise_id={exercise['id']}", who="grace")["scores"]
        return scores[0]["correct"]

    assert grace_solved()
    page.get_by_role("button", name="Apply changes").click()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text(re.compile("Applied: .* changed"))).to_be_visible()
    assert not grace_solved()
    page.get_by_role("button", name="Undo rejudge").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text(re.compile("Undone: "))).to_be_visible()
    assert grace_solved()


def test_statistics_say_how_an_exercise_goes(admin, exercise):
    admin.open(f"teach/exercises/{exercise['id']}/statistics")
    main = admin.page.get_by_role("main")
    expect(main).to_contain_text("100")  # per cent solved it
    expect(main.get_by_role("table").first).to_be_attached()
    expect(main.locator(".recharts-bar-rectangle").first).to_be_visible()
    admin.picture("teach-statistics")


def test_a_score_is_overridden_with_a_reason_that_its_history_keeps(admin, ask, exercise):
    page = admin.page
    ask("PUT", "/exercise-sets/term-1", {"exercise_ids": [exercise["id"], 1, 2, 3, 4, 5, 6]})
    admin.open("teach?set=term-1")
    grid = page.get_by_role("grid")
    expect(grid).to_contain_text("radia")
    admin.picture("teach-class-table", full=False)
    grid.focus()
    for key in ("ControlOrMeta+Home", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    window = page.get_by_role("dialog")
    expect(window.get_by_label("Reason")).to_be_visible()
    window.get_by_role("button", name="Save score").click()
    expect(window.get_by_text("Enter a reason")).to_be_visible()
    window.get_by_label("Reason").fill("Shown in class")
    window.get_by_role("button", name="Save score").click()
    expect(window.get_by_text("Shown in class")).to_be_visible()
    expect(window.get_by_role("cell", name="admin", exact=True)).to_be_visible()
    admin.picture("teach-score", full=False)
    histories = [ask("GET", "/scores/history", who=who)["history"] for who in LEARNERS]
    assert "Shown in class" in [entry["reason"] for history in histories for entry in history]


def test_a_learners_history_is_read_on_a_phone_without_scrolling_sideways(visit, ask, admin_token):
    visitor = visit(NARROW)
    page = visitor.page
    learner = ask("GET", "/auth/status", who="ada")["id"]
    reason = "On the blackboard: https://example.org/" + "a-long-way-" * 10
    ask("POST", "/scores", {"user_id": learner, "exercise_id": 7001, "correct": True, "reason": reason})
    visitor.has_session(admin_token)
    visitor.open(f"teach/learners/{learner}")
    table = page.get_by_role("region", name="Changes, newest first")
    expect(table).to_contain_text("On the blackboard")
    expect(table.get_by_role("row", name="Exercise 7001").get_by_role("link")).to_have_count(0)  # it is in no catalogue
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    visitor.picture("teach-learner-history")


def test_scores_are_taken_in_with_the_bad_lines_told_and_taken_out_again(admin, ask, tmp_path):
    page = admin.page
    learner = ask("GET", "/auth/status", who="ada")["id"]
    lines = ["user_id,exercise_id,correct", f"{learner},5001,true", f"{learner},5002,perhaps", f"{learner},5003,false"]
    path = tmp_path / "scores.csv"
    path.write_text("\n".join([*lines, ""]))
    admin.open("teach/transfer")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("1 error"))).to_be_visible()
    admin.picture("teach-import")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export", exact=True).click()
    exported = download.value.path().read_text()
    assert "5001" in exported
    assert "5003" in exported
    assert "5002" not in exported


def test_learners_are_refused_and_see_no_way_to_these_pages(visitor, add_learner):
    visitor.has_session(add_learner("curious"))
    visitor.open()
    expect(visitor.page.get_by_role("link", name="Teach")).to_have_count(0)
    for path in ("teach", "teach/exercises", "teach/transfer"):
        visitor.page.goto(f"/app/{path}")
        expect(visitor.page.get_by_role("grid")).to_have_count(0)
        expect(visitor.page.get_by_role("main")).to_contain_text(re.compile("teach", re.IGNORECASE))
