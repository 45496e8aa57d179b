"""An integer is what JSON Schema calls one: 23 and 23.0 are the same, in bodies, lines and queries."""

import json

import jsonschema_rs
import pytest

from project.tests.exercises.conftest import CALL, WITH_CASES

WHOLE = ["23", "23.0", "2.3e1", "230e-1"]
NO_INTEGERS = ["23.5", "1e400", "true", '"23"', "null", "9007199254740994.0", "1e19"]


def post(client, address, body, caller, content_type="application/json"):
    return client.post(address, data=body, content_type=content_type, headers=caller.headers)


@pytest.mark.parametrize("written", WHOLE)
def test_an_integer_may_be_written_with_a_fraction_of_zero(client, learner, grader, rows, written):
    answer = post(client, "/scores", f'{{"exercise_id": {written}, "correct": true}}', learner)
    assert (answer.status_code, answer.json["data"]["exercise_id"]) == (201, 23), answer.json
    body = f'{{"exercise_id": {written}, "correct": false, "user_id": {learner.id}.0}}'
    assert (
        client.patch("/scores", data=body, content_type="application/json", headers=grader.headers).status_code == 200
    )
    line = f'{{"user_id": {learner.id}.0, "exercise_id": {written}, "correct": true}}\n'
    assert post(client, "/scores/bulk", line, grader, "application/x-ndjson").status_code == 200
    assert [
        row["exercise_id"] for row in rows("SELECT exercise_id FROM scores WHERE user_id = :id", id=learner.id)
    ] == [23]


@pytest.mark.parametrize("written", NO_INTEGERS)
def test_what_is_no_integer_is_refused(client, learner, rows, written):
    answer = post(client, "/scores", f'{{"exercise_id": {written}, "correct": true}}', learner)
    assert (answer.status_code, answer.json["message"]) == (400, "Invalid payload.")
    assert rows("SELECT 1 FROM scores WHERE user_id = :id", id=learner.id) == []


@pytest.mark.parametrize(("written", "status"), [("5", 200), ("5.0", 200), ("5e0", 200), ("0.5e1", 200), ("5.5", 400)])
def test_an_integer_of_a_query_may_be_written_so_too(client, learner, written, status):
    for address in ("/scores?limit=", "/scores?exercise_id=", f"/leaderboard?neighbours={0}&limit="):
        assert client.get(address + written, headers=learner.headers).status_code == status, address


def test_points_and_limits_may_be_written_so_too_and_values_stay_as_they_are(client, admin):
    case = CALL | {"points": 3.0, "expected": 5.0, "arguments": [2.0, 3]}
    answer = client.post(
        "/exercises", json=WITH_CASES | {"cases": [case], "limits": {"cpu_ms": 500.0}}, headers=admin.headers
    )
    assert answer.status_code == 201, answer.json
    stored = answer.json["data"]
    assert (stored["limits"]["cpu_ms"], stored["cases"][0]["points"]) == (500, 3)
    assert json.dumps([stored["cases"][0]["expected"], stored["cases"][0]["arguments"]]) == "[5.0, [2.0, 3]]"


@pytest.mark.parametrize("exercise_id", [23, 23.0, 1e2, 23.5, "23", True, None, 2**64, -(2.0**53)])
def test_the_service_accepts_what_the_openapi_document_allows(client, learner, exercise_id):
    document = client.get("/openapi.json").json
    schema = {"$ref": "#/components/schemas/ScorePayload", "components": document["components"]}
    body = {"exercise_id": exercise_id, "correct": True}
    answer = client.post("/scores", data=json.dumps(body), headers=learner.headers, content_type="application/json")
    assert (answer.status_code == 201) is jsonschema_rs.is_valid(schema, body)
