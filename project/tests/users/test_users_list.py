import datetime as dt

import pytest

from project.web.roles import Role

ADA = {"username": "ada", "email": "Ada@example.org", "password": "correct horse battery"}
PUBLIC = {"id", "username", "created_at"}
FOR_ADMINS = PUBLIC | {"email", "active", "role"}
EMAIL_TAKEN = (400, "fail", "Sorry. That email already exists.")
NAME_TAKEN = (400, "fail", "Sorry. That user already exists.")
INVALID = (400, "fail", "Invalid payload.")


def said(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


def add(client, who, **changes):
    return client.post("/users", json=ADA | changes, headers=who.headers)


def users(client, address="/users", **options):
    return client.get(address, **options).json["data"]["users"]


@pytest.fixture
def headers_of(request):
    """The headers of a member, by the name of the fixture."""
    return lambda who: request.getfixturevalue(who).headers if who else {}


def test_the_list_is_newest_first(client, learner, other):
    assert [user["username"] for user in users(client)] == ["other", "learner", "noise"]


def test_the_list_comes_in_pages(client, make_member):
    for name in "abcde":
        make_member(name)
    found, address = [], "/users?limit=2"
    while address:
        answer = client.get(address).json
        found.append([user["username"] for user in answer["data"]["users"]])
        address = answer["next"]
    assert found == [["e", "d"], ["c", "b"], ["a", "noise"]]


@pytest.mark.parametrize("who", [None, "learner", "grader"])
def test_only_admins_see_addresses(client, admin, headers_of, who):
    headers = headers_of(who)
    assert all(set(user) == PUBLIC for user in users(client, headers=headers))
    assert set(client.get(f"/users/{admin.id}", headers=headers).json["data"]) == PUBLIC


def test_the_list_shows_learners_no_addresses(client, learner):
    assert learner.email not in client.get(f"/users/{learner.id}", headers=learner.headers).text


def test_admins_see_addresses(client, admin, learner):
    listed = users(client, headers=admin.headers)
    assert all(set(user) == FOR_ADMINS for user in listed)
    assert [user["email"] for user in listed] == [learner.email, admin.email, "noise@noise.test"]
    data = client.get(f"/users/{learner.id}", headers=admin.headers).json["data"]
    assert (data["email"], data["active"], data["role"]) == (learner.email, True, "learner")


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic x"])
def test_a_bad_token_shows_as_much_as_none(client, learner, header):
    answer = client.get("/users", headers={"Authorization": header})
    assert answer.status_code == 200
    assert all(set(user) == PUBLIC for user in answer.json["data"]["users"])


def test_an_admin_who_logged_out_sees_no_addresses(client, admin):
    client.get("/auth/logout", headers=admin.headers)
    assert all(set(user) == PUBLIC for user in users(client, headers=admin.headers))


def test_a_user_is_read_by_id(client, learner):
    answer = client.get(f"/users/{learner.id}")
    assert (answer.status_code, answer.json["status"]) == (200, "success")
    data = answer.json["data"]
    assert (data["id"], data["username"]) == (learner.id, "learner")
    assert dt.datetime.fromisoformat(data["created_at"]).utcoffset() == dt.timedelta(0)


NOT_FOUND = (404, "fail", "User does not exist")


@pytest.mark.parametrize("user_id", ["0", "999999", str(2**63 - 1)])
def test_an_unknown_id_is_not_found(client, user_id):
    assert said(client.get(f"/users/{user_id}")) == NOT_FOUND


@pytest.mark.parametrize("user_id", ["-1", "x", "7x", "1.0", "%20", "%00", "٣", str(2**63), "9" * 30])
def test_an_invalid_id_is_not_found_without_a_query(offline, user_id):
    assert said(offline.get(f"/users/{user_id}")) == NOT_FOUND


def test_an_admin_adds_a_user_who_can_log_in(client, admin):
    answer = add(client, admin)
    assert said(answer) == (201, "success", "Ada@example.org was added!")
    data = answer.json["data"]
    assert client.get(f"/users/{data['id']}", headers=admin.headers).json["data"] == data
    credentials = {"email": ADA["email"], "password": ADA["password"]}
    assert client.post("/auth/login", json=credentials).status_code == 200


@pytest.mark.parametrize("who", ["learner", "grader"])
def test_only_admins_add_users(client, rows, headers_of, who):
    answer = client.post("/users", json=ADA, headers=headers_of(who))
    assert said(answer) == (401, "error", "You do not have permission to do that.")
    assert rows("SELECT id FROM users WHERE username = 'ada'") == []


def test_adding_a_user_needs_a_token(client):
    assert said(client.post("/users", json=ADA)) == (403, "error", "Provide a valid auth token.")


@pytest.mark.parametrize("body", [{}, {"username": 5}])
def test_permission_is_checked_before_the_payload(client, learner, body):
    assert client.post("/users", json=body, headers=learner.headers).status_code == 401


@pytest.mark.parametrize("role", Role)
def test_an_admin_chooses_the_role(client, admin, role):
    answer = add(client, admin, role=role)
    assert (answer.status_code, answer.json["data"]["role"]) == (201, role)


def test_without_a_role_a_user_is_a_learner(client, admin):
    assert add(client, admin).json["data"]["role"] == "learner"


@pytest.mark.parametrize("role", ["king", "ADMIN", None, ["admin"]])
def test_an_unknown_role_is_invalid(client, admin, role):
    answer = add(client, admin, role=role)
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == ["role"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"username": "another"}, EMAIL_TAKEN),
        ({"username": "another", "email": "ADA@EXAMPLE.ORG"}, EMAIL_TAKEN),
        ({}, EMAIL_TAKEN),
        ({"email": "another@example.org"}, NAME_TAKEN),
        ({"username": "ADA", "email": "another@example.org"}, NAME_TAKEN),
    ],
)
def test_a_name_or_address_that_exists_is_refused(client, admin, rows, changes, refusal):
    add(client, admin)
    assert said(add(client, admin, **changes)) == refusal
    assert len(rows("SELECT id FROM users WHERE lower(username) IN ('ada', 'another')")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field in ADA for value in (None, 5)] + [("email", "ada"), ("password", "a" * 1025)],
)
def test_a_wrong_field_is_named(client, admin, field, value):
    answer = add(client, admin, **{field: value})
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize("field", ADA)
def test_a_missing_field_is_named(client, admin, field):
    body = {name: text for name, text in ADA.items() if name != field}
    answer = client.post("/users", json=body, headers=admin.headers)
    assert said(answer) == INVALID
    assert list(answer.json["errors"]) == [field]


def test_the_least_length_of_a_password_holds_for_admins_too(make_app, admin):
    answer = add(make_app(PASSWORD_MIN_LENGTH=8).test_client(), admin, password="1234567")
    assert said(answer) == INVALID
    assert answer.json["errors"] == {"password": ["Must have at least 8 characters."]}


def test_no_answer_shows_a_hash(client, admin):
    answers = [add(client, admin), client.get("/users", headers=admin.headers)]
    assert not any("argon2" in answer.text for answer in answers)
