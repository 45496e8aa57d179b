"""REGISTRATION: who may register, and with which invitation."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from project.api.users.passwords import PasswordHashes
from project.operations.observability import configure_logging
from project.tests.conftest import PASSWORD

ADA = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
DONE = (201, "success", "Successfully registered.")
CLOSED = (403, "error", "Registration is closed.")
REFUSED = (403, "error", "That invitation is unknown, has expired or was used by others.")
EXISTS = (400, "error", "Sorry. That user already exists.")
INVALID = (400, "error", "Invalid payload.")
MODES = ("open", "invite", "closed")
NEW_USERS = "SELECT username FROM users WHERE username NOT IN ('noise', 'admin', 'grader', 'learner') ORDER BY 1"


def said(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


def register(client, code=None, key=None, **changes):
    body = ADA | ({"invitation": code} if code is not None else {}) | changes
    return client.post("/auth/register", json=body, headers={"Idempotency-Key": key} if key else {})


@pytest.fixture
def invite(client, grader):
    """Make an invitation, and return its code."""

    def make(**payload):
        answer = client.post("/invitations", json=payload, headers=grader.headers)
        assert answer.status_code == 201
        return answer.json["code"]

    return make


@pytest.fixture
def inviting(make_app):
    return make_app(REGISTRATION="invite", WEB_THREADS=32, PASSWORD_HASHES_AT_ONCE=16)


@pytest.fixture
def guest(inviting):
    """Give a client of a service where one needs an invitation."""
    return inviting.test_client()


@pytest.fixture
def no_hashing(monkeypatch):
    """Let an application compute no password hash: requests that need one are refused with 503."""

    def forbid(app):
        hashes = PasswordHashes(1, 0)
        monkeypatch.setitem(app.extensions, "password_hashes", hashes)
        return hashes.limit.acquire()

    return forbid


@pytest.mark.parametrize("mode", MODES)
def test_the_registration_mode_is_public(make_app, mode):
    answer = make_app(REGISTRATION=mode).test_client().get("/auth/registration")
    assert (answer.status_code, answer.json["data"]) == (200, {"registration": mode})


def test_registration_is_open_unless_set_otherwise(client):
    assert client.get("/auth/registration").json["data"] == {"registration": "open"}


def test_where_registration_is_closed_nothing_is_written_and_no_password_is_hashed(make_app, rows, invite, no_hashing):
    app, code = make_app(REGISTRATION="closed"), invite()
    with no_hashing(app):
        for answer in (register(app.test_client()), register(app.test_client(), code, key="once")):
            assert said(answer) == CLOSED
            assert set(answer.json) == {"status", "message", "request_id"}
    assert rows(NEW_USERS) == []
    assert rows("SELECT 1 FROM idempotency_keys") == []
    assert rows("SELECT uses_left FROM invitations") == [{"uses_left": 1}]


@pytest.mark.parametrize("mode", MODES)
def test_an_admin_adds_users_and_users_log_in_whatever_the_mode(make_app, admin, mode):
    client = make_app(REGISTRATION=mode).test_client()
    assert client.post("/users", json=ADA, headers=admin.headers).status_code == 201
    assert client.post("/auth/login", json=ADA).status_code == 200


def test_with_an_invitation_one_registers_as_a_learner_and_it_is_used_up(guest, rows, invite):
    code = invite()
    answer = register(guest, code, role="admin")
    assert said(answer) == DONE
    headers = {"Authorization": f"Bearer {answer.json['auth_token']}"}
    assert guest.get("/auth/status", headers=headers).json["data"]["role"] == "learner"
    assert guest.post("/auth/login", json=ADA).status_code == 200
    assert said(register(guest, code, username="bob", email="bob@example.org")) == REFUSED
    assert rows(NEW_USERS) == [{"username": "ada"}]


@pytest.mark.parametrize("code", [None, ""])
def test_without_an_invitation_the_field_is_named(guest, rows, code):
    answer = register(guest, code)
    assert (said(answer), answer.json["errors"]) == (INVALID, {"invitation": ["Must be given."]})
    assert rows(NEW_USERS) == []


@pytest.mark.parametrize("code", ["x" * 129, 5, "a\0b", ["a"]])
def test_an_impossible_code_is_invalid(guest, code):
    answer = register(guest, code)
    assert (said(answer), list(answer.json["errors"])) == (INVALID, ["invitation"])


def test_an_unknown_code_is_refused_before_a_password_is_hashed(inviting, rows, invite, no_hashing):
    code = invite()
    with no_hashing(inviting):
        for wrong in (code[:-1], f"{code} ", code.swapcase(), "unknown"):
            assert said(register(inviting.test_client(), wrong)) == REFUSED
    assert rows(NEW_USERS) == []


def test_an_expired_invitation_is_refused(guest, rows, change, invite):
    code = invite(uses=5)
    change("UPDATE invitations SET expires_at = now()")
    assert said(register(guest, code)) == REFUSED
    assert rows(NEW_USERS) == []


def test_a_refused_registration_does_not_use_the_invitation(guest, rows, invite, learner):
    code = invite()
    assert said(register(guest, code, email=learner.email)) == EXISTS
    assert said(register(guest, code, username="LEARNER")) == EXISTS
    assert rows("SELECT uses_left FROM invitations") == [{"uses_left": 1}]
    assert said(register(guest, code)) == DONE


def test_a_repeat_with_its_key_does_not_use_the_invitation_again(guest, rows, invite):
    code = invite(uses=2)
    first, again = register(guest, code, key="once"), register(guest, code, key="once")
    assert (said(first), again.json) == (DONE, first.json)
    assert rows("SELECT uses_left FROM invitations") == [{"uses_left": 1}]


@pytest.mark.parametrize("uses", [1, 3])
def test_of_registrations_at_once_as_many_pass_as_there_are_uses(inviting, rows, invite, uses):
    code, count = invite(uses=uses), 8
    start = Barrier(count)

    def race(number):
        client = inviting.test_client()
        start.wait()
        return said(register(client, code, username=f"user{number}", email=f"user{number}@example.org"))

    with ThreadPoolExecutor(count) as pool:
        answers = sorted(pool.map(race, range(count)))
    assert answers == [DONE] * uses + [REFUSED] * (count - uses)
    assert len(rows(NEW_USERS)) == uses
    assert rows("SELECT uses, uses_left FROM invitations") == [{"uses": uses, "uses_left": 0}]


def test_where_registration_is_open_an_invitation_is_passed_over(client, rows, invite):
    assert said(register(client, invite())) == DONE
    assert said(register(client, "unknown", username="bob", email="bob@example.org")) == DONE
    assert rows("SELECT uses_left FROM invitations") == [{"uses_left": 1}]


def test_of_a_code_only_a_hash_is_kept(rows, invite):
    codes = [invite(), invite()]
    kept = rows("SELECT code_hash, invitations::text AS everything FROM invitations ORDER BY id")
    assert [row["code_hash"] for row in kept] == [hashlib.sha256(code.encode()).digest() for code in codes]
    assert not any(code in row["everything"] for code in codes for row in kept)
    assert len(codes[0]) >= 22  # 128 bits


@pytest.fixture
def log_again():
    """The log goes to the standard error of the test that made the application, which is gone after it."""
    yield
    configure_logging("INFO", "console")


@pytest.mark.usefixtures("log_again")
@pytest.mark.parametrize("form", ["console", "json"])
def test_a_code_never_reaches_the_log(capsys, make_app, grader, change, form):
    client = make_app(LOG_FORMAT=form, LOG_LEVEL="DEBUG", REGISTRATION="invite").test_client()
    code = client.post("/invitations", json={}, headers=grader.headers).json["code"]
    assert client.get(f"/app/register?invitation={code}").status_code in {200, 404}  # 404: no client is built
    change("ALTER TABLE users RENAME TO away")
    try:
        assert register(client, code).status_code == 500
    finally:
        change("ALTER TABLE away RENAME TO users")
    assert said(register(client, code)) == DONE
    log = capsys.readouterr().err
    assert "unhandled_error" in log
    assert "/app/register" in log
    assert code not in log
