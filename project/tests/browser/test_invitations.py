"""Registering where one needs an invitation, and where nobody may register."""

import re

import pytest
from playwright.sync_api import expect

from project.tests.browser.conftest import PASSWORD
from project.tests.servers import running_server


@pytest.fixture(scope="module")
def service(request, shared_service):
    """Serve the same database in the mode of REGISTRATION that the test names."""
    with running_server(shared_service.data_dir, REGISTRATION=request.param) as running:
        yield running


@pytest.mark.parametrize("service", ["invite"], indirect=True)
def test_with_an_invitation_from_a_link_a_learner_registers_and_without_one_not(visitor, service, admin_token):
    code = service.post("/invitations", {"uses": 1}, token=admin_token).json()["code"]
    page = visitor.page

    def fill_in(name):
        page.get_by_label("Username").fill(name)
        page.get_by_label("E-mail").fill(f"{name}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Register").click()

    visitor.open("register")
    page.get_by_label("Invitation code").fill("made-up")
    fill_in("mallory")
    expect(page.get_by_role("alert")).to_contain_text("invitation")
    visitor.trouble.clear()  # the console reports the refusal
    visitor.picture("register-with-invitation")

    visitor.open()
    visitor.open(f"register#invitation={code}")
    expect(page.get_by_label("Invitation code")).to_have_value(code)
    fill_in("invited")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


@pytest.mark.parametrize("service", ["closed"], indirect=True)
def test_where_registration_is_closed_no_page_offers_it(visitor):
    visitor.open("register")
    expect(visitor.page).to_have_url(re.compile("/login$"))
    expect(visitor.page.get_by_role("button", name="Log in")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Register")).to_have_count(0)
