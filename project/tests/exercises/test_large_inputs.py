"""Inputs over 64 KiB: stored once, read by their beginning, and judged as a whole."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from project.api.exercises.case_fields import MAX_INPUT_BYTES, MAX_TEXT_BYTES
from project.api.exercises.stored_inputs import NOT_STORED, OTHER_BEGINNING, SHOWN_BYTES
from project.tests.exercises.conftest import STDIN, WITH_CASES, outcome, send
from project.tests.exercises.folders import own

LINES = 20_000
LARGE = "1234567\n" * LINES
LARGEST = "1234567\n" * (MAX_INPUT_BYTES // 8)
SUMS = "import sys\nprint(sum(map(int, sys.stdin)))\n"
READS_NOTHING = "print(7)\n"
DIGEST = hashlib.sha256(LARGE.encode()).hexdigest()

INPUTS = "SELECT digest, octet_length(content) AS size FROM case_inputs"


def summing(text=LARGE, **fields):
    """Return an exercise with one case: the sum of the numbers in the input."""
    case = STDIN | {"input": text, "expected": str(sum(map(int, text.split())))}
    return {"exercise_body": "Sum up.", "cases": [case | fields], "limits": {"cpu_ms": 10_000}}


def read(client, exercise, caller):
    """Return an exercise as a caller reads it."""
    return client.get(f"/exercises/{exercise['id']}", headers=caller.headers).json["data"]


def evaluated(client, exercise, answer, caller):
    """Return the verdicts of an answer."""
    body = {"exercise_id": exercise["id"], "answer": answer}
    judged = client.post("/evaluations", json=body, headers=caller.headers)
    assert judged.status_code == 200, judged.json
    return [case["verdict"] for case in judged.json["data"]["cases"]]


def test_an_input_of_16_mib_is_saved_and_judged(client, learner, add_exercise, rows):
    assert len(LARGEST) == MAX_INPUT_BYTES
    exercise = add_exercise(summing(LARGEST), reference_solution=SUMS)
    assert [row["size"] for row in rows(INPUTS)] == [MAX_INPUT_BYTES]
    assert evaluated(client, exercise, SUMS, learner) == ["accepted"]
    assert evaluated(client, exercise, READS_NOTHING, learner) == ["wrong_answer"]


def test_a_program_that_reads_none_of_its_large_input_can_be_accepted(client, learner, add_exercise):
    exercise = add_exercise(summing(expected="7"))
    assert evaluated(client, exercise, READS_NOTHING, learner) == ["accepted"]


def test_an_input_that_fits_is_stored_in_its_case(client, admin, add_exercise, rows):
    text = "é" * (MAX_TEXT_BYTES // 2)
    exercise = add_exercise(WITH_CASES | {"cases": [STDIN | {"input": text}]})
    (case,) = read(client, exercise, admin)["cases"]
    assert case["input"] == text
    assert not {"input_digest", "input_bytes"} & case.keys()
    assert rows(INPUTS) == []


def test_the_beginning_and_the_size_of_a_large_input_are_shown(client, learner, admin, add_exercise):
    text = "x" + "é" * MAX_TEXT_BYTES  # cut in the middle of a character
    exercise = add_exercise(WITH_CASES | {"cases": [STDIN | {"input": text}]})
    beginning = text[: SHOWN_BYTES // 2]
    (shown,) = read(client, exercise, learner)["cases"]
    assert (shown["input"], shown["input_bytes"]) == (beginning, 2 * MAX_TEXT_BYTES + 1)
    assert "input_digest" not in shown
    (own_case,) = read(client, exercise, admin)["cases"]
    assert own_case["input_digest"] == hashlib.sha256(text.encode()).hexdigest()


def test_a_hidden_large_input_stays_hidden(client, learner, add_exercise):
    exercise = add_exercise(summing(hidden=True))
    (case,) = read(client, exercise, learner)["cases"]
    assert sorted(case) == ["hidden", "kind", "name", "points"]


def test_lists_and_versions_stay_small(client, admin, learner, add_exercise):
    exercise = add_exercise(summing())
    for address, caller in (
        ("/exercises", admin),
        ("/exercises", learner),
        (f"/exercises/{exercise['id']}", learner),
        (f"/exercises/{exercise['id']}/versions", admin),
    ):
        answer = client.get(address, headers=caller.headers)
        assert json.dumps(LARGE[:SHOWN_BYTES]) in answer.text
        assert len(answer.data) < 4 * SHOWN_BYTES


def test_an_exercise_as_it_was_read_can_be_sent_back(client, admin, learner, add_exercise, stored_versions, rows):
    exercise = add_exercise(summing(), reference_solution=SUMS)
    answer = client.get(f"/exercises/{exercise['id']}", headers=admin.headers)
    headers = admin.headers | {"If-Match": answer.headers["ETag"]}
    sent = answer.json["data"] | {"slug": "renamed"}
    put = client.put(f"/exercises/{exercise['id']}", json=sent, headers=headers)
    assert put.status_code == 200, put.json
    assert (put.json["data"]["cases"], put.json["data"]["version"]) == (exercise["cases"], 1)
    assert len(stored_versions(exercise["id"])) == len(rows(INPUTS)) == 1
    assert evaluated(client, exercise, SUMS, learner) == ["accepted"]


def test_the_same_input_in_full_makes_no_new_version(client, admin, add_exercise, stored_versions, rows):
    exercise = add_exercise(summing())
    assert send(client, "PUT", f"/exercises/{exercise['id']}", summing(), admin).status_code == 200
    assert len(stored_versions(exercise["id"])) == len(rows(INPUTS)) == 1


def test_another_input_is_a_new_version_and_the_old_one_is_kept(
    client, admin, learner, add_exercise, stored_versions, rows
):
    exercise = add_exercise(summing())
    other = summing("1\n" * MAX_TEXT_BYTES)
    assert send(client, "PUT", f"/exercises/{exercise['id']}", other, admin).status_code == 200
    digests = [version["cases"][0]["input_digest"] for version in stored_versions(exercise["id"])]
    assert digests[0] == DIGEST
    assert sorted(digests) == sorted(row["digest"] for row in rows(INPUTS))
    assert evaluated(client, exercise, SUMS, learner) == ["accepted"]


def test_an_input_too_long_is_refused(refused, rows):
    refused(summing(LARGEST + "1"), "cases.0.input")
    assert rows(INPUTS) == []


def test_an_exercise_that_is_refused_leaves_no_input(refused, rows):
    refused(
        summing() | {"reference_solution": READS_NOTHING},
        "reference_solution",
        message="Sorry. The reference solution must be accepted, and the starter must not.",
    )
    assert rows(INPUTS) == []


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"input": "", "input_digest": "0" * 64}, "cases.0.input_digest", NOT_STORED),
        ({"input": "changed", "input_digest": DIGEST}, "cases.0.input", OTHER_BEGINNING),
        ({"input": LARGE, "input_digest": DIGEST}, "cases.0.input", OTHER_BEGINNING),
    ],
)
def test_a_reference_must_match_the_stored_input(client, admin, add_exercise, exercise_rows, given, field, said):
    exercise = add_exercise(summing())
    before = exercise_rows()
    answer = send(client, "PUT", f"/exercises/{exercise['id']}", summing(LARGE, **given), admin)
    assert outcome(answer) == (400, "fail", "Sorry. That exercise cannot be judged.")
    assert answer.json["errors"] == {field: [said]}
    assert exercise_rows() == before


def test_only_exercises_may_be_longer_than_other_bodies(client, admin, app):
    most = app.config["MAX_CONTENT_LENGTH"]
    long = {"cases": [], "exercise_body": "x" * most}
    answer = send(client, "POST", "/submissions", long, admin)
    assert (answer.status_code, answer.json["errors"]) == (413, {"body": [f"Must have at most {most} bytes."]})
    assert send(client, "POST", "/exercises", long, admin).status_code == 400


def test_an_exercise_over_its_own_limit_is_refused(admin, make_app):
    client = make_app(EXERCISE_MAX_BYTES=1000).test_client()
    answer = client.post("/exercises", data=b"{" + b" " * 1000, content_type="application/json", headers=admin.headers)
    assert (answer.status_code, answer.json["errors"]) == (413, {"body": ["Must have at most 1000 bytes."]})


def test_trying_an_exercise_with_a_large_input_stores_nothing(client, admin, rows):
    answer = send(client, "POST", "/exercises/check", summing() | {"reference_solution": SUMS}, admin)
    assert (answer.status_code, answer.json["data"]["savable"]) == (200, True)
    assert rows(INPUTS) == []


TABLE = f"""
limits = {{cpu_ms = 10000}}
[[cases]]
name = "large"
kind = "stdin"
input_file = "large.txt"
expected = "{1234567 * LINES}"
"""


def test_a_large_input_is_imported_from_its_file(client, learner, run, tmp_path, stored, stored_versions, rows):
    folder = own(tmp_path / "sum", exercise__toml=TABLE, large__txt=LARGE, reference__py=SUMS, starter__py="pass\n")
    assert run(folder)[:2] == (0, (1, 0, 0, 0))
    assert [row["digest"] for row in rows(INPUTS)] == [DIGEST]
    assert run(folder)[:2] == (0, (0, 0, 1, 0))
    assert evaluated(client, stored()["sum"], SUMS, learner) == ["accepted"]
    own(folder, exercise__toml=TABLE, large__txt=LARGE, reference__py=SUMS + "\n", starter__py="pass\n")
    assert run(folder)[:2] == (0, (0, 1, 0, 0))
    assert len(stored_versions(stored()["sum"]["id"])) == 1


def test_a_file_over_16_mib_is_not_imported(run, tmp_path, rows):
    own(tmp_path / "sum", exercise__toml=TABLE, large__txt=LARGEST + "1", reference__py=SUMS)
    status, _, printed = run(tmp_path / "sum")
    assert (status, rows(INPUTS)) == (1, [])
    assert f"large.txt has more than {MAX_INPUT_BYTES} bytes" in printed


def test_a_stored_input_is_neither_changed_nor_deleted(change, add_exercise, rows):
    add_exercise(summing())
    for statement in ("DELETE FROM case_inputs", "UPDATE case_inputs SET digest = 'x'", "TRUNCATE case_inputs"):
        with pytest.raises(sa.exc.ProgrammingError, match="is refused"):
            change(statement)
    assert [row["digest"] for row in rows(INPUTS)] == [DIGEST]


def test_a_digest_that_is_not_that_of_the_input_cannot_be_stored(change):
    with pytest.raises(sa.exc.IntegrityError, match="digest_of_content"):
        change("INSERT INTO case_inputs (digest, content) VALUES (:digest, 'x')", digest=DIGEST)
