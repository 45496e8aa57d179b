"""The command that makes invitations, and those that add users, in every mode of REGISTRATION."""

import re

import pytest

from project.tests.test_cli import PASSWORD_LINE, is_one_sentence, log_in, runner, succeed


def register(app, code, name):
    account = {"username": name, "email": f"{name}@example.org", "password": "correct horse battery"}
    return app.test_client().post("/auth/register", json=account | {"invitation": code}).status_code


def test_with_a_printed_code_so_many_register(make_app, rows):
    app = make_app(REGISTRATION="invite")
    output = succeed(runner(app)("invite", "--uses", "2", "--days", "3"))
    (code,) = re.findall(r"^The code (\S+) \(not shown again\) is valid for 2 registrations until ", output)
    assert [register(app, code, name) for name in ("ada", "bob", "eve")] == [201, 201, 403]
    assert rows("SELECT created_by, expires_at - created_at = interval '3 days' AS lasts FROM invitations") == [
        {"created_by": None, "lasts": True}
    ]


@pytest.mark.parametrize("option", [("--uses", "0"), ("--uses", "1001"), ("--days", "0"), ("--days", "366")])
def test_an_invitation_for_too_many_or_too_long_is_not_made(app, rows, option):
    assert runner(app)("invite", *option).exit_code == 2
    assert rows("SELECT 1 FROM invitations") == []


def test_there_are_no_invitations_where_there_is_a_users_service(make_app):
    assert is_one_sentence(runner(make_app(USERS_SERVICE_URL="http://127.0.0.1:9"))("invite"), "users-service")


@pytest.mark.parametrize("mode", ["invite", "closed"])
def test_admins_add_users_where_registration_is_closed(make_app, mode):
    app = make_app(REGISTRATION=mode)
    (password,) = PASSWORD_LINE.findall(succeed(runner(app)("add_user", "ada", "ada@example.org")))
    assert log_in(app, "ada@example.org", password) == 200
