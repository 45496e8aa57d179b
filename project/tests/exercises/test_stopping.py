"""The number of time limits after which an exercise's cases are not run: set, checked, kept with versions, imported."""

import pytest

from project.api.exercises.importing import own_format

CASES = [{"name": "one", "kind": "call", "function": "f", "expected": None}]
EXERCISE = {"exercise_body": "Define `f`.", "cases": CASES}


def save(client, admin, **fields):
    return client.post("/exercises", json=EXERCISE | fields, headers=admin.headers)


def test_it_is_two_unless_it_is_set(client, admin):
    assert save(client, admin).json["data"]["stop_after_time_limits"] == 2
    assert save(client, admin, stop_after_time_limits=5).json["data"]["stop_after_time_limits"] == 5


@pytest.mark.parametrize("number", [0, 51, "2", True, 1.5])
def test_an_invalid_number_is_refused(client, admin, rows, number):
    before = rows("SELECT id FROM exercises")
    answer = save(client, admin, stop_after_time_limits=number)
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["stop_after_time_limits"])
    assert rows("SELECT id FROM exercises") == before


def test_a_change_makes_a_version_that_keeps_it(client, admin):
    number = save(client, admin).json["data"]["id"]
    changed = client.put(f"/exercises/{number}", json=EXERCISE | {"stop_after_time_limits": 7}, headers=admin.headers)
    assert changed.json["data"]["version"] == 2
    kept = [
        client.get(f"/exercises/{number}/versions/{version}", headers=admin.headers).json["data"] for version in (1, 2)
    ]
    assert [version["stop_after_time_limits"] for version in kept] == [2, 7]


def test_learners_do_not_see_it(client, admin):
    number = save(client, admin).json["data"]["id"]
    assert "stop_after_time_limits" not in client.get(f"/exercises/{number}").json["data"]


def test_submissions_are_judged_by_it(client, admin, learner):
    loops = {"name": "loops", "kind": "call", "function": "f", "expected": 1}
    cases = [loops | {"name": str(number)} for number in range(3)]
    limits = {"cpu_ms": 100}
    number = save(client, admin, cases=cases, limits=limits, stop_after_time_limits=1).json["data"]["id"]
    body = {"exercise_id": number, "answer": "def f():\n    while True: pass"}
    judged = client.post("/submissions?wait=30", json=body, headers=learner.headers).json["data"]
    assert [case["verdict"] for case in judged["cases"]] == ["time_limit", "not_run", "not_run"]


def test_our_own_format_has_it():
    assert "stop_after_time_limits" in own_format.KEYS
