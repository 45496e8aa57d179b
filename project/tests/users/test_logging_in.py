import json

import pytest

from project.tests.conftest import PASSWORD

REFUSED = (404, "error", "User does not exist.")
INVALID = (400, "error", "Invalid payload.")


def login(client, email, password=PASSWORD):
    return client.post("/auth/login", json={"email": email, "password": password})


def said(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


def stored_hash(rows, user):
    (row,) = rows("SELECT password_hash FROM users WHERE id = :id", id=user.id)
    return row["password_hash"]


def test_address_and_password_are_exchanged_for_a_token(client, learner):
    answer = login(client, learner.email)
    assert said(answer) == (200, "success", "Successfully logged in.")
    status = client.get("/auth/status", headers={"Authorization": f"Bearer {answer.json['auth_token']}"})
    assert status.json["data"]["id"] == learner.id


def test_the_case_of_an_address_does_not_matter(client, learner):
    assert login(client, learner.email.upper()).status_code == 200


@pytest.mark.parametrize("email", ["nobody@example.org", "learner", "", "%", "LEARNER@example.org ", "a" * 10_000])
def test_an_unknown_address_is_refused(client, learner, email):
    assert said(login(client, email)) == REFUSED


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1]])
def test_a_wrong_password_is_refused(client, learner, password):
    assert said(login(client, learner.email, password)) == REFUSED


def test_the_password_of_another_is_refused(client, learner):
    assert said(login(client, learner.email, "noise")) == REFUSED


def test_a_response_does_not_reveal_whether_the_address_is_known(client, learner):
    unknown, wrong = (login(client, email, "wrong") for email in ("nobody@example.org", learner.email))
    assert unknown.json | {"request_id": ""} == wrong.json | {"request_id": ""}
    assert dict(unknown.headers) | {"X-Request-ID": ""} == dict(wrong.headers) | {"X-Request-ID": ""}


def test_all_of_a_password_is_compared(client):
    account = {"username": "ada", "email": "ada@example.org", "password": "x" * 1024}
    client.post("/auth/register", json=account)
    assert said(login(client, account["email"], "x" * 1023)) == REFUSED
    assert login(client, account["email"], "x" * 1024).status_code == 200


def test_a_password_is_compared_byte_for_byte(client):
    composed, decomposed = "\N{LATIN SMALL LETTER E WITH DIAERESIS}", "e\N{COMBINING DIAERESIS}"
    client.post("/auth/register", json={"username": "ada", "email": "ada@example.org", "password": composed})
    assert said(login(client, "ada@example.org", decomposed)) == REFUSED


def test_an_inactive_user_is_refused(client, learner, change):
    change("UPDATE users SET active = false WHERE id = :id", id=learner.id)
    assert said(login(client, learner.email)) == REFUSED


WRONG: dict[str, list[object]] = {
    "email": [None, 5, True, ["a@b"], {"a": 1}, "a\0b", "\ud800"],
    "password": [None, 5, True, ["a"], "a\0b", "a" * 1025, "\ud800"],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in WRONG for value in WRONG[field]])
def test_a_wrong_field_is_named(offline, field, value):
    body = json.dumps({"email": "a@b", "password": "x", field: value})  # Flask's own cannot write a lone surrogate
    answer = offline.post("/auth/login", data=body, content_type="application/json")
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize("field", WRONG)
def test_a_missing_field_is_named(offline, field):
    answer = offline.post("/auth/login", json={name: "x" for name in WRONG if name != field})
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize("body", ["", "{", "[]", "null"])
def test_a_body_that_is_no_object_is_invalid(offline, body):
    assert said(offline.post("/auth/login", data=body, content_type="application/json")) == INVALID


def test_a_hash_of_other_costs_is_renewed(make_app, rows, learner):
    client = make_app(PASSWORD_HASH_TIME_COST=2).test_client()
    before = stored_hash(rows, learner)
    assert login(client, learner.email).status_code == 200
    after = stored_hash(rows, learner)
    assert ",t=1," in before
    assert ",t=2," in after
    assert login(client, learner.email).status_code == 200
    assert stored_hash(rows, learner) == after


def test_a_refused_log_in_renews_nothing(make_app, rows, learner):
    before = stored_hash(rows, learner)
    login(make_app(PASSWORD_HASH_TIME_COST=2).test_client(), learner.email, "wrong")
    assert stored_hash(rows, learner) == before


def test_a_hash_of_the_costs_in_force_is_left_alone(client, rows, learner):
    before = stored_hash(rows, learner)
    login(client, learner.email)
    assert stored_hash(rows, learner) == before
