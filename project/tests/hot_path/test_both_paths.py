"""The responses of the hot path are identical to those of Flask."""

import re

import pytest

from project.api.schemas import encode_cursor
from project.api.users.tokens import issue_token
from project.tests.conftest import NOISE_USER

VOLATILE = re.compile(rb'"(request_id|created_at|updated_at)":"[^"]*"|"id":[0-9]+')


GRADED = 777_000


@pytest.fixture
def exercises(client, learner, other, change):
    """Add scores of two learners and a graded exercise; return its id."""
    change(
        "INSERT INTO exercises (id, exercise_body, test_code, test_code_solution, grading)"
        " VALUES (:id, 'b', 't', 's', 'server')",
        id=GRADED,
    )
    for exercise_id in range(1, 8):
        body = {"exercise_id": exercise_id, "correct": exercise_id % 2 == 0}
        assert client.post("/scores", json=body, headers=learner.headers).status_code == 201
    assert client.post("/scores", json={"exercise_id": 1, "correct": True}, headers=other.headers).status_code == 201
    return GRADED


@pytest.fixture
def data(app, learner, other, grader, admin, exercises, rows, change):
    """Return the users, tokens and ids for the requests below."""
    with app.app_context():
        expired = issue_token(learner.id, lifetime_seconds=-10)
        orphan = issue_token(987_654)
    (score,) = rows("SELECT min(id) AS id FROM scores WHERE user_id = :id", id=learner.id)
    return {
        "learner": learner,
        "other": other,
        "grader": grader,
        "admin": admin,
        "expired": expired,
        "orphan": orphan,
        "score": score["id"],
        "graded": exercises,
    }


def bearer(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


def patch(user, exercise_id=1, correct=True, **more):
    return {"method": "PATCH", "json": {"exercise_id": exercise_id, "correct": correct} | more, "headers": user.headers}


HOT = {
    "a score": lambda p: (f"/scores/{p['score']}", {}),
    "a score, with a token": lambda p: (f"/scores/{p['score']}", {"headers": p["learner"].headers}),
    "a score, with an invalid token that is not needed": lambda p: (f"/scores/{p['score']}", bearer("x")),
    "a score by https": lambda p: (f"/scores/{p['score']}", {"base_url": "https://localhost"}),
    "a score and a query": lambda p: (f"/scores/{p['score']}?x=%41", {}),
    "a score with leading zeros": lambda p: (f"/scores/000{p['score']}", {}),
    "all scores": lambda p: ("/scores", {}),
    "a page": lambda p: ("/scores?limit=3", {}),
    "a page after a cursor": lambda p: (f"/scores?limit=3&cursor={encode_cursor(p['score'])}", {}),
    "the last page": lambda p: (f"/scores?cursor={encode_cursor(2**62)}", {}),
    "filtered": lambda p: (f"/scores?user_id={p['learner'].id}&correct=true&limit=2", {}),
    "filtered, nothing found": lambda p: ("/scores?exercise_id=424242", {}),
    "an unknown parameter twice": lambda p: ("/scores?x=1&x=2&limit=1", {}),
    "the board": lambda p: ("/leaderboard", {}),
    "a page of the board": lambda p: ("/leaderboard?limit=1", {}),
    "own scores": lambda p: ("/scores/user", {"headers": p["learner"].headers}),
    "own scores in pages": lambda p: ("/scores/user?limit=2", {"headers": p["learner"].headers}),
    "own scores, filtered": lambda p: ("/scores/user?exercise_id=3&correct=false", {"headers": p["learner"].headers}),
    "a new score": lambda p: ("/scores", patch(p["learner"], 100)),
    "a score again": lambda p: ("/scores", patch(p["learner"], 1)),
    "one's own by one's id": lambda p: ("/scores", patch(p["learner"], 1, user_id=p["learner"].id)),
    "by a grader": lambda p: ("/scores", patch(p["grader"], 2, user_id=p["learner"].id)),
    "by an admin, for a graded exercise": lambda p: ("/scores", patch(p["admin"], p["graded"], user_id=NOISE_USER)),
    "an unknown key": lambda p: ("/scores", patch(p["learner"], 1, nonsense={"x": [1]})),
}
LEFT_TO_FLASK = {
    "no such score": lambda p: ("/scores/123456789", {}),
    "an id beyond int64": lambda p: ("/scores/9999999999999999999", {}),
    "an id of many digits": lambda p: (f"/scores/{'9' * 400}", {}),
    "no id": lambda p: ("/scores/7x", {}),
    "digits of another script": lambda p: ("/scores/٣", {}),
    "a bad limit": lambda p: ("/scores?limit=0", {}),
    "a bad cursor": lambda p: ("/scores?cursor=x", {}),
    "a limit twice": lambda p: ("/scores?limit=1&limit=2", {}),
    "a time": lambda p: ("/scores?since=2020-01-01T00:00:00%2B00:00&limit=2", {}),
    "a HEAD": lambda p: (f"/scores/{p['score']}", {"method": "HEAD"}),
    "an OPTIONS": lambda p: ("/scores", {"method": "OPTIONS"}),
    "a wrong method": lambda p: ("/scores/user", {"method": "PATCH"}),
    "a slash at the end": lambda p: ("/scores/", {}),
    "own scores without a token": lambda p: ("/scores/user", {}),
    "own scores with nonsense": lambda p: ("/scores/user", bearer("a.b.c")),
    "own scores by Basic": lambda p: ("/scores/user", {"headers": {"Authorization": "Basic eDp5"}}),
    "own scores, expired": lambda p: ("/scores/user", bearer(p["expired"])),
    "own scores of an unknown user": lambda p: ("/scores/user", bearer(p["orphan"])),
    "own scores, none": lambda p: ("/scores/user", {"headers": p["admin"].headers}),
    "write without a token": lambda p: ("/scores", {"method": "PATCH", "json": {"exercise_id": 1, "correct": True}}),
    "write, expired": lambda p: ("/scores", {**patch(p["learner"]), **bearer(p["expired"])}),
    "write of an unknown user": lambda p: ("/scores", {**patch(p["learner"]), **bearer(p["orphan"])}),
    "write for another": lambda p: ("/scores", patch(p["learner"], user_id=p["other"].id)),
    "report a graded exercise": lambda p: ("/scores", patch(p["learner"], p["graded"])),
    "a wrong type": lambda p: ("/scores", patch(p["learner"], "1")),
    "a missing key": lambda p: ("/scores", {**patch(p["learner"]), "json": {"correct": True}}),
    "invalid JSON": lambda p: ("/scores", {"method": "PATCH", "data": "{", "headers": p["learner"].headers}),
    "a key twice": lambda p: (
        "/scores",
        {
            "method": "PATCH",
            "data": '{"exercise_id":1,"correct":true,"correct":false}',
            "content_type": "application/json",
            "headers": p["learner"].headers,
        },
    ),
    "a long body": lambda p: ("/scores", patch(p["learner"], 1, padding="x" * 5000)),
    "another content type": lambda p: (
        "/scores",
        {"method": "PATCH", "data": "{}", "content_type": "text/plain", "headers": p["learner"].headers},
    ),
}


def compare(make_path, path, options):
    """Send a request with and without the hot path; return the first response, and whether it came from Flask."""
    hot, by_flask = make_path().send(path, **options)
    plain, _ = make_path(HOT_PATH=False).send(path, **options)
    assert hot.status == plain.status
    different = {"X-Request-ID", "Content-Length"} | ({"ETag"} if options.get("method") == "PATCH" else set())
    assert sorted((k, v) for k, v in hot.headers if k not in different) == sorted(
        (k, v) for k, v in plain.headers if k not in different
    )
    assert VOLATILE.sub(b"", hot.data) == VOLATILE.sub(b"", plain.data)
    if hot.data:
        assert hot.headers["X-Request-ID"] == hot.json["request_id"]
    return hot, by_flask


@pytest.mark.parametrize("request_of", HOT.values(), ids=HOT)
def test_a_response_of_the_hot_path_is_that_of_flask(request_of, data, make_path, rows, change):
    path, options = request_of(data)
    if options.get("method") == "PATCH":  # both writes must have the same data before them
        compare_writes(make_path, path, options, change)
        return
    response, by_flask = compare(make_path, path, options)
    assert response.status_code == 200
    assert not by_flask


def compare_writes(make_path, path, options, change):
    one = {**options, "json": {**options["json"]}}
    hot, by_flask = make_path().send(path, **one)
    assert not by_flask
    if hot.status_code == 201:
        change("DELETE FROM scores WHERE id = :id", id=hot.json["data"]["id"])
    plain, _ = make_path(HOT_PATH=False).send(path, **one)
    assert hot.status == plain.status
    assert {k: v for k, v in hot.headers if k != "X-Request-ID"}.keys() == dict(plain.headers).keys() - {"X-Request-ID"}
    assert VOLATILE.sub(b"", hot.data) == VOLATILE.sub(b"", plain.data)


@pytest.mark.parametrize("request_of", LEFT_TO_FLASK.values(), ids=LEFT_TO_FLASK)
def test_an_unusual_request_is_left_to_flask(request_of, data, make_path):
    path, options = request_of(data)
    response, by_flask = compare(make_path, path, options)
    assert by_flask
    assert response.status_code != 500


@pytest.mark.parametrize("name", ["Idempotency-Key", "If-None-Match", "If-Match", "Range", "Expect"])
def test_a_request_with_a_header_that_changes_its_meaning_is_left_to_flask(name, data, make_path):
    response, by_flask = make_path().send(f"/scores/{data['score']}", headers={name: '"x"'})
    assert by_flask
    assert response.status_code in (200, 412)


ORIGIN, ANOTHER = "https://learn.example.org", "https://teach.example.org"


@pytest.mark.parametrize(
    ("origin", "origins", "left_to_flask"),
    [
        (ORIGIN, [], False),
        (ORIGIN, [ORIGIN], False),
        (ORIGIN, [ORIGIN, ANOTHER], False),
        (None, [ORIGIN, ANOTHER], False),
        ("https://evil.example.org", [ORIGIN], True),
        (ORIGIN.upper(), [ORIGIN], True),
        ("", [ORIGIN], True),
    ],
)
@pytest.mark.parametrize("name", ["a score", "own scores", "a score again"])
def test_the_cors_headers_are_those_of_flask(name, origin, origins, left_to_flask, data, make_path):
    path, options = HOT[name](data)
    options["headers"] = options.get("headers", {}) | ({} if origin is None else {"Origin": origin})
    hot, by_flask = make_path(CORS_ORIGINS=origins).send(path, **options)
    plain, _ = make_path(CORS_ORIGINS=origins, HOT_PATH=False).send(path, **options)
    assert by_flask == left_to_flask
    volatile = {"X-Request-ID", "ETag", "Content-Length"}
    assert sorted((k, v) for k, v in hot.headers if k not in volatile) == sorted(
        (k, v) for k, v in plain.headers if k not in volatile
    )
    assert ("Access-Control-Allow-Origin" in hot.headers) == (bool(origins) and (origin or "").lower() == ORIGIN)


def test_with_private_scores_reads_of_scores_are_left_to_flask(data, make_path):
    path = make_path(SCORES_PUBLIC=False)
    for address in (f"/scores/{data['score']}", "/scores"):
        response, by_flask = path.send(address)
        assert (response.status_code, by_flask) == (403, True)
    own, by_flask = path.send("/scores/user", headers=data["learner"].headers)
    assert (len(own.json["data"]["scores"]), by_flask) == (7, False)


@pytest.mark.parametrize("end", ["UPDATE users SET active = false WHERE id = :id", "DELETE FROM users WHERE id = :id"])
def test_the_token_of_a_deactivated_or_deleted_user_is_rejected(end, learner, make_path, change, data):
    path = make_path()
    assert path.send("/scores/user", headers=learner.headers)[0].status_code == 200
    change(end, id=learner.id)
    assert path.send("/scores/user", headers=learner.headers)[0].status_code == 401
    assert path.send("/scores", **patch(learner))[0].status_code == 401


def test_a_token_is_rejected_after_logout(learner, make_path, data):
    path = make_path()
    assert path.client.get("/auth/logout", headers=learner.headers).status_code == 200
    assert path.send("/scores/user", headers=learner.headers)[0].status_code == 401
    assert path.send("/scores", **patch(learner))[0].status_code == 401


def test_requests_on_both_paths_count_for_the_same_limit(learner, make_path, data):
    limited = {"RATELIMIT_ENABLED": True, "RATE_LIMIT_WRITE": "4 per hour"}
    hot, plain = make_path(**limited), make_path(**limited, HOT_PATH=False)
    responses = [path.send("/scores", **patch(learner, 50 + n)) for n, path in enumerate([hot, plain] * 3)]
    assert [response.status_code for response, _ in responses] == [201] * 4 + [429] * 2
    assert all(1 <= int(response.headers["Retry-After"]) <= 3600 for response, _ in responses[4:])


def test_a_limit_with_several_windows_is_left_to_flask(learner, make_path, data):
    path = make_path(RATELIMIT_ENABLED=True, RATE_LIMIT_WRITE="2 per hour;3 per day")
    responses = [path.send("/scores", **patch(learner, 50 + n)) for n in range(3)]
    results = [(response.status_code, by_flask) for response, by_flask in responses]
    assert results == [(201, True), (201, True), (429, True)]


def test_both_paths_log_the_same_line(data, learner, make_path, capfd):
    lines = []
    for settings in ({}, {"HOT_PATH": False}):
        path = make_path(LOG_FORMAT="json", **settings)
        path.send("/scores/user", headers={**learner.headers, "X-Request-ID": "r1"})
        (line,) = (line for line in capfd.readouterr().err.splitlines() if '"request_id":"r1"' in line)
        lines.append(re.sub(r'"(milliseconds|timestamp)":[^,}]+', "", line))
    assert lines[0] == lines[1]
    assert f'"user_id":{learner.id}' in lines[0]
