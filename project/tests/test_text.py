import itertools
import json
import re
import socket
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from project import create_app, db

EXERCISE = {"exercise_body": "b", "test_code": "t", "test_code_solution": "s"}
TEXTS = {
    "emoji": "\U0001f469\U0001f3fd\u200d\U0001f680 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1ea\U0001f1fa",
    "right to left": "\u200f\u05e9\u05dc\u05d5\u05dd\u202e \u0639\u0627\u0644\u0645\u202c\u2066!\u2069",
    "not normalised": "e\u0301 é \u212b Å ﬁ \u1100\u1161 가",
    "joiners": "a\u200db\u200cc\ufeffd\u2060",
    "noncharacters": "\uffff \ufffe \U0010ffff \ufdd0",
    "private": "\ue000 \U000f0000",
    "replacement": "\ufffd",
    "controls": "\x01\x1b[31m\x7f\x80\x85\u2028\u2029",
    "line ends": "a\r\nb\rc\n\n\td \r\n",
    "spaces": "  \u00a0 a \u3000\u200b ",
    "a byte order mark": "\ufeffa",
    "a long line": "x" * 100_000 + "é" * 20_000,
    "many lines": "line\n" * 20_000,
    "quotes": "'\"`\\ \\u0000 %s {} $1 ; DROP TABLE scores; --",
    "markup": "<script>alert(1)</script>&amp;",
    "upper and lower": "İıßẞſK",  # noqa: RUF001 - letters whose other case is another letter
    "JSON": '{"a": null}',
}
# Those that may be user names.
READABLE = ("not normalised", "replacement", "a long line", "quotes", "markup", "upper and lower", "JSON")
# Every text that PostgreSQL can keep: any code point but NUL and the halves of surrogate pairs.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=120)
EACH_IN_THE_SAME_DATABASE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def stored(client, admin, rows):
    """Add an exercise with one text in all of its fields; return the text in each response and as it is stored."""

    def add(text, ensure_ascii):
        body = json.dumps(dict.fromkeys(EXERCISE, text), ensure_ascii=ensure_ascii).encode()
        answers = [client.post("/exercises", data=body, content_type="application/json", headers=admin.headers)]
        assert answers[0].status_code == 201, answers[0].json
        exercise_id = answers[0].json["data"]["id"]
        answers.append(client.get(f"/exercises/{exercise_id}", headers=admin.headers))
        answers.append(client.get("/exercises?limit=1000", headers=admin.headers))
        found = [json.loads(answer.data) for answer in answers]
        exercises = [found[0]["data"], found[1]["data"], found[2]["data"]["exercises"][-1]]
        exercises += rows("SELECT * FROM exercises WHERE id = :id", id=exercise_id)
        return [exercise[name] for exercise in exercises for name in EXERCISE]

    return add


@pytest.mark.parametrize("ensure_ascii", [True, False], ids=["escaped", "plain"])
def test_text_is_stored_unchanged(stored, ensure_ascii):
    kept = {name: {one.encode() for one in stored(text, ensure_ascii)} for name, text in TEXTS.items()}
    assert [name for name, text in TEXTS.items() if kept[name] != {text.encode()}] == []


@EACH_IN_THE_SAME_DATABASE
@given(text=ANY_TEXT.filter(bool), ensure_ascii=st.booleans())
def test_any_text_is_stored_unchanged(stored, text, ensure_ascii):
    assert [one.encode() for one in stored(text, ensure_ascii)] == [text.encode()] * 12


def test_a_username_is_kept_as_it_was_typed(client, admin):
    for number, kind in enumerate(READABLE):
        text = TEXTS[kind]
        name = f"{number}{text}"[:128]
        body = {"username": name, "email": f"{number}@example.org", "password": text[:1024]}
        assert client.post("/users", json=body, headers=admin.headers).json["data"]["username"] == name
        assert client.get("/users?limit=1").json["data"]["users"][0]["username"].encode() == name.encode()


@settings(EACH_IN_THE_SAME_DATABASE, max_examples=25)
@given(password=ANY_TEXT.filter(bool))
def test_an_account_accepts_its_password_and_no_other(client, password):
    account = {"email": f"{uuid.uuid4()}@example.org", "password": password}
    registered = client.post("/auth/register", json=account | {"username": account["email"]})
    assert registered.status_code == 201, registered.json
    assert client.post("/auth/login", json=account).status_code == 200
    for other in (password + " ", password[:-1], password.swapcase() + "x"):
        assert client.post("/auth/login", json=account | {"password": other}).status_code == 404


def test_a_filter_is_not_a_pattern(client, admin):
    for text in ("%", "_", "a' OR '1'='1"):
        answer = client.get("/scores", query_string={"user_id": text}, headers=admin.headers)
        assert (answer.status_code, list(answer.json["errors"])) == (400, ["user_id"])


UNKNOWN_URLS = [
    *("/nope", "/scores/", "/scores//1", "/Scores", "/scores/1/", "/scores/1/2", "/users/", "/auth", "/static/x"),
    *("/scores/user/1/history", "/.env", "/%ff", "/%00", "/..%2fetc/passwd", "/docs/../config.py", "/" + "x" * 4000),
]
ROUTES: dict[str, set] = {}
for rule in create_app().url_map.iter_rules():
    ROUTES.setdefault(re.sub(r"<[^>]+>", "1", rule.rule), set()).update(rule.methods or ())
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"}


def check_error_response(answer, status, kind, message=None):
    """Check an error response: JSON, with a message and the request's id."""
    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert answer.json["status"] == kind
    assert re.fullmatch(r"[A-Z].+", answer.json["message"])
    assert message in (None, answer.json["message"])
    assert answer.json["request_id"] == answer.headers["X-Request-ID"] != ""


def test_an_unknown_url_gets_a_json_response(client, admin):
    for url, method in itertools.product(UNKNOWN_URLS, METHODS - {"HEAD", "OPTIONS"}):
        for headers in (admin.headers, {"Accept": "text/html"}):
            check_error_response(client.open(url, method=method, headers=headers), 404, "fail")


def test_the_response_to_a_wrong_method_names_the_allowed_ones(client, admin):
    for path, method in itertools.product(ROUTES, METHODS):
        if method not in ROUTES[path]:
            answer = client.open(path, method=method, headers=admin.headers)
            assert answer.status_code == 405, (path, method)
            assert set(answer.headers["Allow"].split(", ")) == ROUTES[path]
            if method != "HEAD":
                check_error_response(answer, 405, "fail")


def test_each_refusal_has_the_same_shape(client, learner):
    headers = learner.headers
    check_error_response(client.get("/ping"), 403, "error", "Provide a valid auth token.")
    check_error_response(client.get("/ping", headers={"Authorization": "x"}), 401, "error", "Invalid token.")
    check_error_response(client.post("/users", headers=headers), 401, "error", "You do not have permission to do that.")
    check_error_response(client.get("/scores/x"), 404, "fail", "Score does not exist")
    check_error_response(client.get("/scores?limit=x"), 400, "fail", "Invalid payload.")
    check_error_response(client.post("/scores", data=b"{}", headers=headers), 415, "fail")


def test_too_many_requests_are_refused_in_the_same_shape(make_app, learner):
    client = make_app(RATELIMIT_ENABLED=True, RATE_LIMIT_WRITE="1 per hour").test_client()
    body = {"exercise_id": 1, "correct": True}
    assert client.patch("/scores", json=body, headers=learner.headers).status_code == 201
    answer = client.patch("/scores", json=body, headers=learner.headers)
    check_error_response(answer, 429, "error")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_an_unhandled_error_has_the_error_shape_and_no_details(app, client):
    def rename(before, after):
        with app.app_context():
            db.session.execute(sa.text(f"ALTER TABLE {before} RENAME TO {after}"))
            db.session.commit()

    rename("exercises", "mislaid")
    try:
        answer = client.get("/exercises")
    finally:
        rename("mislaid", "exercises")
    check_error_response(answer, 500, "error", "Something went wrong. Please try again.")
    assert not re.search("exercises|SELECT|psycopg|Traceback", answer.text)


@pytest.mark.parametrize("setting", ["USERS_SERVICE_URL", "SQLALCHEMY_DATABASE_URI"])
def test_an_unavailable_database_has_the_error_shape(make_app, setting):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{closed.getsockname()[1]}"
        value = f"http://{place}" if setting == "USERS_SERVICE_URL" else f"postgresql+psycopg://{place}/x"
        client = make_app(**{setting: value}).test_client()
        answer = client.get(
            "/scores/user" if setting == "USERS_SERVICE_URL" else "/scores", headers={"Authorization": "Bearer x"}
        )
    check_error_response(answer, 503, "error")
    assert int(answer.headers["Retry-After"]) > 0


def test_the_request_id_of_a_client_is_returned_if_it_is_valid(client):
    for sent in ("a", "Request-1.2_3", "x" * 64):
        answer = client.get("/nope", headers={"X-Request-ID": sent})
        assert answer.json["request_id"] == answer.headers["X-Request-ID"] == sent
    for sent in ("", "a b", "x" * 65, "é", "a\tb", '"', "<b>"):
        answer = client.get("/nope", headers={"X-Request-ID": sent})
        check_error_response(answer, 404, "fail")
        assert answer.json["request_id"] != sent
