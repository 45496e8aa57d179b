"""Importing exercises in several languages: each has its solutions in files of its own suffix."""

import pytest

from project.tests.exercises.folders import GOOD, TABLE, own

FURTHER = "[languages.javascript]\ncpu_factor = 2\n"
REFERENCE = "function add(a, b) { return a + b; }\n"
STARTER = "function add(a, b) {}\n"


def test_the_solutions_are_read_by_the_suffix_of_each_language(run, tmp_path, stored):
    folder = own(tmp_path / "adder", exercise__toml=TABLE + FURTHER, reference__js=REFERENCE, starter__js=STARTER)
    assert run(folder)[:2] == (0, (1, 0, 0, 0))
    adder = stored()["adder"]
    assert adder["languages"] == {"javascript": {"starter": STARTER, "cpu_factor": 2.0, "memory_factor": 1.0}}
    assert (adder["reference_solution"], adder["reference_solutions"]) == (GOOD, {"javascript": REFERENCE})
    assert run(folder)[:2] == (0, (0, 0, 1, 0))
    own(folder, exercise__toml=TABLE + FURTHER.replace("2", "3"))
    assert run(folder)[:2] == (0, (0, 1, 0, 0))
    assert stored()["adder"]["version"] == 2


def test_solutions_in_further_languages_are_optional_and_may_be_in_other_files(run, tmp_path, stored):
    own(tmp_path / "none", exercise__toml=TABLE + "[languages.javascript]\n")
    named = 'reference_solution_file = "solution.mjs"\nstarter = "let add;"\n'
    own(tmp_path / "named", exercise__toml=TABLE + FURTHER + named, solution__mjs=REFERENCE)
    assert run(tmp_path)[:2] == (0, (2, 0, 0, 0))
    found = stored()
    assert (found["none"]["languages"]["javascript"]["starter"], found["none"]["reference_solutions"]) == (None, {})
    assert found["named"]["languages"]["javascript"]["starter"] == "let add;"
    assert found["named"]["reference_solutions"] == {"javascript": REFERENCE}


@pytest.mark.parametrize(
    ("table", "files", "reason"),
    [
        ("[languages.cobol]\n", {}, "language 'cobol' is none of"),
        ("[languages.python]\n", {}, "languages.python: Is the default language already"),
        ("[languages.javascript]\ncpu_factor = nan\n", {}, "languages.javascript.cpu_factor"),
        ("[languages.javascript]\ncpu_factor = 'two'\n", {}, "languages.javascript.cpu_factor"),
        ("[languages.javascript]\ncpu_factors = 2\n", {}, "Did you mean cpu_factor?"),
        ("[languages.javascript]\nstarter_file = '/etc/hostname'\n", {}, "leads out"),
        ("[languages]\njavascript = 5\n", {}, "languages.javascript"),
        (FURTHER, {"reference__js": REFERENCE.replace("+", "-")}, "languages.javascript.reference_solution"),
        (FURTHER, {"starter__js": REFERENCE}, "languages.javascript.starter: Is accepted"),
        (FURTHER, {"starter__js": b"\xff"}, "not UTF-8"),
    ],
)
def test_a_refused_language_is_listed_with_the_reason(run, tmp_path, stored, table, files, reason):
    folder = own(tmp_path / "adder", exercise__toml=TABLE + table, **files)
    status, numbers, output = run(folder)
    assert (status, numbers) == (1, (0, 0, 0, 1)), output
    assert reason in output
    assert stored() == {}


@pytest.mark.parametrize("text", ["languages = 5\n", "languages = []\n", "language = []\n"])
def test_languages_of_a_wrong_type_are_refused(run, tmp_path, stored, text):
    assert run(own(tmp_path / "adder", exercise__toml=text + TABLE))[:2] == (1, (0, 0, 0, 1))
    assert stored() == {}
