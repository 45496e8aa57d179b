"""POST /exercises/check: the errors and warnings of saving an exercise, with the result of every case."""

import pytest

from project.tests.exercises.conftest import BODY, CALL, WITH_CASES, send

GOOD = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return 5\n"
MORE = CALL | {"name": "more", "arguments": [1, 1], "expected": 2, "hidden": True}
EXERCISE = WITH_CASES | {"cases": [CALL, MORE]}


@pytest.fixture
def check(client, admin):
    return lambda body, caller=admin: send(client, "POST", "/exercises/check", body, caller)


def verdicts(trial):
    return {case["name"]: case["verdict"] for case in trial["cases"]}


def test_an_exercise_whose_solutions_pass_can_be_saved(check, rows):
    before = rows("SELECT count(*) FROM exercises")
    answer = check(EXERCISE | {"reference_solution": GOOD, "starter": "def add(a, b): pass"})
    assert answer.status_code == 200, answer.json
    data = answer.json["data"]
    assert (data["savable"], data["errors"]) == (True, {})
    assert data["reference_solution"]["verdict"] == "accepted"
    assert set(verdicts(data["reference_solution"]).values()) == {"accepted"}
    assert data["starter"]["verdict"] == "wrong_answer"
    assert rows("SELECT count(*) FROM exercises") == before


def test_each_case_has_its_result_also_a_hidden_one(check):
    data = check(EXERCISE | {"reference_solution": WRONG}).json["data"]
    assert data["savable"] is False
    assert "got" in data["errors"]["reference_solution"][0] or "wrong_answer" in data["errors"]["reference_solution"][0]
    (hidden,) = [case for case in data["reference_solution"]["cases"] if case["hidden"]]
    assert (hidden["verdict"], hidden["actual"], hidden["expected"]) == ("wrong_answer", "5", "2")
    assert data["starter"] is None


def test_a_starter_that_is_accepted_cannot_be_saved(check):
    data = check(EXERCISE | {"starter": GOOD}).json["data"]
    assert (data["savable"], list(data["errors"])) == (False, ["starter"])
    assert data["starter"]["verdict"] == "accepted"


def test_checking_returns_the_errors_of_saving(check, client, admin):
    body = EXERCISE | {"reference_solution": WRONG, "starter": GOOD}
    assert check(body).json["data"]["errors"] == send(client, "POST", "/exercises", body, admin).json["errors"]


def test_warnings_come_with_it(check):
    assert check(WITH_CASES | {"cases": [CALL, CALL | {"name": "two"}]}).json["warnings"]


def test_an_exercise_without_solutions_is_not_tried(check):
    data = check(BODY).json["data"]
    assert data == {"savable": True, "errors": {}, "reference_solution": None, "starter": None, "languages": {}}


@pytest.mark.parametrize(
    "body",
    [{}, WITH_CASES | {"cases": [CALL, CALL]}, EXERCISE | {"language": "cobol"}, EXERCISE | {"limits": {"cpu_ms": 1}}],
)
def test_an_exercise_that_cannot_be_judged_is_refused_as_when_it_is_saved(check, client, admin, body):
    tried, saved = check(body), send(client, "POST", "/exercises", body, admin)
    assert (tried.status_code, tried.json["message"], tried.json["errors"]) == (
        *(400, saved.json["message"], saved.json["errors"]),
    )


def test_only_admins_try_exercises(check, client, learner, grader):
    assert client.post("/exercises/check", json=EXERCISE).status_code == 403
    for caller in (learner, grader):
        assert check(EXERCISE, caller).status_code == 401
