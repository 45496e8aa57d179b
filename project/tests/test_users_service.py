import re
import socket
import time

import pytest
import sqlalchemy as sa

from project import db
from project.observability import configure_logging
from project.tests import stub_users_service as stub
from project.tests.stub_users_service import StubUsersService, user

TOKEN = "ada.token.secret"


@pytest.fixture
def service():
    with StubUsersService() as service:
        service.users[TOKEN] = user(7)
        yield service


@pytest.fixture
def make_client(make_app, service):
    """Make a client of an application that asks the stub: fast, and remembering nothing unless told otherwise."""

    def make(**settings):
        ours = {
            "USERS_SERVICE_URL": service.url,
            "USERS_SERVICE_CONNECT_TIMEOUT": 0.5,
            "USERS_SERVICE_READ_TIMEOUT": 0.3,
            "USERS_SERVICE_CACHE_SECONDS": 0,
        }
        return make_app(**(ours | settings)).test_client()

    return make


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def closed_port():
    """The port of a socket that is bound and does not listen: nobody else can take it."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@pytest.fixture
def log_again():
    """The log goes to the standard error of the test that made the application, which is gone after it."""
    yield
    configure_logging("INFO", "console")


@pytest.fixture
def without_scores(app):
    """A statement on scores is a defect of ours: their table has another name."""
    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE scores RENAME TO elsewhere"))
        db.session.commit()
    yield
    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE elsewhere RENAME TO scores"))
        db.session.commit()


def bearer(token=TOKEN):
    return {"Authorization": f"Bearer {token}"}


def ping(client, token=TOKEN):
    return client.get("/ping", headers=bearer(token))


def said(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


def is_unavailable(answer):
    return answer.status_code == 503 and answer.json["status"] == "error" and int(answer.headers["Retry-After"]) >= 1


INVALID = (401, "error", "Invalid token.")
FORBIDDEN = (401, "error", "You do not have permission to do that.")
EXERCISE = {"exercise_body": "b", "test_code": "t", "test_code_solution": "s"}


def test_a_good_token_is_let_in(client, service):
    assert said(ping(client)) == (200, "success", "pong!")
    assert [request.path for request in service.requests] == ["/auth/status"]


def test_the_service_gets_the_token_in_the_callers_header(client, service):
    ping(client)
    assert service.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_the_service_may_live_below_a_path(make_client, service):
    assert ping(make_client(USERS_SERVICE_URL=f"{service.url}/users-service")).status_code == 200
    assert service.requests[0].path == "/users-service/auth/status"


def test_no_header_is_refused_without_asking(client, service):
    assert said(client.get("/ping")) == (403, "error", "Provide a valid auth token.")
    assert service.requests == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer  x", "Basic x", "bearer a b", "Bearer ünï"])
def test_a_malformed_header_is_refused_without_asking(client, service, header):
    assert said(client.get("/ping", headers={"Authorization": header})) == INVALID
    assert service.requests == []


REFUSALS = {
    "401": stub.always(401, b'{"status": "error", "message": "Invalid token."}'),
    "401 without JSON": stub.always(401, b"no", **{"content-type": "text/plain"}),
    "403": stub.always(403, b'{"status": "error", "message": "Provide a valid auth token."}'),
    "400": stub.always(400, b'{"status": "fail", "message": "Signature expired."}'),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_a_refused_token_is_invalid(client, service, refusal):
    service.behaviour = refusal
    assert said(ping(client)) == INVALID
    assert len(service.requests) == 1


@pytest.mark.parametrize("active", [False, None, 0, "no"])
def test_an_inactive_users_token_is_invalid(client, service, active):
    service.users[TOKEN] = user(7, active=active)
    assert said(ping(client)) == INVALID


@pytest.mark.parametrize(
    ("data", "top"),
    [({}, {}), ({"admin": False}, {}), ({"admin": "false"}, {}), ({"admin": 1}, {}), ({}, {"admin": "no"})],
)
def test_who_is_not_called_an_admin_is_none(client, service, data, top):
    service.users[TOKEN] = user(7, top=top, **data)
    assert said(client.post("/exercises", json=EXERCISE, headers=bearer())) == FORBIDDEN


@pytest.mark.parametrize(
    ("data", "top"), [({"admin": True}, {}), ({}, {"admin": True}), ({"role": "admin"}, {}), ({"admin": True}, {"x": 1})]
)
def test_an_admin_is_one_wherever_the_service_says_so(client, service, data, top):
    service.users[TOKEN] = user(7, top=top, **data)
    assert client.post("/exercises", json=EXERCISE, headers=bearer()).status_code == 201


def test_a_grader_may_write_the_scores_of_others(client, service):
    service.users[TOKEN] = user(7, role="grader")
    answer = client.post("/scores", json={"exercise_id": 5, "correct": True, "user_id": 8}, headers=bearer())
    assert (answer.status_code, answer.json["data"]["user_id"]) == (201, 8)


@pytest.mark.parametrize("role", ["learner", "king", None, 3, ["admin"]])
def test_any_other_role_is_a_learners(client, service, role):
    service.users[TOKEN] = user(7, role=role)
    answer = client.post("/scores", json={"exercise_id": 5, "correct": True, "user_id": 8}, headers=bearer())
    assert said(answer) == FORBIDDEN


def test_a_score_belongs_to_whom_the_service_named(client, rows):
    answer = client.post("/scores", json={"exercise_id": 5, "correct": True}, headers=bearer())
    assert said(answer) == (201, "success", "New score was added!")
    assert rows("SELECT user_id FROM scores WHERE exercise_id = 5") == [{"user_id": 7}]


TROUBLE = {
    "HTML": stub.always(200, b"<h1>Welcome</h1>", **{"content-type": "text/html"}),
    "list": stub.always(200, b"[1, 2]"),
    "string": stub.always(200, b'"success"'),
    "empty": stub.always(200),
    "empty object": stub.always(200, b"{}"),
    "no JSON": stub.always(200, b'{"status": "success", '),
    "no UTF-8": stub.always(200, b'{"status": "\xff"}'),
    "deep": stub.always(200, b"[" * 60_000),
    "huge": stub.always(200, b" " * 2_000_000),
    "no user": stub.always(200, b'{"status": "success"}'),
    "user is a list": stub.always(200, b'{"status": "success", "data": []}'),
    "no status": stub.always(200, b'{"data": {"id": 7, "active": true}}'),
    "no content": stub.always(204),
    "right body, wrong status": stub.misstate(400),
    "404": stub.always(404, b'{"status": "fail", "message": "Not found."}'),
    "429": stub.always(429, b'{"status": "error", "message": "Too many requests."}'),
    "500": stub.always(500, b'{"status": "error", "message": "Internal Server Error."}'),
    "502": stub.always(502, b"<h1>Bad Gateway</h1>", **{"content-type": "text/html"}),
    "503": stub.always(503, b'{"status": "error"}', **{"retry-after": "1000"}),
    "truncated": stub.truncate,
    "huge when unpacked": stub.compress,
    "packed, but not": stub.always(200, b"{}", **{"content-encoding": "gzip"}),
    "no HTTP": stub.say(b"220 mail.example.org ESMTP\r\n"),
    "no headers": stub.say(b"HTTP/1.1 200 OK\r\n"),
    "two lengths": stub.say(b"HTTP/1.1 200 OK\r\ncontent-length: 2, 3\r\n\r\n{}"),
    "endless header": stub.say(b"HTTP/1.1 200 OK\r\nx: " + b"x" * 100_000),
    "slow": stub.wait,
    "slow body": stub.dribble_body,
    "slow headers": stub.dribble_headers,
    "dropped": stub.drop(1000),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
def test_trouble_with_the_service_is_503(client, service, trouble):
    service.behaviour = trouble
    assert is_unavailable(ping(client))
    assert service.requests


@pytest.mark.parametrize("user_id", [None, "7", True, 7.0, [7], 2**63, -(2**63) - 1, 2**64])
def test_an_id_that_is_none_is_503(client, service, user_id):
    service.users[TOKEN] = user(user_id)
    assert is_unavailable(client.post("/scores", json={"exercise_id": 5, "correct": True}, headers=bearer()))


def test_a_closed_port_is_503(make_client, closed_port):
    assert is_unavailable(ping(make_client(USERS_SERVICE_URL=f"http://127.0.0.1:{closed_port}")))


def test_trouble_shows_nothing_of_a_score(client, service, rows):
    service.behaviour = stub.always(500)
    client.post("/scores", json={"exercise_id": 5, "correct": True}, headers=bearer())
    assert rows("SELECT id FROM scores WHERE exercise_id = 5") == []


def test_a_public_page_needs_no_users_service(client, service):
    service.behaviour = stub.always(500)
    assert client.get("/exercises", headers=bearer()).status_code == 200


def test_a_broken_connection_is_tried_once_more(client, service):
    service.behaviour = stub.drop(1)
    assert ping(client).status_code == 200
    assert len(service.requests) == 2


def test_a_connection_that_breaks_again_is_given_up(client, service):
    service.behaviour = stub.drop(2)
    assert is_unavailable(ping(client))
    assert len(service.requests) == 2


def test_the_refusal_of_a_second_try_counts(client, service):
    service.behaviour = stub.drop(1)
    assert said(ping(client, "unknown")) == INVALID


def test_a_kept_connection_that_was_closed_costs_no_request(client, service):
    service.behaviour = stub.answer_once_per_connection
    assert [ping(client).status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("slowness", [stub.wait, stub.dribble_body])
def test_a_slow_service_is_not_asked_again(client, service, slowness):
    service.behaviour = slowness
    assert is_unavailable(ping(client))
    assert len(service.requests) == 1


def test_a_good_answer_is_remembered(make_client, service):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    assert [ping(client).status_code for _ in range(3)] == [200] * 3
    assert len(service.requests) == 1


def test_a_remembered_caller_is_the_same_one(make_client, service, rows):
    service.users[TOKEN] = user(7, role="grader")
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    for exercise_id in (5, 6):
        client.post("/scores", json={"exercise_id": exercise_id, "correct": True, "user_id": 8}, headers=bearer())
    assert rows("SELECT recorded_by FROM score_changes WHERE user_id = 8") == [{"recorded_by": 7}] * 2


def test_each_token_has_its_own_answer(make_client, service, rows):
    service.users["second"] = user(8)
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    for token in (TOKEN, "second"):
        client.post("/scores", json={"exercise_id": 5, "correct": True}, headers=bearer(token))
    found = rows("SELECT user_id FROM scores WHERE exercise_id = 5 ORDER BY user_id")
    assert [row["user_id"] for row in found] == [7, 8]


def test_a_remembered_answer_outlasts_trouble(make_client, service):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    ping(client)
    service.behaviour = stub.always(500)
    assert ping(client).status_code == 200


@pytest.mark.parametrize("failure", [stub.always(401), stub.always(500), stub.drop(2)])
def test_a_failure_is_not_remembered(make_client, service, failure):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    service.behaviour = failure
    assert ping(client).status_code in (401, 503)
    service.behaviour = stub.answer
    assert ping(client).status_code == 200


def test_an_inactive_user_is_not_remembered(make_client, service):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    service.users[TOKEN] = user(7, active=False)
    assert ping(client).status_code == 401
    service.users[TOKEN] = user(7)
    assert ping(client).status_code == 200


def test_without_a_cache_every_request_asks(client, service):
    assert [ping(client).status_code for _ in range(3)] == [200] * 3
    assert len(service.requests) == 3


def test_a_remembered_answer_is_forgotten_in_time(make_client, service):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=0.05)
    ping(client)
    del service.users[TOKEN]
    deadline = time.monotonic() + 20
    while ping(client).status_code == 200 and time.monotonic() < deadline:
        pass
    assert said(ping(client)) == INVALID


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(client, service, status):
    with StubUsersService() as elsewhere:
        elsewhere.users[TOKEN] = user(7, admin=True)
        service.behaviour = stub.always(status, location=f"{elsewhere.url}/auth/status")
        assert is_unavailable(ping(client))
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/auth/register"),
        ("POST", "/auth/login"),
        ("GET", "/auth/logout"),
        ("GET", "/auth/status"),
        ("GET", "/users"),
        ("GET", "/users/1"),
        ("POST", "/users"),
    ],
)
def test_users_are_kept_elsewhere(client, service, method, path):
    answer = client.open(path, method=method, json={}, headers=bearer())
    assert (answer.status_code, answer.json["status"]) == (404, "fail")
    assert service.requests == []


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [(stub.answer, "accepted"), (stub.always(401), "refused"), (stub.always(500), "unavailable")],
)
def test_outcomes_are_counted(client, service, behaviour, outcome):
    service.behaviour = behaviour
    before = counts(client)
    ping(client)
    after = counts(client)
    assert {name for name in after if after[name] != before.get(name, 0)} == {outcome}
    assert after[outcome] == before.get(outcome, 0) + 1


def counts(client):
    """How often each outcome was observed, as /metrics says."""
    pattern = r'^users_service_request_duration_seconds_count{outcome="(\w+)"} (\S+)$'
    return {name: float(text) for name, text in re.findall(pattern, client.get("/metrics").text, re.MULTILINE)}


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize(
    "behaviour",
    [stub.answer, stub.always(401), stub.always(500), stub.truncate, stub.drop(4), stub.wait],
    ids=["right", "401", "500", "truncated", "dropped", "slow"],
)
def test_a_token_never_reaches_the_log(log_again, capsys, make_client, service, behaviour, form):
    client = make_client(LOG_LEVEL="DEBUG", LOG_FORMAT=form)
    service.behaviour = behaviour
    ping(client)
    log = capsys.readouterr().err
    assert "/ping" in log
    assert TOKEN not in log


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_defect_in_us_writes_no_token_to_the_log(log_again, capsys, make_client, without_scores, form):
    answer = make_client(LOG_FORMAT=form).post("/scores", json={"exercise_id": 5, "correct": True}, headers=bearer())
    log = capsys.readouterr().err
    assert answer.status_code == 500
    assert "unhandled_error" in log
    assert TOKEN not in log
