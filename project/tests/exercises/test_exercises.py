import datetime as dt
from contextlib import nullcontext

import pytest
from flask import Flask

from project.tests.exercises.conftest import BODY, outcome
from project.tests.scores.test_reading import no_ids

SECRETS = {"stop_after_time_limits", "test_code", "test_code_solution", "reference_solution", "shared_sandbox"}
PUBLIC = {
    *("id", "slug", "title", "exercise_body", "language", "cases", "limits", "policy", "starter", "grading"),
    *("version", "max_points", "created_at", "updated_at", "languages", "support_files"),
}
LIMITS = {"cpu_ms": 2000, "wall_ms": 6000, "memory_bytes": 2**28, "output_bytes": 2**16}
UNKNOWN = (404, "fail", "Exercise does not exist")
MISSING_TOKEN = (403, "error", "Provide a valid auth token.")
BAD_TOKEN = (401, "error", "Invalid token.")
NOT_PERMITTED = (401, "error", "You do not have permission to do that.")
INVALID = (400, "fail", "Invalid payload.")
BAD_HEADERS = ["Bearer nonsense", "Bearer", "Basic eDp5", "", "Bearer a b", "Bearer é"]


@pytest.mark.parametrize("reader", ["nobody", "liar", "learner", "grader", "admin"])
def test_exercises_are_listed_by_id(client, add_exercise, headers_of, rows, reader):
    added = [add_exercise()["id"] for _ in range(3)]
    answer = client.get("/exercises", headers=headers_of(reader))
    assert outcome(answer) == (200, "success", None)
    ids = [exercise["id"] for exercise in answer.json["data"]["exercises"]]
    assert ids == [row["id"] for row in rows("SELECT id FROM exercises ORDER BY id")]
    assert ids[-3:] == added


@pytest.mark.parametrize("reader", ["nobody", "liar", "learner", "grader"])
def test_only_admins_see_tests_and_solutions(client, add_exercise, headers_of, reader):
    exercise_id = add_exercise(test_code="hidden", test_code_solution="hidden")["id"]
    listed = client.get("/exercises", headers=headers_of(reader))
    one = client.get(f"/exercises/{exercise_id}", headers=headers_of(reader))
    assert (listed.status_code, one.status_code) == (200, 200)
    for exercise in [*listed.json["data"]["exercises"], one.json["data"]]:
        assert set(exercise) == PUBLIC
    assert b"hidden" not in listed.data + one.data


def test_admins_see_tests_and_solutions(client, admin, add_exercise):
    added = add_exercise()
    assert added.items() >= BODY.items()
    assert client.get(f"/exercises/{added['id']}", headers=admin.headers).json["data"] == added
    assert client.get("/exercises", headers=admin.headers).json["data"]["exercises"][-1] == added


@pytest.mark.parametrize("address", ["/exercises", "/exercises/{}"])
@pytest.mark.parametrize("context", [Flask.app_context, nullcontext], ids=["in one context", "each in its own"])
def test_what_an_admin_saw_is_not_shown_to_the_next_caller(client, admin, learner, add_exercise, address, context):
    address = address.format(add_exercise()["id"])
    # Under Flask-Testing all requests of a test share a context, and with it what is kept about the caller.
    with context(client.application):
        for headers in ({}, learner.headers, {"Authorization": "Bearer nonsense"}):
            assert b"test_code" in client.get(address, headers=admin.headers).data
            answer = client.get(address, headers=headers)
            assert b"test_code" not in answer.data
            assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize("address", ["/exercises", "/exercises/{}"])
def test_a_bad_token_on_a_public_read_is_no_token(client, add_exercise, address):
    address = address.format(add_exercise()["id"])
    wanted = client.get(address).json["data"]
    for header in BAD_HEADERS:
        answer = client.get(address, headers={"Authorization": header})
        assert outcome(answer) == (200, "success", None)
        assert answer.json["data"] == wanted


def test_a_token_that_was_logged_out_shows_no_solutions(client, admin, add_exercise):
    address = f"/exercises/{add_exercise()['id']}"
    client.get("/auth/logout", headers=admin.headers)
    assert set(client.get(address, headers=admin.headers).json["data"]) == PUBLIC


def test_an_id_that_no_exercise_has_is_not_found(client, admin, add_exercise):
    exercise_id = add_exercise()["id"]
    for headers in ({"Accept": "*/*"}, admin.headers):
        answers = {text: client.get(f"/exercises/{text}", headers=headers) for text in no_ids(exercise_id)}
        assert {text: outcome(answer) for text, answer in answers.items() if outcome(answer) != UNKNOWN} == {}


def test_an_admin_adds_an_exercise(client, admin, rows):
    answer = client.post("/exercises", json=BODY, headers=admin.headers)
    assert outcome(answer) == (201, "success", "New exercise was added!")
    data = answer.json["data"]
    assert set(data) == PUBLIC | SECRETS
    (stored,) = rows("SELECT * FROM exercises WHERE id = :id", id=data["id"])
    times = {name: dt.datetime.fromisoformat(data[name]) for name in ("created_at", "updated_at")}
    assert answer.json["data"]["created_at"].endswith("+00:00")
    assert data.pop("max_points") == 1
    assert data.pop("limits") == LIMITS
    empty = {"support_files": {}, "reference_solutions": {}, "limits": {}}
    assert stored == data | times | empty | {"deleted_at": None}


@pytest.mark.parametrize(
    ("writer", "refusal"),
    [("nobody", MISSING_TOKEN), ("liar", BAD_TOKEN), ("learner", NOT_PERMITTED), ("grader", NOT_PERMITTED)],
)
def test_only_admins_add_exercises(client, headers_of, rows, writer, refusal):
    before = rows("SELECT * FROM exercises")
    for body in (BODY, {}):
        assert outcome(client.post("/exercises", json=body, headers=headers_of(writer))) == refusal
    assert rows("SELECT * FROM exercises") == before


@pytest.mark.parametrize("name", BODY)
def test_an_exercise_needs_all_of_its_texts(client, admin, rows, name):
    before = rows("SELECT * FROM exercises")
    for body in ({key: text for key, text in BODY.items() if key != name}, BODY | {name: None}, BODY | {name: 5}):
        answer = client.post("/exercises", json=body, headers=admin.headers)
        assert outcome(answer) == INVALID
        assert list(answer.json["errors"]) == [name]
    assert rows("SELECT * FROM exercises") == before


def test_an_exercise_has_something_to_read(client, admin):
    answer = client.post("/exercises", json=BODY | {"exercise_body": ""}, headers=admin.headers)
    assert (outcome(answer), list(answer.json["errors"])) == (INVALID, ["exercise_body"])


def test_a_test_that_prints_nothing_is_one(add_exercise):
    assert add_exercise(test_code_solution="")["test_code_solution"] == ""


@pytest.mark.parametrize(
    ("fields", "grading"), [({}, "self"), ({"grading": "self"}, "self"), ({"grading": "server"}, "server")]
)
def test_the_response_shows_who_grades_the_exercise(client, add_exercise, fields, grading):
    added = add_exercise(**fields)
    assert added["grading"] == grading
    assert client.get(f"/exercises/{added['id']}").json["data"]["grading"] == grading


def test_an_unknown_way_of_grading_is_refused(client, admin):
    for grading in ("", "SERVER", "nobody", " self", None, True, 0, ["self"], {"self": 1}):
        answer = client.post("/exercises", json=BODY | {"grading": grading}, headers=admin.headers)
        assert (outcome(answer), list(answer.json["errors"])) == (INVALID, ["grading"]), grading


def test_a_client_cannot_set_the_fields_that_the_database_sets(add_exercise):
    added = add_exercise(id=2**40, created_at="2001-01-01T00:00:00+00:00")
    assert added["id"] != 2**40
    assert not added["created_at"].startswith("2001")


@pytest.mark.parametrize("limit", [1, 2, 4, 5])
def test_the_pages_of_exercises_show_each_once(client, admin, add_exercise, rows, limit):
    for _ in range(3):
        add_exercise()
    address, found = f"/exercises?limit={limit}", []
    while address:
        answer = client.get(address, headers=admin.headers)
        found += [exercise["id"] for exercise in answer.json["data"]["exercises"]]
        address = answer.json["next"]
        assert answer.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert found == [row["id"] for row in rows("SELECT id FROM exercises ORDER BY id")]
