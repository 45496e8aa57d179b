"""The exercises of a first start: each can be solved, and none is solved already."""

import pytest

from project import db
from project.api.exercises import queries
from project.api.exercises.importing.finding import find_exercises, read_exercise
from project.api.exercises.importing.folders import Folder
from project.api.exercises.lint import warnings
from project.api.exercises.saving import check_solutions, stored_values
from project.cli import seeds
from project.judging.problems import Kind

FOLDERS = {folder.name: folder for folder in find_exercises(Folder(seeds.EXERCISES))}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_reference_is_accepted_and_a_starter_is_not(app, name):
    payload = read_exercise(FOLDERS[name], "python")
    assert payload.title
    assert payload.slug
    assert payload.starter is not None
    with app.app_context():
        values = stored_values(payload)
        check_solutions(values)
        assert [sentence for sentence in warnings(values) if "hidden" not in sentence] == []


def test_they_show_every_kind_of_case_and_the_languages_of_every_host():
    payloads = [read_exercise(folder, "python") for folder in FOLDERS.values()]
    assert {case.kind for payload in payloads for case in payload.cases} == set(Kind)
    assert {payload.language for payload in payloads} == {"python", "javascript", "sql"}
    assert any(case.hidden for payload in payloads for case in payload.cases)


def test_they_are_added_once_and_in_order(app, change):
    change("DELETE FROM exercises")
    with app.app_context():
        for _ in range(2):
            seeds.add_exercises()
            db.session.commit()
        slugs = [row["slug"] for row in db.session.execute(queries.exercises({}, for_admin=True)).mappings()]
    assert slugs[0] == "add"
    assert len(slugs) == len(FOLDERS)
