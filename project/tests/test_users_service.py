import re
import socket

import pytest

from project import create_app
from project.operations.observability import configure_logging
from project.postgres.database import dispose_all
from project.tests import stub_users_service as stub
from project.tests.servers import DEADLINE_SECONDS, wait_for
from project.tests.stub_users_service import StubUsersService, user

TOKEN = "ada.token.secret"
SHORT_TIMEOUTS = {"USERS_SERVICE_CONNECT_TIMEOUT": 0.5, "USERS_SERVICE_READ_TIMEOUT": 0.3}


@pytest.fixture
def service():
    with StubUsersService() as service:
        service.users[TOKEN] = user(7)
        yield service


@pytest.fixture
def make_client(service):
    """Make a client of an application that uses the stub, with long timeouts and without a cache by default.

    Checking a token uses no database, so most tests here have none.
    """

    def make(**settings):
        ours = {
            "USERS_SERVICE_URL": service.url,
            "USERS_SERVICE_CONNECT_TIMEOUT": DEADLINE_SECONDS,
            "USERS_SERVICE_READ_TIMEOUT": DEADLINE_SECONDS,
            "USERS_SERVICE_CACHE_SECONDS": 0,
        }
        return create_app(**(ours | settings)).test_client()

    yield make
    dispose_all()


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def short_client(make_client):
    """A client of an application with short timeouts, for tests in which they have to run out."""
    return make_client(**SHORT_TIMEOUTS)


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
SCORE = {"exercise_id": 5, "correct": True}
EXERCISE = {"exercise_body": "b", "test_code": "t", "test_code_solution": "s"}


def test_a_valid_token_is_accepted(client, service):
    assert said(ping(client)) == (200, "success", "pong!")
    (request,) = service.requests
    assert (request.path, request.headers["authorization"]) == ("/auth/status", f"Bearer {TOKEN}")


def test_the_users_service_may_have_a_path_prefix(make_client, service):
    assert ping(make_client(USERS_SERVICE_URL=f"{service.url}/users-service")).status_code == 200
    assert service.requests[0].path == "/users-service/auth/status"


def test_a_missing_header_is_rejected_without_a_call(client, service):
    assert said(client.get("/ping")) == (403, "error", "Provide a valid auth token.")
    assert service.requests == []


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic x", "bearer a b", "Bearer ünï", "Bearer " + "x" * 5000]
)
def test_a_malformed_header_is_rejected_without_a_call(client, service, header):
    assert said(client.get("/ping", headers={"Authorization": header})) == INVALID
    assert service.requests == []


@pytest.mark.parametrize("refusal", stub.REFUSALS.values(), ids=stub.REFUSALS)
def test_a_refused_token_is_invalid(client, service, refusal):
    service.behaviour = refusal
    assert said(ping(client)) == INVALID
    assert len(service.requests) == 1


@pytest.mark.parametrize("active", [False, None, 0, "no"])
def test_an_inactive_users_token_is_invalid(client, service, active):
    service.users[TOKEN] = user(7, active=active)
    assert said(ping(client)) == INVALID


ADMIN = [({"admin": True}, {}), ({}, {"admin": True}), ({"role": "admin"}, {}), ({"admin": True}, {"x": 1})]
NO_ADMIN = [({}, {}), ({"admin": False}, {}), ({"admin": "false"}, {}), ({"admin": 1}, {}), ({}, {"admin": "no"})]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("data", "top", "status"), [(*case, 201) for case in ADMIN] + [(*case, 401) for case in NO_ADMIN]
)
def test_each_form_of_an_admin_is_recognised(client, service, data, top, status):
    service.users[TOKEN] = user(7, top=top, **data)
    assert client.post("/exercises", json=EXERCISE, headers=bearer()).status_code == status


ROLES = {"grader": 201, "admin": 201, "learner": 401, "king": 401, None: 401, 3: 401, ("grader",): 401}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("role", "status"), ROLES.items())
def test_staff_may_write_the_scores_of_others(client, service, role, status):
    service.users[TOKEN] = user(7, role=role)
    answer = client.post("/scores", json=SCORE | {"user_id": 8}, headers=bearer())
    assert answer.status_code == status
    assert status == 201 or said(answer) == FORBIDDEN


def test_a_score_belongs_to_whom_the_service_named(client, rows):
    answer = client.post("/scores", json=SCORE, headers=bearer())
    assert said(answer) == (201, "success", "New score was added!")
    assert rows("SELECT user_id FROM scores WHERE exercise_id = 5") == [{"user_id": 7}]


@pytest.mark.parametrize("trouble", stub.TROUBLE.values(), ids=stub.TROUBLE)
def test_trouble_with_the_service_is_503(short_client, service, trouble):
    service.behaviour = trouble
    assert is_unavailable(ping(short_client))
    assert service.requests


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("user_id", [None, "7", True, 7.0, [7], 2**63, -(2**63) - 1, 2**64])
def test_an_invalid_user_id_is_a_503(client, service, user_id):
    service.users[TOKEN] = user(user_id)
    assert is_unavailable(client.post("/scores", json=SCORE, headers=bearer()))


def test_a_closed_port_is_503(make_client, closed_port):
    assert is_unavailable(ping(make_client(USERS_SERVICE_URL=f"http://127.0.0.1:{closed_port}")))


@pytest.mark.usefixtures("database")
def test_a_public_page_needs_no_users_service(client, service):
    service.behaviour = stub.always(500)
    assert client.get("/exercises", headers=bearer()).status_code == 200


def test_a_broken_connection_is_tried_once_more(client, service):
    service.behaviour = stub.drop(1)
    assert ping(client).status_code == 200
    assert len(service.requests) == 2


def test_a_second_broken_connection_is_a_503(client, service):
    service.behaviour = stub.drop(2)
    assert is_unavailable(ping(client))
    assert len(service.requests) == 2


def test_a_closed_keep_alive_connection_fails_no_request(client, service):
    service.behaviour = stub.answer_once_per_connection
    assert [ping(client).status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("slowness", [stub.wait, stub.dribble_body])
def test_a_slow_service_is_called_once(short_client, service, slowness):
    service.behaviour = slowness
    assert is_unavailable(ping(short_client))
    assert len(service.requests) == 1


@pytest.mark.parametrize("dribble", [stub.dribble_headers, stub.dribble_body])
def test_a_response_sent_byte_by_byte_exceeds_the_timeout(short_client, service, dribble):
    service.behaviour = dribble
    assert is_unavailable(ping(short_client))
    assert service.abandoned.wait(DEADLINE_SECONDS)


def test_the_user_of_a_valid_token_is_cached(make_client, service):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    assert [ping(client).status_code for _ in range(3)] == [200] * 3
    assert len(service.requests) == 1


def test_each_token_has_its_own_cache_entry(make_client, service, rows):
    service.users["second"] = user(8)
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    for token in (TOKEN, "second"):
        client.post("/scores", json=SCORE, headers=bearer(token))
    found = rows("SELECT user_id FROM scores WHERE exercise_id = 5 ORDER BY user_id")
    assert [row["user_id"] for row in found] == [7, 8]


@pytest.mark.parametrize("failure", [stub.always(401), stub.always(500), stub.drop(2)])
def test_a_failure_is_not_remembered(make_client, service, failure):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=30)
    service.behaviour = failure
    assert ping(client).status_code in (401, 503)
    service.behaviour = stub.answer
    assert ping(client).status_code == 200


def test_without_a_cache_every_request_calls_the_users_service(client, service):
    assert [ping(client).status_code for _ in range(3)] == [200] * 3
    assert len(service.requests) == 3


def test_a_cached_user_expires(make_client, service):
    client = make_client(USERS_SERVICE_CACHE_SECONDS=0.05)
    ping(client)
    del service.users[TOKEN]
    wait_for(lambda: ping(client).status_code != 200, "the end of the cache entry")
    assert said(ping(client)) == INVALID


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(client, service, status):
    with StubUsersService() as other_host:
        other_host.users[TOKEN] = user(7, admin=True)
        service.behaviour = stub.always(status, location=f"{other_host.url}/auth/status")
        assert is_unavailable(ping(client))
        assert other_host.requests == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", path) for path in ("/auth/register", "/auth/login", "/users", "/invitations")]
    + [("GET", path) for path in ("/auth/logout", "/auth/registration", "/users", "/users/1", "/invitations")],
)
def test_routes_of_users_do_not_exist_with_a_users_service(client, service, method, path):
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


@pytest.mark.usefixtures("log_again")
@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize(
    "behaviour",
    [stub.answer, stub.always(401), stub.always(500), stub.truncate, stub.drop(4), stub.wait],
    ids=["right", "401", "500", "truncated", "dropped", "slow"],
)
def test_a_token_never_reaches_the_log(capsys, make_client, service, behaviour, form):
    client = make_client(LOG_LEVEL="DEBUG", LOG_FORMAT=form, **SHORT_TIMEOUTS)
    service.behaviour = behaviour
    ping(client)
    log = capsys.readouterr().err
    assert "/ping" in log
    assert TOKEN not in log
