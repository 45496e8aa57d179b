"""A key that is misspelt is refused rather than dropped, with the name that was probably meant."""

import pytest

from project.tests.exercises.conftest import BODY, CALL, STDIN, WITH_CASES, send
from project.tests.exercises.folders import TABLE


def errors_of(client, admin, body):
    answer = send(client, "POST", "/exercises", body, admin)
    assert (answer.status_code, answer.json["message"]) == (400, "Invalid payload."), answer.json
    return answer.json["errors"]


@pytest.mark.parametrize("body", [BODY, WITH_CASES])
def test_an_unknown_key_of_an_exercise_is_refused(client, admin, refused, body):
    refused(body | {"refrence_solution": "x", "colour": 1}, "colour", "refrence_solution")
    (sentence,) = errors_of(client, admin, body | {"refrence_solution": "x"})["refrence_solution"]
    assert sentence == "Is no field of an exercise. Did you mean reference_solution?"


def test_an_unknown_key_is_named_beside_all_else_that_is_wrong(client, admin):
    body = WITH_CASES | {
        "titel": "x",
        "slug": "A",
        "limits": {"cpu": 1},
        "cases": [CALL | {"hiden": True, "points": -1}],
    }
    errors = errors_of(client, admin, body)
    assert sorted(errors) == ["cases.0.hiden", "cases.0.points", "limits.cpu", "slug", "titel"]
    assert errors["cases.0.hiden"] == ["Is no field of a case of this kind. Did you mean hidden?"]
    assert errors["limits.cpu"] == ["Is no field of the limits. Did you mean cpu_ms?"]
    assert errors["titel"] == ["Is no field of an exercise. Did you mean title?"]


def test_a_key_that_is_like_no_other_brings_no_question(client, admin):
    assert errors_of(client, admin, BODY | {"zzz": 1}) == {"zzz": ["Is no field of an exercise."]}


def test_trying_an_exercise_refuses_it_too(client, admin):
    answer = send(client, "POST", "/exercises/check", WITH_CASES | {"startr": "x"}, admin)
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["startr"])


@pytest.mark.parametrize("kind", ["cal", "CALL", "", None, 5, ["call"], {}])
def test_an_unknown_kind_is_one_error(client, admin, kind):
    errors = errors_of(client, admin, WITH_CASES | {"cases": [STDIN, CALL | {"kind": kind, "points": "many"}]})
    (sentence,) = errors.pop("cases.1.kind")
    assert sentence.startswith("Must be one of stdout, stdin, call, unittest, sql.")
    assert sentence.endswith("Did you mean call?.") is False
    assert ("Did you mean call?" in sentence) is (kind == "cal")
    assert errors == {}


def test_a_folder_whose_table_has_an_unknown_key_is_refused(tmp_path, run, stored):
    folder = tmp_path / "sum"
    folder.mkdir()
    (folder / "exercise.toml").write_text(f'titel = "Sum"\n{TABLE}')
    status, _, output = run(folder)
    assert status == 1
    assert "titel. Did you mean title?" in output
    assert stored() == {}
