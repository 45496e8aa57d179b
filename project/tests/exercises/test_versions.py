"""The database keeps the versions, for all writers."""

import psycopg
import pytest
import sqlalchemy as sa

from project import db
from project.api.exercises.models import Exercise

JUDGED = {
    "exercise_body": "'other'",
    "title": "'other'",
    "starter": "'other'",
    "language": "'javascript'",
    "test_code": "'other'",
    "test_code_solution": "'other'",
    "cases": """'[{"name": "a"}]'""",
    "limits": """'{"cpu_ms": 500}'""",
    "shared_sandbox": "true",
    "policy": "'first'",
    "languages": """'{"javascript": {"starter": null, "cpu_factor": 2.0, "memory_factor": 1.0}}'""",
}
NOT_JUDGED = {
    "slug": "'other'",
    "grading": "'server'",
    "reference_solution": "'other'",
    "reference_solutions": """'{"javascript": "other"}'""",
    "deleted_at": "now()",
}
SET = "UPDATE exercises SET {} = {} WHERE id = :id"
INSERT = "INSERT INTO exercises (exercise_body, test_code, test_code_solution) VALUES ('b', 't', 's')"


@pytest.fixture
def insert(app):
    """Add an exercise in SQL; return its id."""

    def add(statement=INSERT, **values):
        with app.app_context():
            exercise_id = db.session.scalar(sa.text(f"{statement} RETURNING id"), values)
            db.session.commit()
            return exercise_id

    return add


def test_an_exercise_inserted_by_sql_has_its_first_version(insert, stored_versions, rows):
    exercise_id = insert()
    (exercise,) = rows("SELECT * FROM exercises WHERE id = :id", id=exercise_id)
    (version,) = stored_versions(exercise_id)
    assert (exercise["version"], version["version"]) == (1, 1)
    assert {name: version[name] for name in JUDGED} == {name: exercise[name] for name in JUDGED}


def test_an_exercise_added_by_the_model_has_its_first_version(app, stored_versions):
    with app.app_context():
        exercise = Exercise(exercise_body="b", test_code="t", test_code_solution="s")
        db.session.add(exercise)
        db.session.commit()
        assert (exercise.version, exercise.cases, exercise.limits, exercise.deleted_at) == (1, [], {}, None)
        exercise.test_code = "other"
        db.session.commit()
        assert exercise.version == 2
        exercise_id = exercise.id
    assert [version["test_code"] for version in stored_versions(exercise_id)] == ["t", "other"]


def test_a_bulk_load_makes_a_version_of_each(change, rows):
    change(
        "INSERT INTO exercises (exercise_body, test_code, test_code_solution) "
        "SELECT 'bulk', n::text, '' FROM generate_series(1, 500) AS n"
    )
    (found,) = rows("SELECT count(*), min(version), max(version) FROM exercise_versions WHERE exercise_body = 'bulk'")
    assert found == {"count": 500, "min": 1, "max": 1}
    change("UPDATE exercises SET test_code = 'new' WHERE test_code::int > 200 AND exercise_body = 'bulk'")
    (found,) = rows("SELECT count(*) FROM exercise_versions WHERE exercise_body = 'bulk' AND version = 2")
    assert found == {"count": 300}


@pytest.mark.parametrize("name", JUDGED)
def test_a_change_of_the_tests_or_the_text_makes_a_version(insert, change, stored_versions, rows, name):
    exercise_id, other = insert(), insert()
    change(SET.format(name, JUDGED[name]), id=exercise_id)
    first, second = stored_versions(exercise_id)
    assert (first["version"], second["version"]) == (1, 2)
    assert {key for key in first if first[key] != second[key]} - {"created_at"} == {"version", name}
    (exercise,) = rows("SELECT * FROM exercises WHERE id = :id", id=exercise_id)
    assert (exercise["version"], exercise[name]) == (2, second[name])
    assert len(stored_versions(other)) == 1


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_another_change_makes_none(insert, change, stored_versions, rows, name):
    exercise_id = insert()
    (before,) = rows("SELECT updated_at FROM exercises WHERE id = :id", id=exercise_id)
    change(SET.format(name, NOT_JUDGED[name]), id=exercise_id)
    change("UPDATE exercises SET test_code = test_code, cases = cases WHERE id = :id", id=exercise_id)
    assert len(stored_versions(exercise_id)) == 1
    (after,) = rows("SELECT version, updated_at FROM exercises WHERE id = :id", id=exercise_id)
    assert after["version"] == 1
    assert after["updated_at"] > before["updated_at"]


def test_the_number_of_a_version_cannot_be_set(insert, change, stored_versions, rows):
    exercise_id = insert()
    change("UPDATE exercises SET version = 70 WHERE id = :id", id=exercise_id)
    change("UPDATE exercises SET version = 70, title = 't' WHERE id = :id", id=exercise_id)
    assert rows("SELECT version FROM exercises WHERE id = :id", id=exercise_id) == [{"version": 2}]
    assert [version["version"] for version in stored_versions(exercise_id)] == [1, 2]


def test_arguments_in_another_order_are_another_case(insert, change, stored_versions):
    exercise_id = insert()
    for number, cases in enumerate(('[{"a": 1, "b": 2}]', '[{"b": 2, "a": 1}]', '[{"b": 2.0, "a": 1}]'), 2):
        change("UPDATE exercises SET cases = CAST(:cases AS json) WHERE id = :id", id=exercise_id, cases=cases)
        assert len(stored_versions(exercise_id)) == number


def test_a_deletion_by_hand_leaves_the_versions_and_an_id_that_comes_back_goes_on_after_them(
    insert, change, stored_versions
):
    exercise_id = insert()
    change("UPDATE exercises SET title = 't' WHERE id = :id", id=exercise_id)
    before = stored_versions(exercise_id)
    change("DELETE FROM exercises WHERE id = :id", id=exercise_id)
    assert stored_versions(exercise_id) == before
    again = insert("INSERT INTO exercises (id, exercise_body) VALUES (:id, 'back')", id=exercise_id)
    assert again == exercise_id
    assert stored_versions(exercise_id)[:2] == before
    assert stored_versions(exercise_id)[2].items() >= {"version": 3, "exercise_body": "back"}.items()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exercise_versions SET test_code = 'easier'",
        "DELETE FROM exercise_versions",
        "TRUNCATE exercise_versions",
    ],
)
def test_a_version_is_neither_changed_nor_removed(insert, change, exercise_rows, statement):
    insert()
    before = exercise_rows()
    with pytest.raises(sa.exc.ProgrammingError) as refusal:
        change(statement)
    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)
    assert exercise_rows() == before


@pytest.mark.parametrize(
    ("name", "value", "constraint"),
    [
        ("policy", "'worst'", "ck_exercises_known_policy"),
        ("cases", "'{}'", "ck_exercises_list_of_cases"),
        ("limits", "'[]'", "ck_exercises_object_of_limits"),
    ],
)
def test_the_database_refuses_rows_that_no_code_could_read(insert, change, name, value, constraint):
    exercise_id = insert()
    with pytest.raises(sa.exc.IntegrityError) as refusal:
        change(SET.format(name, value), id=exercise_id)
    assert refusal.value.orig.diag.constraint_name == constraint
