import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from project import db
from project.tests.exercises.conftest import BODY, CALL, WITH_CASES, outcome
from project.tests.scores.test_reading import no_ids

UNKNOWN = (404, "fail", "Exercise does not exist")
UPDATED = (200, "success", "Exercise was updated!")
DELETED = (200, "success", "Exercise was deleted!")
WRITERS = [
    ("nobody", (403, "error", "Provide a valid auth token.")),
    ("liar", (401, "error", "Invalid token.")),
    ("learner", (401, "error", "You do not have permission to do that.")),
    ("grader", (401, "error", "You do not have permission to do that.")),
]


@pytest.fixture
def put(client, admin):
    return lambda exercise_id, body: client.put(f"/exercises/{exercise_id}", json=body, headers=admin.headers)


@pytest.fixture
def delete(client, admin):
    return lambda exercise_id: client.delete(f"/exercises/{exercise_id}", headers=admin.headers)


@pytest.fixture
def versions(client, admin):
    def read(exercise_id):
        answer = client.get(f"/exercises/{exercise_id}/versions", headers=admin.headers)
        assert answer.status_code == 200, answer.json
        return answer.json["data"]["versions"]

    return read


def test_an_admin_replaces_an_exercise(client, admin, add_exercise, put):
    others = client.get("/exercises", headers=admin.headers).json["data"]["exercises"]
    added = add_exercise(slug="sum", title="Sum", policy="first", limits={"cpu_ms": 500})
    answer = put(added["id"], WITH_CASES)
    assert outcome(answer) == UPDATED
    data = answer.json["data"]
    assert data == client.get(f"/exercises/{added['id']}", headers=admin.headers).json["data"]
    assert data.items() >= {"id": added["id"], "created_at": added["created_at"], "version": 2}.items()
    # What is not given is as in a new exercise.
    fresh = add_exercise(WITH_CASES)
    differing = {name for name in data if data[name] != fresh[name]}
    assert differing == {"id", "created_at", "updated_at", "version"}
    assert dt.datetime.fromisoformat(data["updated_at"]) > dt.datetime.fromisoformat(added["updated_at"])
    assert client.get("/exercises", headers=admin.headers).json["data"]["exercises"][: len(others)] == others


def test_a_change_makes_a_new_version_and_no_change_makes_none(add_exercise, put, versions):
    exercise_id = add_exercise()["id"]
    for body, version in (
        (BODY, 1),
        (BODY | {"test_code": "print(add(1, 1))"}, 2),
        (BODY | {"test_code": "print(add(1, 1))"}, 2),
        (BODY, 3),
        (BODY | {"grading": "server"}, 3),
        (BODY | {"slug": "sum"}, 3),
        (WITH_CASES, 4),
        (WITH_CASES | {"cases": [CALL | {"hidden": True}]}, 5),
    ):
        assert put(exercise_id, body).json["data"]["version"] == version
    assert [version["version"] for version in versions(exercise_id)] == [5, 4, 3, 2, 1]


def test_versions_are_kept_as_they_were(client, admin, add_exercise, put, versions):
    added = add_exercise(title="Sum")
    put(added["id"], WITH_CASES)
    newest, first = versions(added["id"])
    assert first.items() >= {"exercise_id": added["id"], "version": 1, "title": "Sum", "max_points": 1, **BODY}.items()
    assert newest["cases"] == client.get(f"/exercises/{added['id']}", headers=admin.headers).json["data"]["cases"]
    for version in (newest, first):
        address = f"/exercises/{added['id']}/versions/{version['version']}"
        assert client.get(address, headers=admin.headers).json["data"] == version


def test_the_versions_come_in_pages(client, admin, add_exercise, put):
    exercise_id = add_exercise()["id"]
    for number in range(4):
        put(exercise_id, BODY | {"exercise_body": f"text {number}"})
    address, found = f"/exercises/{exercise_id}/versions?limit=2", []
    while address:
        answer = client.get(address, headers=admin.headers)
        found += [version["version"] for version in answer.json["data"]["versions"]]
        address = answer.json["next"]
    assert found == [5, 4, 3, 2, 1]


def test_a_missing_version_is_not_found(client, admin, add_exercise):
    exercise_id = add_exercise()["id"]
    for text in [*no_ids(1), "0", "2"]:
        answer = client.get(f"/exercises/{exercise_id}/versions/{text}", headers=admin.headers)
        assert outcome(answer) in ((404, "fail", "Version does not exist"), (404, "fail", "Not Found.")), text


@pytest.mark.parametrize(("writer", "refusal"), WRITERS)
def test_only_admins_change_and_delete_and_see_versions(
    client, add_exercise, headers_of, exercise_rows, writer, refusal
):
    exercise_id = add_exercise()["id"]
    before = exercise_rows()
    for method, address in (
        ("PUT", f"/exercises/{exercise_id}"),
        ("DELETE", f"/exercises/{exercise_id}"),
        ("GET", f"/exercises/{exercise_id}/versions"),
        ("GET", f"/exercises/{exercise_id}/versions/1"),
        ("PUT", "/exercises/0"),
    ):
        for body in (BODY, {}):
            answer = client.open(address, method=method, json=body, headers=headers_of(writer))
            assert outcome(answer) == refusal, (method, address)
    assert exercise_rows() == before


def test_a_missing_exercise_is_neither_changed_nor_deleted(client, admin, add_exercise, exercise_rows):
    exercise_id = add_exercise()["id"]
    before = exercise_rows()
    for text in no_ids(exercise_id):
        for method in ("PUT", "DELETE"):
            answer = client.open(f"/exercises/{text}", method=method, json=BODY, headers=admin.headers)
            assert outcome(answer) == UNKNOWN, (method, text)
        assert outcome(client.get(f"/exercises/{text}/versions", headers=admin.headers)) == UNKNOWN, text
    assert exercise_rows() == before


def test_a_deleted_exercise_is_gone_but_for_its_versions(
    client, admin, learner, add_exercise, put, delete, versions, rows
):
    kept, exercise_id = add_exercise(slug="kept")["id"], add_exercise(slug="gone")["id"]
    assert outcome(delete(exercise_id)) == DELETED
    for headers in ({}, learner.headers, admin.headers):
        assert outcome(client.get(f"/exercises/{exercise_id}", headers=headers)) == UNKNOWN
        listed = client.get("/exercises", headers=headers).json["data"]["exercises"]
        assert [exercise["id"] for exercise in listed[-1:]] == [kept]
        assert client.get("/exercises?slug=gone", headers=headers).json["data"]["exercises"] == []
    assert outcome(delete(exercise_id)) == UNKNOWN
    assert outcome(put(exercise_id, BODY)) == UNKNOWN
    assert [version["version"] for version in versions(exercise_id)] == [1]
    (row,) = rows("SELECT deleted_at, version FROM exercises WHERE id = :id", id=exercise_id)
    assert row["deleted_at"] is not None
    assert row["version"] == 1


def test_a_learner_cannot_report_a_score_for_a_deleted_exercise_that_is_graded(client, learner, add_exercise, delete):
    exercise_id = add_exercise(grading="server")["id"]
    delete(exercise_id)
    answer = client.post("/scores", json={"exercise_id": exercise_id, "correct": True}, headers=learner.headers)
    assert answer.status_code == 401


def test_two_exercises_have_not_the_same_slug(client, admin, add_exercise, put, delete, exercise_rows):
    first, second = add_exercise(slug="sum")["id"], add_exercise()["id"]
    before = exercise_rows()
    taken = (400, "fail", "Sorry. That slug already exists.")
    for answer in (
        client.post("/exercises", json=BODY | {"slug": "sum"}, headers=admin.headers),
        put(second, BODY | {"slug": "sum"}),
    ):
        assert outcome(answer) == taken
        assert list(answer.json["errors"]) == ["slug"]
    assert exercise_rows() == before
    delete(first)
    assert outcome(put(second, BODY | {"slug": "sum"})) == UPDATED


def test_exercises_are_found_by_language_and_slug(client, add_exercise):
    python, javascript = add_exercise(slug="a-1")["id"], add_exercise(language="javascript")["id"]

    def found(query):
        return [exercise["id"] for exercise in client.get(f"/exercises?{query}").json["data"]["exercises"]]

    assert found("language=javascript") == [javascript]
    assert python in found("language=python")
    assert javascript not in found("language=python")
    assert found("slug=a-1") == found("slug=a-1&language=python") == [python]
    assert found("slug=a-1&language=javascript") == found("slug=a") == []
    for query, name in (
        ("language=cobol", "language"),
        ("language=", "language"),
        ("slug=%25", "slug"),
        ("slug=", "slug"),
    ):
        answer = client.get(f"/exercises?{query}")
        assert (answer.status_code, list(answer.json["errors"])) == (400, [name])


@pytest.fixture
def statements(app):
    """Collect the statements that are sent to the database."""
    sent = []

    def note(_, __, statement, *___):
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/exercises", "/exercises/{}/versions"])
def test_a_list_needs_the_same_number_of_statements_at_any_length(
    client, admin, add_exercise, put, statements, address
):
    exercise_id = add_exercise(WITH_CASES)["id"]
    counts = []
    for number in range(3):
        statements.clear()
        assert client.get(address.format(exercise_id), headers=admin.headers).status_code == 200
        counts.append(len([text for text in statements if "exercise" in text]))
        add_exercise(WITH_CASES)
        put(exercise_id, WITH_CASES | {"exercise_body": f"text {number}"})
    assert counts[0] == counts[2] <= 2


def test_a_change_that_comes_with_a_deletion_at_once_is_not_found(client, admin, add_exercise, put, app):
    exercise_id = add_exercise()["id"]
    with app.app_context():
        db.session.execute(sa.text("UPDATE exercises SET deleted_at = now() WHERE id = :id"), {"id": exercise_id})
        db.session.commit()
    assert outcome(put(exercise_id, BODY)) == UNKNOWN
