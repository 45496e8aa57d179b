import datetime as dt
import uuid

import jwt
import pytest
import time_machine

from project.settings.secret_key import secret_key
from project.tests.conftest import PASSWORD
from project.web.roles import Role

INVALID = (401, "error", "Invalid token.")
FORBIDDEN = (401, "error", "You do not have permission to do that.")
DAY = dt.timedelta(days=1)


def said(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


def ping(client, token):
    return client.get("/ping", headers={"Authorization": f"Bearer {token}"})


def claims_of(user_id, **changes):
    now = dt.datetime.now(dt.UTC)
    claims = {"sub": str(user_id), "iat": now, "exp": now + DAY, "jti": str(uuid.uuid4())}
    return {name: value for name, value in (claims | changes).items() if value is not ...}


@pytest.fixture
def sign(shared_app):
    """Sign claims with the service's own key."""
    return lambda claims: jwt.encode(claims, secret_key(shared_app.config), "HS256")


def test_a_request_without_the_header_is_refused(client):
    assert said(client.get("/ping")) == (403, "error", "Provide a valid auth token.")


def test_a_token_is_let_in(client, learner):
    assert said(ping(client, learner.token)) == (200, "success", "pong!")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_case_of_the_scheme_does_not_matter(client, learner, scheme):
    assert client.get("/ping", headers={"Authorization": f"{scheme} {learner.token}"}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer  x",
        "Bearer\tx",
        "Bearer:x",
        "Bearerx",
        "Basic x",
        "bearer a b",
        "Bearer a,Bearer b",
        "Bearer ünï",
        "Bearer \u00a0",
        "Bearer x\x00",
        "Bearer ..",
        "Bearer null",
        "Bearer " + "x" * 5000,
    ],
)
def test_a_malformed_header_is_an_invalid_token(offline, header):
    assert said(offline.get("/ping", headers={"Authorization": header})) == INVALID


MALFORMED = ["{}", "Token {}", "Basic {}", "Bearer  {}", "Bearer {} x", "Bearer {}.", '"Bearer {}"']


@pytest.mark.parametrize("form", MALFORMED)
def test_a_good_token_in_a_malformed_header_is_invalid(offline, sign, form):
    token = sign(claims_of(1))
    assert said(offline.get("/ping", headers={"Authorization": form.format(token)})) == INVALID


@pytest.mark.parametrize(("method", "path"), [("GET", "/auth/status"), ("GET", "/auth/logout"), ("POST", "/scores")])
def test_all_routes_that_need_a_token_have_the_same_error(client, method, path):
    assert said(client.open(path, method=method)) == (403, "error", "Provide a valid auth token.")
    assert said(client.open(path, method=method, headers={"Authorization": "Bearer x"})) == INVALID


def test_a_token_lasts_as_long_as_configured(make_app, learner):
    client = make_app(TOKEN_LIFETIME_SECONDS=600).test_client()
    token = client.post("/auth/login", json={"email": learner.email, "password": PASSWORD}).json["auth_token"]
    now = dt.datetime.now(dt.UTC)
    with time_machine.travel(now + dt.timedelta(seconds=590), tick=False):
        assert ping(client, token).status_code == 200
    with time_machine.travel(now + dt.timedelta(seconds=601), tick=False):
        assert said(ping(client, token)) == INVALID


def test_an_expired_token_cannot_log_out(client, learner, rows):
    with time_machine.travel(dt.datetime.now(dt.UTC) + 2 * DAY, tick=False):
        assert said(client.get("/auth/logout", headers=learner.headers)) == INVALID
    assert rows("SELECT * FROM revoked_tokens") == []


def test_a_token_from_the_future_is_invalid(client, learner, sign):
    assert said(ping(client, sign(claims_of(learner.id, iat=dt.datetime.now(dt.UTC) + DAY)))) == INVALID


def test_a_token_of_a_machine_whose_clock_is_a_little_ahead_is_good(client, learner, sign):
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=10)
    assert ping(client, sign(claims_of(learner.id, iat=ahead))).status_code == 200


def test_a_new_password_ends_all_tokens_so_far(client, app, learner, change):
    change("UPDATE users SET tokens_since = now() + interval '1 second' WHERE id = :id", id=learner.id)
    assert said(ping(client, learner.token)) == INVALID


def test_the_claims_of_these_tests_are_good_ones(client, learner, sign):
    assert ping(client, sign(claims_of(learner.id))).status_code == 200


@pytest.mark.parametrize(("key", "algorithm"), [("another key, and long enough for us" * 2, "HS256"), (None, "none")])
def test_a_token_that_we_did_not_sign_is_invalid(client, learner, key, algorithm):
    assert said(ping(client, jwt.encode(claims_of(learner.id), key, algorithm))) == INVALID


def test_a_token_of_another_algorithm_is_invalid(app, client, learner):
    assert said(ping(client, jwt.encode(claims_of(learner.id), secret_key(app.config), "HS384"))) == INVALID


def test_a_token_without_its_signature_is_invalid(client, learner):
    head, body, _ = learner.token.split(".")
    assert said(ping(client, f"{head}.{body}.")) == INVALID
    assert said(ping(client, f"{head}.{body}")) == INVALID


def test_a_token_whose_user_was_exchanged_is_invalid(client, learner, admin):
    (head, _, signature), (_, body, _) = learner.token.split("."), admin.token.split(".")
    assert said(ping(client, f"{head}.{body}.{signature}")) == INVALID


ODD_CLAIMS: dict[str, list[object]] = {
    "sub": [..., None, 1, "", "seven", "1.0", ["1"]],
    "iat": [..., None, "yesterday"],
    "exp": [..., None, "tomorrow", 10**20, 10**400, float("inf"), float("nan"), [1], -1],
    "jti": [..., None, 7, "", "no-uuid", ["x"]],
}


@pytest.mark.parametrize(("claim", "value"), [(claim, value) for claim in ODD_CLAIMS for value in ODD_CLAIMS[claim]])
def test_odd_claims_make_an_invalid_token(offline, sign, claim, value):
    assert said(ping(offline, sign(claims_of(1, **{claim: value})))) == INVALID


@pytest.mark.parametrize("user_id", ["0", "-1", "999999", str(2**63), "9" * 30, "9" * 1000])
def test_the_token_of_a_missing_user_is_invalid(client, sign, user_id):
    assert said(ping(client, sign(claims_of(user_id)))) == INVALID


def test_a_log_out_is_confirmed(client, learner):
    answer = client.get("/auth/logout", headers=learner.headers)
    assert said(answer) == (200, "success", "Successfully logged out.")


def test_a_logged_out_token_is_dead(client, learner):
    client.get("/auth/logout", headers=learner.headers)
    assert said(ping(client, learner.token)) == INVALID
    assert said(client.get("/auth/logout", headers=learner.headers)) == INVALID


def test_a_log_out_leaves_the_users_other_tokens_alone(client, learner, other):
    credentials = {"email": learner.email, "password": PASSWORD}
    second = client.post("/auth/login", json=credentials).json["auth_token"]
    client.get("/auth/logout", headers=learner.headers)
    assert ping(client, second).status_code == 200
    assert ping(client, other.token).status_code == 200


def test_a_log_out_counts_for_every_process(make_app, client, learner):
    client.get("/auth/logout", headers=learner.headers)
    assert said(ping(make_app().test_client(), learner.token)) == INVALID


def test_revoked_tokens_are_forgotten_once_they_have_expired(client, learner, rows, change):
    for age in ("-1 minute", "1 hour"):
        change("INSERT INTO revoked_tokens VALUES (gen_random_uuid(), now() + CAST(:age AS interval))", age=age)
    client.get("/auth/logout", headers=learner.headers)
    assert rows("SELECT count(*) FROM revoked_tokens") == [{"count": 2}]
    assert rows("SELECT count(*) FROM revoked_tokens WHERE expires_at < now()") == [{"count": 0}]


def test_an_inactive_users_token_is_refused_at_once(client, learner, other, change):
    change("UPDATE users SET active = false WHERE id = :id", id=learner.id)
    assert said(ping(client, learner.token)) == INVALID
    assert ping(client, other.token).status_code == 200
    change("UPDATE users SET active = true WHERE id = :id", id=learner.id)
    assert ping(client, learner.token).status_code == 200


def test_a_deleted_users_token_is_refused(client, learner, change):
    change("DELETE FROM users WHERE id = :id", id=learner.id)
    assert said(ping(client, learner.token)) == INVALID


def test_a_role_counts_from_the_moment_it_changes(client, admin, change):
    change("UPDATE users SET role = 'learner' WHERE id = :id", id=admin.id)
    assert said(client.post("/users", json={}, headers=admin.headers)) == FORBIDDEN


@pytest.mark.parametrize("role", Role)
def test_status_describes_the_caller(client, make_member, role):
    member = make_member("Ada", role)
    answer = client.get("/auth/status", headers=member.headers)
    assert (answer.status_code, answer.json["status"]) == (200, "success")
    data = answer.json["data"]
    created_at = dt.datetime.fromisoformat(data.pop("created_at"))
    assert created_at.utcoffset() == dt.timedelta(0)
    admin = role is Role.ADMIN
    expected = {"id": member.id, "username": "Ada", "email": member.email, "active": True, "admin": admin, "role": role}
    assert data == expected
