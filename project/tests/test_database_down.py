"""What the service answers while its database is away, wrong or slow."""

import re
import socket

import psycopg
import pytest
import sqlalchemy as sa

from project import db
from project.tests.servers import free_port, own_database, wait_for

# Open to a caller while the database is away: they touch nothing.
NEEDS_NOTHING = {"/health", "/metrics", "/auth/registration", "/languages", "/openapi.json", "/docs", "/docs/<name>"}
HAS_ANSWER_OF_ITS_OWN = {"/ready", "/", "/app/", "/app/<path:path>"}  # the client's files, where it is built

# Has the fields of every payload, so that each request gets as far as the database.
PAYLOAD = {
    "exercise_id": 1,
    "correct": True,
    "exercise_body": "b",
    "answer": "a",
    "test_code": "t",
    "test_code_solution": "s",
    "username": "ada",
    "email": "ada@example.org",
    "password": "correct horse battery",
}


def nowhere():
    return f"postgresql+psycopg://eval:secret@127.0.0.1:{free_port()}/eval"


@pytest.fixture
def app_without_database(make_app):
    return make_app(SQLALCHEMY_DATABASE_URI=nowhere())


def requests_that_need_the_database(app):
    for rule in app.url_map.iter_rules():
        if rule.rule not in NEEDS_NOTHING | HAS_ANSWER_OF_ITS_OWN:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield method, rule.rule.replace("<", "").replace(">", "")


def is_unavailable(answer):
    body = answer.json
    return answer.status_code == 503 and body["status"] == "error" and body["message"] and body["request_id"]


def ask(app, method, rule, token):
    path = "/".join("1" if part.endswith("_id") else part for part in rule.split("/"))
    body = None if method == "GET" else PAYLOAD
    return app.test_client().open(path, method=method, json=body, headers={"Authorization": f"Bearer {token}"})


def test_each_request_that_needs_the_database_is_a_503(app_without_database, learner):
    requests = list(requests_that_need_the_database(app_without_database))
    assert len(requests) > 10
    for method, rule in requests:
        answer = ask(app_without_database, method, rule, learner.token)
        assert is_unavailable(answer), (method, rule, answer.status_code, answer.text)
        assert int(answer.headers["Retry-After"]) > 0
        assert "secret" not in answer.text


def test_a_request_without_a_token_is_a_503_too(app_without_database):
    assert is_unavailable(app_without_database.test_client().get("/scores"))


def test_errors_that_need_no_database_are_found_without_it(app_without_database):
    client = app_without_database.test_client()
    assert client.get("/scores/user").status_code == 403
    assert client.get("/ping", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert client.post("/auth/login", json={}).status_code == 400
    assert client.get("/nowhere").status_code == 404


@pytest.mark.parametrize("path", sorted(NEEDS_NOTHING - {"/docs/<name>"}))
def test_what_needs_no_database_works_without_it(app_without_database, path):
    assert app_without_database.test_client().get(path).status_code == 200


def test_a_limited_request_is_a_503(make_app, learner):
    app = make_app(SQLALCHEMY_DATABASE_URI=nowhere(), RATELIMIT_ENABLED=True)
    assert is_unavailable(app.test_client().post("/auth/login", json=PAYLOAD))


def test_ready_names_the_database(app_without_database):
    answer = app_without_database.test_client().get("/ready")
    assert is_unavailable(answer)
    assert set(answer.json["errors"]) == {"database"}
    assert int(answer.headers["Retry-After"]) > 0


def test_a_database_that_never_responds_is_a_503(make_app, learner):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_app(SQLALCHEMY_DATABASE_URI=f"postgresql+psycopg://eval@127.0.0.1:{silent.getsockname()[1]}/eval")
        answer = app.test_client().get("/ready")
    assert is_unavailable(answer)
    assert set(answer.json["errors"]) == {"database"}


def test_a_database_that_does_not_exist_is_a_503(make_app, app):
    with app.app_context():
        url = db.engine.url.set(database="nobody_made_it").render_as_string(hide_password=False)
    client = make_app(SQLALCHEMY_DATABASE_URI=url).test_client()
    assert is_unavailable(client.get("/scores"))
    assert set(client.get("/ready").json["errors"]) == {"database"}
    assert client.get("/health").status_code == 200


def test_ready_names_migrations_in_an_empty_database(make_app, app):
    with own_database(app) as url:
        answer = make_app(SQLALCHEMY_DATABASE_URI=url).test_client().get("/ready")
    assert is_unavailable(answer)
    assert set(answer.json["errors"]) == {"migrations"}


def test_ready_names_migrations_in_a_database_of_another_version(make_app, app):
    with own_database(app) as url:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE alembic_version AS SELECT 'another' AS version_num")
        answer = make_app(SQLALCHEMY_DATABASE_URI=url).test_client().get("/ready")
    assert is_unavailable(answer)
    assert "another" in answer.json["errors"]["migrations"][0]


def test_requests_succeed_again_when_the_database_is_back(make_app, app):
    with own_database(app) as url:
        other = make_app(SQLALCHEMY_DATABASE_URI=url)
        with other.app_context():
            db.create_all()
        client = other.test_client()
        assert client.get("/scores").status_code == 200
        end_connections(app, sa.make_url(url).database)
        assert client.get("/scores").status_code == 200


def end_connections(app, database):
    """End the connections to a database, as its restart does."""
    with app.app_context(), db.engine.connect() as connection:
        statement = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :database"
        assert connection.scalar(sa.text(statement), {"database": database}) > 0


def test_a_statement_that_exceeds_the_timeout_is_a_503_and_writes_nothing(make_app, app, learner, client, rows):
    score = client.post("/scores", json={"exercise_id": 7, "correct": False}, headers=learner.headers).json["data"]
    scores = "SELECT * FROM scores ORDER BY id"
    changes = "SELECT * FROM score_changes ORDER BY id"
    before = rows(scores), rows(changes)
    impatient = make_app(DATABASE_TIMEOUT_SECONDS=1).test_client()
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("SELECT FROM scores WHERE id = :id FOR UPDATE"), {"id": score["id"]})
        body = {"exercise_id": 7, "correct": True}
        answer = impatient.put(f"/scores/{score['id']}", json=body, headers=learner.headers)
    assert is_unavailable(answer)
    assert (rows(scores), rows(changes)) == before


def test_connections_that_failed_are_not_counted_as_given_back(make_app):
    client = make_app(SQLALCHEMY_DATABASE_URI=f"postgresql+psycopg://u@127.0.0.1:{free_port()}/d").test_client()
    before = connections_in_use(client)
    assert is_unavailable(client.get("/scores"))
    # The gauge is the process's: threads of other tests may have connections for a moment.
    wait_for(lambda: connections_in_use(client) == before, "the gauge to be as before")


def connections_in_use(client):
    return re.search(r'database_pool_connections{state="in_use"} (\S+)', client.get("/metrics").text)[1]
