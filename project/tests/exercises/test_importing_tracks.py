"""Importing the layout of an Exercism track. The exercises are made up for these tests."""

import json

import pytest

from project.tests.exercises.folders import write

TEST = """
import unittest

from {module} import double


class DoubleTest(unittest.TestCase):
    def test_number(self):
        self.assertEqual(double(21), 42)

    def test_text(self):
        self.assertEqual(double("ab"), "abab")
"""
STUB = "def double(value):\n    pass\n"
REFERENCE = "def double(value):\n    return value * 2\n"


def practice(folder, **files):
    """Write an exercise as a practice exercise of a track."""
    module = folder.name.replace("-", "_")
    return write(
        folder,
        {
            ".docs/instructions.md": "# Instructions\n\nDouble it.\n",
            ".meta/example.py": REFERENCE,
            f"{module}.py": STUB,
            f"{module}_test.py": TEST.format(module=module),
            **files,
        },
    )


def config(**files):
    return {".meta/config.json": json.dumps({"authors": ["me"], "files": files, "blurb": "x"})}


@pytest.fixture
def case_of(stored):
    def read(slug):
        (case,) = stored()[slug]["cases"]
        return case

    return read


def test_a_track_is_imported(run, tmp_path, stored, case_of):
    practice(tmp_path / "exercises/practice/two-times")
    concept = tmp_path / "exercises/concept/doubles-of-all-kinds"
    files = {
        ".docs/introduction.md": "Once upon a time.\n",
        ".docs/instructions.md": "Double it.\n",
        ".docs/instructions.append.md": "In Python.\n",
        ".docs/hints.md": "Multiply.\n",
        ".meta/design.md": "Secret plan.\n",
        ".meta/exemplar.py": REFERENCE,
        "doubling.py": STUB,
        "doubling_test.py": TEST.format(module="doubling"),
    }
    write(concept, files | config(solution=["doubling.py"], test=["doubling_test.py"], exemplar=[".meta/exemplar.py"]))
    write(tmp_path, {"config.json": "{}", "README.md": "x", "bin/tool.py": "x", "exercises/shared/.docs/help.md": "x"})
    assert run(tmp_path)[:2] == (0, (2, 0, 0, 0))
    exercise = stored()["two-times"]
    assert (
        exercise.items()
        >= {
            "title": "Two Times",
            "exercise_body": "# Instructions\n\nDouble it.\n",
            "language": "python",
            "grading": "server",
            "starter": STUB,
            "reference_solution": REFERENCE,
            "test_code": "",
        }.items()
    )
    assert case_of("two-times") == {
        "name": "tests",
        "kind": "unittest",
        "points": 1,
        "hidden": False,
        "code": TEST.format(module="two_times"),
        "module": "two_times",
        "files": {},
        "answer_files": {},
    }
    assert stored()["doubles-of-all-kinds"]["exercise_body"] == "Once upon a time.\n\nDouble it.\n\nIn Python.\n"
    assert case_of("doubles-of-all-kinds")["module"] == "doubling"


@pytest.mark.parametrize("part", ["", "exercises/practice", "exercises/practice/two-times"])
def test_a_part_of_a_track_is_imported(run, tmp_path, stored, part):
    practice(tmp_path / "exercises/practice/two-times")
    assert run(tmp_path / part)[:2] == (0, (1, 0, 0, 0))
    assert set(stored()) == {"two-times"}


def test_the_modules_beside_a_test_go_with_it(run, tmp_path, case_of):
    test = """
import unittest
from cases_data import CASES
from test_utils import check
from two_times import double

class DoubleTest(unittest.TestCase):
    def test_all(self):
        for value, expected in CASES:
            check(self, double(value), expected)
"""
    files = {
        "two_times_test.py": test,
        "cases_data.py": "CASES = [(1, 2), ('a', 'aa')]\n",
        "test_utils.py": "def check(case, actual, expected):\n    case.assertEqual(actual, expected)\n",
        "notes.txt": "not a module",
    }
    practice(tmp_path / "plain" / "two-times", **files)
    listed = config(
        solution=["two_times.py"],
        test=["two_times_test.py", "test_utils.py"],
        editor=["cases_data.py"],
        example=[".meta/example.py"],
    )
    practice(tmp_path / "listed" / "two-times", **files, **listed)
    for folder in ("plain", "listed"):
        run(tmp_path / folder)
        assert case_of("two-times")["files"] == {name: files[name] for name in ("cases_data.py", "test_utils.py")}


def test_an_answer_can_import_what_the_stub_or_the_reference_imports_and_nothing_else(run, tmp_path, case_of):
    files = {
        "two_times.py": "from factors import FACTOR\n\ndef double(value):\n    pass\n",
        ".meta/example.py": "from factors import FACTOR\n\ndef double(value):\n    return FACTOR * value\n",
        "factors.py": "import numbers_of_all\n\nFACTOR = numbers_of_all.TWO\n",
        "numbers_of_all.py": "TWO = 2\n",
        "cases_data.py": "CASES = [(2, 4)]\n",
    }
    practice(tmp_path / "two-times", **files)
    assert run(tmp_path)[:2] == (0, (1, 0, 0, 0))
    case = case_of("two-times")
    assert case["answer_files"] == {name: files[name] for name in ("factors.py", "numbers_of_all.py")}
    assert case["files"] == {"cases_data.py": files["cases_data.py"]}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "5", '{"files": 5}', '{"files": {"solution": "two_times.py"}}', '{"files": {"test": [5]}}', "{}"],
)
def test_an_empty_configuration_is_ignored(run, tmp_path, text):
    practice(tmp_path / "two-times", **{".meta/config.json": text})
    assert run(tmp_path)[:2] == (0, (1, 0, 0, 0))


def test_an_old_exercise_has_its_reference_beside_its_test_and_may_have_no_stub(run, tmp_path, stored, case_of):
    practice(tmp_path / "two-times", **{".meta/example.py": None, "example.py": REFERENCE, "two_times.py": None})
    assert run(tmp_path)[:2] == (0, (1, 0, 0, 0))
    assert stored()["two-times"]["starter"] is None
    assert case_of("two-times")["module"] == "two_times"
    assert case_of("two-times")["files"] == {}


def test_a_test_of_another_name_is_found_when_it_is_the_only_one(run, tmp_path, case_of):
    files = {"two_times.py": None, "two_times_test.py": None, "doubling.py": STUB}
    practice(tmp_path / "two-times", **files, **{"doubling_test.py": TEST.format(module="doubling")})
    assert run(tmp_path)[:2] == (0, (1, 0, 0, 0))
    assert case_of("two-times")["module"] == "doubling"


def test_a_stub_that_raises_is_a_stub(run, tmp_path):
    practice(tmp_path / "raises", **{"raises.py": 'def double(value):\n    raise NotImplementedError("to do")\n'})
    practice(tmp_path / "lacks", **{"lacks.py": "# Write it from scratch.\n"})
    practice(tmp_path / "empty", **{"empty.py": ""})
    practice(tmp_path / "syntax", **{"syntax.py": "def double(value):\n"})
    assert run(tmp_path)[:2] == (0, (4, 0, 0, 0))


SLOW = """
import time

def double(value):
    while time.process_time() < 2.3:
        pass
    return value * 2
"""


def test_an_exercise_whose_reference_needs_more_time_than_the_default_gets_it(run, tmp_path, stored):
    practice(tmp_path / "slow", **{".meta/example.py": SLOW})
    practice(tmp_path / "two-times")
    assert run(tmp_path)[:2] == (0, (2, 0, 0, 0))
    assert {slug: row["limits"] for slug, row in stored().items()} == {
        "slow": {"cpu_ms": 10_000, "wall_ms": 45_000},
        "two-times": {},
    }
    assert run(tmp_path)[:2] == (0, (0, 0, 2, 0))


REFUSED = {
    "no test": ({"bad_test.py": None}, "no test module"),
    "several tests": (
        {"bad_test.py": None, "a_test.py": "", "b_test.py": ""},
        "several test modules: a_test.py, b_test.py",
    ),
    "no reference": ({".meta/example.py": None}, "no reference solution"),
    "no instructions": ({".docs/instructions.md": None}, "no .docs/instructions.md"),
    "another language": ({"bad_test.py": None, "bad.py": None, "bad.spec.js": "x"}, "no test module"),
    "several solutions": (config(solution=["a.py", "b.py"], test=["bad_test.py"]), "several files: a.py, b.py"),
    "a reference that is wrong": (
        {".meta/example.py": REFERENCE.replace("2", "3")},
        "wrong_answer (DoubleTest.test_number: 63 != 42)",
    ),
    "a reference that raises": ({".meta/example.py": "raise OSError('boom')"}, "OSError: boom"),
    "a stub that is right": ({"bad.py": REFERENCE}, "starter: Is accepted"),
    "a test without tests": ({"bad_test.py": "import unittest\n"}, "reference_solution: Is not accepted"),
    "a test that is no Python": ({"bad_test.py": "def"}, "cases.0.code: Is no Python (line 1)."),
    "a test that is too long": ({"bad_test.py": "#" * 263_000}, "cases.0.code"),
    "a test that is not UTF-8": ({"bad_test.py": b"# \xe9\n"}, "bad_test.py is not UTF-8"),
    "a module with an odd name": ({"odd-name.py": ""}, "cases.0.files"),
    "files elsewhere": (config(example=["../../secret.py"], test=["bad_test.py"]), "leads out"),
    "a test elsewhere": (config(test=["../../secret_test.py"], example=[".meta/example.py"]), "leads out"),
    "a module elsewhere": (config(editor=["/etc/hostname.py"], test=["bad_test.py"]), "hostname.py"),
}


@pytest.mark.parametrize(("files", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused_exercises_are_listed_with_the_reason_and_the_rest_is_imported(run, tmp_path, stored, files, reason):
    root = tmp_path / "root"
    write(tmp_path, {"secret.py": REFERENCE, "secret_test.py": TEST.format(module="bad")})
    practice(root / "a-good-one")
    practice(root / "bad", **files)
    practice(root / "the-last")
    status, numbers, output = run(root)
    assert (status, numbers) == (1, (2, 0, 0, 1)), output
    (line,) = [line for line in output.splitlines() if line.startswith("Refused bad: ")]
    assert reason in line
    assert set(stored()) == {"a-good-one", "the-last"}


def test_a_track_of_another_language_is_refused(run, tmp_path):
    practice(tmp_path / "exercises/practice/two-times")
    status, numbers, output = run(tmp_path, "--language", "javascript")
    assert (status, numbers) == (1, (0, 0, 0, 1))
    assert "only Python's tracks" in output


def test_no_link_is_followed_out_of_the_track(run, tmp_path, stored):
    practice(tmp_path / "elsewhere/two-times")
    track = practice(tmp_path / "track/exercises/practice/other", **{".meta/example.py": None}).parent
    (track / "other/.meta/example.py").symlink_to(tmp_path / "elsewhere/two-times/.meta/example.py")
    (track / "two-times").symlink_to(tmp_path / "elsewhere/two-times")
    status, numbers, output = run(tmp_path / "track")
    assert (status, numbers) == (1, (0, 0, 0, 2))
    assert output.count("leads out of the folder that is imported") == 2
    (tmp_path / "track/exercises/concept").symlink_to(tmp_path / "elsewhere")
    assert run(tmp_path / "track")[0] == 1
    assert stored() == {}
