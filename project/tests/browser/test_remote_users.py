"""The client of a service whose users another service keeps."""

import re

import pytest
from playwright.sync_api import expect

from project.tests.browser.conftest import NARROW
from project.tests.servers import private_data_dir, running_server
from project.tests.stub_users_service import StubUsersService, user

TOKEN = "carol.token.secret"


@pytest.fixture(scope="module")
def service(built_client, tmp_path_factory):
    """Serve the seeds, and ask another service who is calling."""
    with (
        StubUsersService() as users_service,
        private_data_dir(tmp_path_factory.mktemp("users_service")) as data_dir,
        running_server(data_dir, USERS_SERVICE_URL=users_service.url) as running,
    ):
        users_service.users[TOKEN] = user(7, role="grader")
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
    expect(page.get_by_text("User 7")).to_be_visible()

    visitor.open("exercises/1")
    visitor.write("def add(a, b):\n    return a + b\n")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("region", name="Result")).to_contain_text("Correct!")
    page.get_by_role("link", name="Teach").click()
    expect(page.get_by_role("grid")).to_contain_text("Learner 7")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name=re.compile("Log in")).first).to_be_visible()
