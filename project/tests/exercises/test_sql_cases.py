"""Exercises in SQL through the API: how cases are validated and stored, and what learners see of them."""

import pytest

from project.tests.exercises.conftest import CALL

CASE = {
    "name": "adults",
    "kind": "sql",
    "setup": "CREATE TABLE people (name TEXT, age INTEGER); INSERT INTO people VALUES ('Ada', 36), ('Tim', 5);",
    "expected": {"columns": ["name"], "rows": [["Ada"]]},
}
HIDDEN = {
    **CASE,
    "name": "others",
    "hidden": True,
    "setup": "CREATE TABLE people (name TEXT, age INTEGER); INSERT INTO people VALUES ('Grace', 85);",
    "query": "SELECT * FROM people",
    "expected": {"rows": [["Grace", 85]]},
    "ordered": False,
    "checker": "exact",
}
BODY = {"exercise_body": "List the adults.", "language": "sql", "cases": [CASE, HIDDEN]}
DEFAULTS = {"points": 1, "hidden": False, "query": "", "ordered": True, "column_names": False}
DEFAULTS |= {"checker": "trimmed", "tolerance": 1e-6}
SOLUTION = "SELECT name FROM people WHERE age >= 18"


def test_a_case_is_kept_with_its_defaults(add_exercise):
    added = add_exercise(BODY, reference_solution=SOLUTION, starter="SELECT")
    assert added["cases"] == [{**DEFAULTS, **CASE}, {**DEFAULTS, **HIDDEN}]


def test_learners_see_the_database_and_the_result_unless_the_case_is_hidden(client, learner, add_exercise):
    added = add_exercise(BODY)
    seen = client.get(f"/exercises/{added['id']}", headers=learner.headers).json["data"]["cases"]
    shown = {"points": 1, "hidden": False, "query": "", "ordered": True, "column_names": False}
    assert seen == [{**shown, **CASE}, {"name": "others", "kind": "sql", "points": 1, "hidden": True}]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"expected": 5}, "expected"),
        ({"expected": {"rows": [["a"], ["a", "b"]]}}, "expected.rows"),
        ({"expected": {"columns": ["a", "b"], "rows": [["a"]]}}, "expected.rows"),
        ({"expected": {"columns": [], "rows": []}}, "expected.columns"),
        ({"expected": {"rows": [[]]}}, "expected.rows.0"),
        ({"expected": {"rows": [[True]]}}, "expected.rows.0.0"),
        ({"expected": {"rows": [[2**63]]}}, "expected.rows.0"),
        ({"expected": {"rows": [["a\0"]]}}, "expected.rows.0.0"),
        ({"expected": {"rows": [[["a"]]]}}, "expected.rows.0.0"),
        ({"expected": {"rows": [[{"$blob": "0"}]]}}, "expected.rows.0.0"),
        ({"expected": {"rows": [[{"$blob": 5}]]}}, "expected.rows.0.0"),
        ({"expected": {"rows": [[{"$float": "nan"}]]}}, "expected.rows.0.0"),
        ({"expected": {"rows": [["x" * 60_000]]}}, "expected"),
        ({"expected": {"rows": []}, "column_names": True}, "expected.columns"),
        ({"checker": "regex"}, "checker"),
        ({"answer_files": {"a.txt": ""}}, "answer_files"),
        ({"setup": "x" * 65_537}, "setup"),
        ({"ordered": "yes"}, "ordered"),
    ],
)
def test_a_case_that_cannot_be_judged_is_refused(client, admin, fields, name):
    body = {**BODY, "cases": [{**CASE, **fields}]}
    answer = client.post("/exercises", json=body, headers=admin.headers)
    assert answer.status_code == 400, answer.json
    assert f"cases.0.{name}" in answer.json["errors"], answer.json


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"cases": [CALL]}, "cases.0.kind"),
        ({"language": "python"}, "cases.0.kind"),
        ({"cases": [], "test_code": "1", "test_code_solution": "1"}, "cases"),
    ],
)
def test_only_exercises_in_sql_have_cases_in_sql(client, admin, fields, name):
    answer = client.post("/exercises", json={**BODY, **fields}, headers=admin.headers)
    assert answer.status_code == 400
    assert name in answer.json["errors"]


def test_a_reference_solution_with_another_result_is_refused(client, admin):
    body = {**BODY, "cases": [CASE], "reference_solution": "SELECT name\nFROM persons"}
    answer = client.post("/exercises", json=body, headers=admin.headers)
    assert answer.status_code == 400
    assert answer.json["errors"]["reference_solution"][0].startswith('Is not accepted: case "adults": runtime_error')


def test_an_expectation_without_rows_gets_a_warning(client, admin):
    body = {**BODY, "cases": [{**CASE, "expected": {"rows": []}}]}
    answer = client.post("/exercises", json=body, headers=admin.headers)
    assert any("no row is expected" in warning for warning in answer.json["warnings"])


def test_a_learner_gets_the_results_of_a_submission(client, learner, add_exercise):
    added = add_exercise(BODY, reference_solution=SOLUTION)
    body = {"exercise_id": added["id"], "answer": "SELECT name FROM people"}
    answer = client.post("/submissions?wait=30", json=body, headers=learner.headers)
    first, hidden = answer.json["data"]["cases"]
    assert (first["verdict"], hidden["verdict"]) == ("wrong_answer", "accepted")
    assert first["expected"] == "name\n----\nAda\n(1 row)"
    assert first["actual"] == "name\n----\nAda\nTim\n(2 rows)"
    assert (hidden["expected"], hidden["actual"], hidden["call"]) == (None, None, None)
