import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from project import db
from project.operations.observability import configure_logging

ADA = {"username": "ada", "email": "ada@example.org", "password": "correct horse battery"}
EXISTS = (400, "error", "Sorry. That user already exists.")
INVALID = (400, "error", "Invalid payload.")


def register(client, **changes):
    # Not Flask's own JSON, which cannot write a lone surrogate.
    return client.post("/auth/register", data=json.dumps(ADA | changes), content_type="application/json")


def said(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


def test_registering_answers_a_token_that_is_good_at_once(client):
    answer = register(client)
    assert said(answer) == (201, "success", "Successfully registered.")
    headers = {"Authorization": f"Bearer {answer.json['auth_token']}"}
    assert client.get("/auth/status", headers=headers).json["data"]["email"] == ADA["email"]


def test_a_new_user_is_an_active_learner(client, rows):
    register(client, role="admin", admin=True, active=False)
    assert rows("SELECT role, active FROM users WHERE username = 'ada'") == [{"role": "learner", "active": True}]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"email": "another@example.org"},
        {"username": "another"},
        {"username": "ADA", "email": "another@example.org"},
        {"username": "another", "email": "Ada@EXAMPLE.org"},
    ],
)
def test_a_name_or_address_that_is_taken_is_refused(client, rows, changes):
    register(client)
    assert said(register(client, **changes)) == EXISTS
    assert len(rows("SELECT id FROM users WHERE username <> 'noise'")) == 1


def test_letters_beyond_ascii_have_a_case_too(client):
    register(client, username="Zoë")
    assert said(register(client, username="ZOË", email="another@example.org")) == EXISTS


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "Zoe\N{COMBINING DIAERESIS}",
        "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}",
        "Robert'); DROP TABLE users;--",
        "\N{FULLWIDTH LATIN SMALL LETTER A}\N{SUPERSCRIPT TWO}",
        "\N{GREEK CAPITAL LETTER OMEGA}" * 128,
        "\N{FOX FACE}" * 128,
    ],
)
def test_a_name_is_kept_byte_for_byte(client, name):
    token = register(client, username=name).json["auth_token"]
    status = client.get("/auth/status", headers={"Authorization": f"Bearer {token}"}).json["data"]
    assert status["username"] == name
    assert client.get(f"/users/{status['id']}").json["data"]["username"] == name


@pytest.mark.parametrize(
    "name",
    [
        *(f"ada{chr(code)}" for code in (0x7F, 0x85, 0xAD, 0x200B, 0x202E, 0x2060, 0x2066, 0xFEFF, 0xE0001)),
        *(f"a{chr(code)}da" for code in (0x09, 0x0A, 0x2028, 0x2029, 0xE000, 0xFFFF, 0x0378, 0x10FFFF)),
        *(f"ada{chr(code)}" for code in (0x034F, 0x115F, 0x3164, 0xFE0F, 0xFFA0, 0xE0100)),
        *(" ada", "ada ", "a  b", "\N{NO-BREAK SPACE}ada", "ada\N{IDEOGRAPHIC SPACE}", "a \N{EM SPACE}b"),
        "\ufdfa" * 128,  # 18 characters each, as NFKC has it
    ],
    ids=ascii,
)
def test_a_name_with_invisible_characters_is_refused(offline, name):
    answer = register(offline, username=name)
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == ["username"]


ALIKE = [
    ("ada", "\N{FULLWIDTH LATIN CAPITAL LETTER A}da"),
    ("Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}", "ZOE\N{COMBINING DIAERESIS}"),
    ("file", "\N{LATIN SMALL LIGATURE FI}le"),
    ("ada 2", "ada\N{NO-BREAK SPACE}\N{SUPERSCRIPT TWO}"),
    ("\N{KELVIN SIGN}elvin", "kelvin"),
]


@pytest.mark.parametrize(("first", "second"), [*ALIKE, *(pair[::-1] for pair in ALIKE)])
def test_names_that_look_alike_are_the_same(client, first, second):
    assert register(client, username=first).status_code == 201
    assert said(register(client, username=second, email="another@example.org")) == EXISTS


def test_an_admin_adds_no_name_that_looks_like_another(client, admin):
    register(client)
    again = ADA | {"email": "another@example.org", "username": "\N{FULLWIDTH LATIN SMALL LETTER A}da"}
    assert said(client.post("/users", json=again, headers=admin.headers)) == (400, "fail", EXISTS[2])
    unseen = again | {"username": "ada\N{ZERO WIDTH SPACE}"}
    assert said(client.post("/users", json=unseen, headers=admin.headers)) == (400, "fail", INVALID[2])


def test_an_address_is_kept_as_it_was_typed(client, rows):
    register(client, email="Ada.Lovelace+x@Example.ORG")
    assert rows("SELECT email FROM users WHERE username = 'ada'") == [{"email": "Ada.Lovelace+x@Example.ORG"}]


def test_of_a_password_only_its_argon2id_hash_is_kept(client, rows):
    register(client)
    (row,) = rows("SELECT password_hash, users::text AS everything FROM users WHERE username = 'ada'")
    assert row["password_hash"].startswith("$argon2id$")
    assert PasswordHasher().verify(row["password_hash"], ADA["password"])
    assert ADA["password"] not in row["everything"]


def test_the_same_password_has_another_hash_for_each_user(client, rows):
    register(client)
    register(client, username="bob", email="bob@example.org")
    found = rows("SELECT password_hash FROM users WHERE username IN ('ada', 'bob')")
    assert len({row["password_hash"] for row in found}) == 2


WRONG: dict[str, list[object]] = {
    "username": [None, "", "   ", "a" * 129, "a\0b", 5, ["ada"], "\ud800"],
    "email": [None, "", "ada", "@b.cd", "ada@", "a b@c", "a@b@c", "a@b\n", "a" * 250 + "@b.cd", "a@\0", 5, "a@\ud800"],
    "password": [None, "", "a" * 1025, "a\0b", 12345678, True, "\ud800"],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in WRONG for value in WRONG[field]])
def test_a_wrong_field_is_named(offline, field, value):
    answer = register(offline, **{field: value})
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize("field", WRONG)
def test_a_missing_field_is_named(offline, field):
    answer = offline.post("/auth/register", json={name: text for name, text in ADA.items() if name != field})
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"ada"', '{"username": "a", "username": "b"}'])
def test_a_body_that_is_no_object_is_invalid(offline, body):
    assert said(offline.post("/auth/register", data=body, content_type="application/json")) == INVALID


def test_the_longest_password_is_accepted(client):
    assert register(client, password="\N{FOX FACE}" * 1024).status_code == 201


@pytest.mark.parametrize(("password", "status"), [("1234567", 400), ("12345678", 201), ("\N{FOX FACE}" * 7, 400)])
def test_a_password_may_have_to_be_longer(make_app, password, status):
    answer = register(make_app(PASSWORD_MIN_LENGTH=8).test_client(), password=password)
    assert answer.status_code == status
    if status == 400:
        assert said(answer) == INVALID
        assert answer.json["errors"] == {"password": ["Must have at least 8 characters."]}


def test_of_registrations_at_the_same_moment_one_is_made(app, rows):
    count = 4
    start = Barrier(count)

    def race(case):
        start.wait()
        return said(register(app.test_client(), username=case("ada"), email=case("ada@example.org")))

    with ThreadPoolExecutor(count) as pool:
        answers = sorted(pool.map(race, [str.lower, str.upper, str.title, str.capitalize]))
    assert answers == sorted([(201, "success", "Successfully registered."), *[EXISTS] * (count - 1)])
    assert len(rows("SELECT id FROM users WHERE lower(username) = 'ada'")) == 1


@pytest.fixture
def broken_users(app, rename):
    """Every statement on users is a defect of ours: their table has another name."""
    rename("users", "elsewhere")
    yield
    rename("elsewhere", "users")


@pytest.fixture
def rename(app):
    def rename(old, new):
        with app.app_context():
            db.session.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))
            db.session.commit()

    return rename


@pytest.fixture
def log_again():
    """The log goes to the standard error of the test that made the application, which is gone after it."""
    yield
    configure_logging("INFO", "console")


@pytest.mark.usefixtures("log_again", "broken_users")
@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("path", ["/auth/register", "/auth/login"])
def test_a_password_never_reaches_the_log(capsys, make_app, form, path):
    answer = make_app(LOG_FORMAT=form).test_client().post(path, json=ADA)
    log = capsys.readouterr().err
    assert said(answer) == (500, "error", "Something went wrong. Please try again.")
    assert "unhandled_error" in log
    assert ADA["password"] not in log
    assert ADA["email"] not in log
