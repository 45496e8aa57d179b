"""Invitations as staff make, list and revoke them."""

import datetime as dt

import pytest

FIELDS = {"id", "uses", "uses_left", "created_by", "created_at", "expires_at"}


def make(client, who, **payload):
    return client.post("/invitations", json=payload, headers=who.headers)


def listed(client, who, address="/invitations"):
    return client.get(address, headers=who.headers).json["data"]["invitations"]


@pytest.mark.parametrize("role", ["grader", "admin"])
def test_staff_make_an_invitation_and_see_its_code_once(client, request, role):
    who = request.getfixturevalue(role)
    made = make(client, who, uses=30, days=14)
    assert (made.status_code, made.json["message"]) == (201, "Invitation was added!")
    data = made.json["data"]
    assert set(data) == FIELDS
    assert (data["uses"], data["uses_left"], data["created_by"]) == (30, 30, who.id)
    lasts = dt.datetime.fromisoformat(data["expires_at"]) - dt.datetime.fromisoformat(data["created_at"])
    assert lasts == dt.timedelta(days=14)
    answer = client.get("/invitations", headers=who.headers)
    assert answer.json["data"]["invitations"] == [data]
    assert made.json["code"] not in answer.text


def test_by_default_an_invitation_is_for_one_use_and_a_week(client, grader):
    data = make(client, grader).json["data"]
    assert data["uses"] == 1
    lasts = dt.datetime.fromisoformat(data["expires_at"]) - dt.datetime.fromisoformat(data["created_at"])
    assert lasts == dt.timedelta(days=7)


@pytest.mark.parametrize("field", ["uses", "days"])
@pytest.mark.parametrize("value", [0, -1, 1001, 1.5, "3", True, None])
def test_a_wrong_number_is_named_and_nothing_is_written(client, grader, rows, field, value):
    answer = make(client, grader, **{field: value})
    assert (answer.status_code, list(answer.json["errors"])) == (400, [field])
    assert rows("SELECT 1 FROM invitations") == []


def test_no_learner_and_no_stranger_gets_at_invitations(client, grader, learner, rows):
    number = make(client, grader).json["data"]["id"]
    for headers, status in ((learner.headers, 401), ({}, 403)):
        assert client.post("/invitations", json={}, headers=headers).status_code == status
        assert client.get("/invitations", headers=headers).status_code == status
        assert client.delete(f"/invitations/{number}", headers=headers).status_code == status
    assert rows("SELECT id FROM invitations") == [{"id": number}]


def test_invitations_are_listed_in_pages_newest_first(client, grader):
    numbers = [make(client, grader).json["data"]["id"] for _ in range(3)]
    assert [one["id"] for one in listed(client, grader)] == numbers[::-1]
    first = client.get("/invitations?limit=2", headers=grader.headers).json
    rest = listed(client, grader, first["next"])
    assert [one["id"] for one in (*first["data"]["invitations"], *rest)] == numbers[::-1]


def test_a_revoked_invitation_cannot_be_used(client, make_app, admin, grader, rows):
    kept, revoked = make(client, grader).json, make(client, grader).json
    address = f"/invitations/{revoked['data']['id']}"
    assert client.delete(address, headers=admin.headers).json["message"] == "Invitation was revoked!"
    assert client.delete(address, headers=admin.headers).status_code == 404
    assert [one["id"] for one in listed(client, admin)] == [kept["data"]["id"]]
    guest = make_app(REGISTRATION="invite").test_client()
    account = {"username": "ada", "email": "ada@example.org", "password": "correct horse battery"}
    assert guest.post("/auth/register", json=account | {"invitation": revoked["code"]}).status_code == 403
    assert rows("SELECT 1 FROM users WHERE username = 'ada'") == []
    assert guest.post("/auth/register", json=account | {"invitation": kept["code"]}).status_code == 201


@pytest.mark.parametrize("number", ["0", "7x", "-1", str(2**63), "%00"])
def test_an_invitation_that_cannot_be_is_not_found(client, grader, number):
    answer = client.delete(f"/invitations/{number}", headers=grader.headers)
    assert (answer.status_code, answer.json["message"]) == (404, "Invitation does not exist")


def test_a_new_invitation_deletes_those_that_have_expired(client, grader, change, rows):
    for _ in range(3):
        make(client, grader)
    change(
        "UPDATE invitations SET expires_at = now() - interval '1 second' WHERE id <> (SELECT max(id) FROM invitations)"
    )
    make(client, grader)
    assert rows("SELECT count(*) FROM invitations") == [{"count": 2}]


def test_a_key_is_refused_since_the_code_could_not_be_repeated(client, grader, rows):
    answer = client.post("/invitations", json={}, headers=grader.headers | {"Idempotency-Key": "once"})
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["Idempotency-Key"])
    assert rows("SELECT 1 FROM invitations") == []
