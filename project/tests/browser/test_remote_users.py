"""The client of a service whose users another service keeps."""

import re

import pytest
from playwright.sync_api import expect

from project.tests.browser.conftest import NARROW
from project.tests.servers import running_server
from project.tests.stub_users_service import StubUsersService, user

TOKEN = "carol.token.secret"
USER = 1  # in the same database the admin, who has no scores


@pytest.fixture(scope="module")
def service(shared_service):
    """Serve the same database, with another service that identifies users."""
    with (
        StubUsersService() as users_service,
        running_server(shared_service.data_dir, USERS_SERVICE_URL=users_service.url) as running,
    ):
        users_service.users[TOKEN] = user(USER, role="grader")
        yield running


def test_a_token_from_there_is_pasted_and_lets_one_in(visit):
    visitor = visit(NARROW)
    page = visitor.page
    visitor.open()
    expect(page.get_by_role("banner").get_by_role("link", name="Log in")).to_have_class(re.compile("primary"))
    expect(page.get_by_text("Register")).to_have_count(0)  # nobody can do that here
    visitor.open("register")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
    visitor.picture("login-remote-users")
    page.get_by_label("Token").fill("two words")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not a token.")
    page.get_by_label("Token").fill("unknown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Invalid token.")
    page.get_by_label("Token").fill(f"Bearer {TOKEN}\n")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"User {USER}")).to_be_visible()

    visitor.open("exercises/1")
    visitor.write("def add(a, b):\n    return a + b\n")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("region", name="Result")).to_contain_text("Correct!")
    page.get_by_role("link", name="Teach").click()
    expect(page.get_by_role("grid").get_by_text(f"Learner {USER}", exact=True)).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name=re.compile("Log in")).first).to_be_visible()
