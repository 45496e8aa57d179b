"""A write with an Idempotency-Key is done once, and its repeats get the first response."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from project import db
from project.tests.exercises.conftest import BODY as EXERCISE
from project.tests.idempotency.conftest import outcome, replayed
from project.tests.servers import wait_for
from project.web.idempotency.handling import METHODS, IgnoreKey
from project.web.idempotency.keys import CLEAN_ONE_IN

SCORE = {"exercise_id": 7, "correct": True}
REUSED = (422, "fail", "Sorry. That Idempotency-Key was used for another request.")
EXISTS = (400, "fail", "Sorry. That score already exists. Please update with a PUT request.")
CALLERS = 8


def same(first, again):
    """Whether a response is the first one again."""
    assert not replayed(first)
    assert replayed(again)
    names = ("Content-Type", "ETag", "Location")
    assert [first.headers.get(name) for name in names] == [again.headers.get(name) for name in names]
    assert first.headers["X-Request-ID"] != again.headers["X-Request-ID"]
    return (again.status_code, again.data) == (first.status_code, first.data)


@pytest.mark.parametrize(("method", "path"), [("POST", "/scores"), ("PATCH", "/scores"), ("PATCH", "/scores/5")])
def test_a_repeat_gets_the_first_answer_and_writes_nothing(send, written, method, path):
    first = send(SCORE, path, method)
    assert outcome(first) == (201, "success", "New score was added!")
    for _ in range(2):
        assert same(first, send(SCORE, path, method))
    assert written() == (1, 1, 1, 0)


def test_without_a_key_no_statement_is_added(make_app, learner, send, written):
    app = make_app(HOT_PATH=False)  # a hot route processes no requests with a key
    statements = []
    with app.app_context():
        listener = db.engine, "before_cursor_execute", lambda *called: statements.append(called[2])
    event.listen(*listener)
    app.test_client().patch("/scores", json=SCORE, headers=learner.headers)
    without, statements[:] = list(statements), []
    send(SCORE, method="PATCH", app=app)
    event.remove(*listener)
    assert len(without) == 1  # the write
    assert [one for one in without if "idempotency" in one or "timeout" in one] == []
    assert [one for one in statements if "idempotency" in one]
    assert written() == (1, 2, 1, 0)


@pytest.mark.parametrize("changed", [{"json": {**SCORE, "correct": False}}, {"query_string": "a=b"}])
def test_another_request_with_the_key_is_rejected(app, client, learner, send, key, written, changed):
    send(SCORE)
    headers = learner.headers | {"Idempotency-Key": key}
    answer = client.post("/scores", **{"json": SCORE} | changed, headers=headers)
    assert outcome(answer) == REUSED
    assert written() == (1, 1, 1, 0)


def test_a_key_belongs_to_its_caller_and_address(send, other, written):
    assert send(SCORE).status_code == 201
    assert outcome(send(SCORE, member=other))[0] == 201
    patched = send(SCORE, method="PATCH")
    assert outcome(patched) == (200, "success", "Score was updated!")
    assert not replayed(patched)
    assert written() == (2, 3, 3, 0)


def test_quotes_around_a_key_are_ignored(send, key):
    assert same(send(SCORE, key=f'"{key}"'), send(SCORE))


@pytest.mark.parametrize("key", ["k", "k" * 255, "a b;c=~!", '"', '""'])
def test_any_printable_key_is_accepted(send, key):
    assert same(send(SCORE, key=key), send(SCORE, key=key))


@pytest.mark.parametrize(
    "key", ["", " ", "k" * 256, "k\x7f", "k\tk", "schl\N{LATIN SMALL LETTER U WITH DIAERESIS}ssel"]
)
def test_an_invalid_key_is_rejected(send, key, written):
    answer = send(SCORE, key=key)
    assert outcome(answer) == (400, "fail", "Invalid payload.")
    assert list(answer.json["errors"]) == ["Idempotency-Key"]
    assert written() == (0, 0, 0, 0)


def test_a_rejected_request_is_not_stored(send, written):
    assert outcome(send({"exercise_id": "7"})) == (400, "fail", "Invalid payload.")
    assert send(SCORE).status_code == 201
    another = send(SCORE, key="another")
    assert (outcome(another), replayed(another)) == (EXISTS, False)
    assert written() == (1, 1, 1, 0)


def test_a_failed_request_is_not_stored_and_can_be_repeated(app, make_app, send, learner, written):
    score = send(SCORE, key="of the first").json["data"]
    short_timeout = make_app(DATABASE_TIMEOUT_SECONDS=1)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("SELECT FROM scores WHERE id = :id FOR UPDATE"), {"id": score["id"]})
        assert send(SCORE, method="PATCH", app=short_timeout).status_code == 503
    assert written() == (1, 1, 1, 0)
    again = send(SCORE, method="PATCH")
    assert (outcome(again), replayed(again)) == ((200, "success", "Score was updated!"), False)


def test_an_expired_key_can_be_used_again(send, change, written):
    send(SCORE)
    change("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'")
    other = send({"exercise_id": 8, "correct": True})
    assert (other.status_code, replayed(other)) == (201, False)
    assert written() == (2, 2, 1, 0)
    assert outcome(send(SCORE)) == REUSED


def test_a_key_is_stored_for_the_hours_of_the_setting(make_app, send, rows):
    send(SCORE, app=make_app(IDEMPOTENCY_HOURS=5))
    ((hours,),) = [row.values() for row in rows("SELECT expires_at - created_at AS hours FROM idempotency_keys")]
    assert 5 * 3600 <= hours.total_seconds() < 6 * 3600


def test_expired_keys_are_deleted(send, change, rows):
    send(SCORE)
    change("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'")
    # One request in CLEAN_ONE_IN deletes them; that none of so many does has a probability of 2e-9.
    for _ in range(20 * CLEAN_ONE_IN):
        send(SCORE, method="PATCH", key="the same one")
        if not rows("SELECT FROM idempotency_keys WHERE expires_at < now()"):
            return
    pytest.fail("not deleted")


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_get_and_put_ignore_a_key(client, learner, key, written, method):
    score = client.post("/scores", json=SCORE, headers=learner.headers).json["data"]
    for _ in range(2):
        headers = learner.headers | {"Idempotency-Key": key}
        answer = client.open(f"/scores/{score['id']}", method=method, json=SCORE, headers=headers)
        assert answer.status_code == 200
        assert not replayed(answer)
    assert written()[2] == 0


def score_of(exercise_id):
    return {"exercise_id": exercise_id, "correct": True}


def test_one_of_many_concurrent_requests_writes_and_all_get_its_response(send, numbers, written):
    with ThreadPoolExecutor(CALLERS) as threads:
        for exercise_id in range(1, 6):
            barrier = threading.Barrier(CALLERS)

            def write(_, barrier=barrier, exercise_id=exercise_id):
                barrier.wait()
                # On a busy machine the first may take longer than the others wait: they get a 409, and send it again.
                while (answer := send(score_of(exercise_id), key=f"key {exercise_id}")).status_code == 409:
                    pass
                return answer

            answers = list(threads.map(write, range(CALLERS)))
            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.data for answer in answers}) == 1
            assert Counter(map(replayed, answers)) == {False: 1, True: CALLERS - 1}
    assert written() == (5, 5, 5, 0)


def are_waiting(app, count):
    statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return connection.scalar(sa.text(statement)) >= count


def test_a_repeat_during_the_first_request_gets_a_409(app, send, written):
    score = send(SCORE, key="of the first").json["data"]
    with app.app_context(), db.engine.connect() as holder, ThreadPoolExecutor(1) as thread:
        holder.execute(sa.text("SELECT FROM scores WHERE id = :id FOR UPDATE"), {"id": score["id"]})
        first = thread.submit(send, SCORE, method="PATCH")
        wait_for(lambda: are_waiting(app, 1), "the first to wait for the score")
        second = send(SCORE, method="PATCH")
        assert outcome(second)[:2] == (409, "fail")
        assert int(second.headers["Retry-After"]) > 0
        holder.rollback()
        assert first.result().status_code == 200
    assert same(first.result(), send(SCORE, method="PATCH"))
    assert written() == (1, 2, 2, 0)


def test_a_repeated_registration_gets_the_same_token_and_no_token_is_stored(send, rows, client):
    account = {"username": "ada", "email": "ada@example.org", "password": "correct horse"}
    first = send(account, "/auth/register", member=None)
    again = send(account, "/auth/register", member=None)
    assert same(first, again)
    token = again.json["auth_token"]
    assert client.get("/ping", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    (kept,) = rows("SELECT * FROM idempotency_keys")
    body = bytes(kept["body"])
    assert not any(part.encode() in body for part in (*token.split("."), "correct horse"))
    assert outcome(send(account | {"password": "another"}, "/auth/register", member=None))[0] == 422
    assert len(rows("SELECT id FROM users WHERE username = 'ada'")) == 1


def test_a_log_in_ignores_a_key(send, learner, rows):
    answers = [send({"email": learner.email, "password": "correct horse battery"}, "/auth/login") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({answer.json["auth_token"] for answer in answers}) == 2
    assert not any(map(replayed, answers))
    assert rows("SELECT FROM idempotency_keys") == []


def test_users_exercises_and_rejudges_are_added_once(send, admin, rows):
    user = {"username": "ada", "email": "ada@example.org", "password": "correct horse"}
    assert same(send(user, "/users", member=admin), send(user, "/users", member=admin))
    first = send(EXERCISE, "/exercises", member=admin)
    assert first.status_code == 201
    assert same(first, send(EXERCISE, "/exercises", member=admin))
    path = f"/exercises/{first.json['data']['id']}/rejudge"
    queued = send(None, path, member=admin)
    assert queued.status_code == 202
    assert same(queued, send(None, path, member=admin))
    assert [row["n"] for row in rows("SELECT count(*) AS n FROM rejudges")] == [1]
    assert [row["n"] for row in rows("SELECT count(*) AS n FROM procrastinate_jobs")] == [1]


def test_an_exercise_whose_solution_is_rejected_is_not_stored(send, admin, rows):
    wrong = EXERCISE | {"reference_solution": "def add(a, b):\n    return 0\n"}
    for _ in range(2):
        answer = send(wrong, "/exercises", member=admin)
        assert (answer.status_code, replayed(answer)) == (400, False)
    assert rows("SELECT FROM idempotency_keys") == []


def test_only_these_posts_and_patches_use_no_key(app):
    views = app.view_functions
    without = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods & METHODS and not views[rule.endpoint].operation.idempotency.uses_key
    }
    assert without == {"/auth/login", "/exercises/check", "/scores/bulk", "/invitations"}
    assert isinstance(views["users.login"].operation.idempotency, IgnoreKey)


def test_the_openapi_document_describes_keys_and_conditions(client):
    paths = client.get("/openapi.json").json["paths"]
    described = paths["/scores"]["post"]
    names = [parameter["name"] for parameter in described["parameters"] if parameter["in"] == "header"]
    assert names == ["Idempotency-Key"]
    assert {"409", "422"} <= set(described["responses"])
    put = paths["/scores/{score_id}"]["put"]
    assert ("If-Match" in orjson.dumps(put["parameters"]).decode(), "412" in put["responses"]) == (True, True)
    get = paths["/scores/{score_id}"]["get"]
    assert "304" in get["responses"]
    assert "ETag" in get["responses"]["200"]["headers"]
    assert "ETag" in put["responses"]["200"]["headers"]
    assert "Idempotency-Replayed" in described["responses"]["201"]["headers"]
