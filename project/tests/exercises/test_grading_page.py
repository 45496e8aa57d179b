"""The examples and the limits in docs/grading.md are right."""

import json
import re

from project.api.exercises.case_fields import MAX_INPUT_BYTES, MAX_TEXT_BYTES
from project.api.exercises.case_files import MAX_FILES, MAX_MODULE_BYTES
from project.api.exercises.importing.folders import MAX_FILE_BYTES
from project.api.exercises.rules import MAX_CASES_BYTES
from project.api.exercises.schemas import ExercisePayload
from project.api.exercises.stored_inputs import CACHED_BYTES, SHOWN_BYTES
from project.config import ROOT
from project.judging.problems import Checker, Kind
from project.tests.exercises.conftest import send
from project.tests.exercises.folders import write

PAGE = (ROOT / "docs" / "grading.md").read_text()
BLOCK = r"```{}\n(.*?)```"


def test_the_exercise_of_the_page_is_accepted(client, admin):
    (text,) = re.findall(BLOCK.format("json"), PAGE, re.DOTALL)
    answer = send(client, "POST", "/exercises", json.loads(text), admin)
    assert answer.status_code == 201, answer.json
    assert answer.json["warnings"] == []


def test_the_folder_of_the_page_is_imported(run, tmp_path, stored):
    files = dict(re.findall(r"^`(adder/\S+)`:\n" + BLOCK.format(r"\w+"), PAGE, re.DOTALL | re.MULTILINE))
    assert len(files) == 6
    write(tmp_path, files)
    assert run(tmp_path)[:2] == (0, (1, 0, 0, 0))
    assert len(stored()["adder"]["cases"]) == 3


def test_the_page_names_all_fields_kinds_and_checkers():
    names = {*ExercisePayload.model_fields, *Kind, *Checker}
    assert {name for name in names if f"`{name}`" not in PAGE} == set()


def test_the_page_has_the_numbers_of_the_program():
    assert f"at most {MAX_FILES}" in PAGE
    assert f"Each text has at most {MAX_TEXT_BYTES // 1024} KiB" in PAGE
    assert f"at most {MAX_MODULE_BYTES // 1024} KiB" in " ".join(PAGE.split())
    assert f"together {MAX_CASES_BYTES // 1024} KiB" in " ".join(PAGE.split())
    assert f"may have {MAX_INPUT_BYTES // 1024**2} MiB" in PAGE
    assert f"up to {SHOWN_BYTES // 1024} KiB" in PAGE
    assert f"up to {CACHED_BYTES // 1024**2} MiB" in PAGE
    assert f"more than {MAX_FILE_BYTES // 1024} KiB" in PAGE
