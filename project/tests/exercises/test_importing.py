"""Importing exercises of our own format."""

from project.tests.exercises.conftest import CALL
from project.tests.exercises.folders import GOOD, HIDDEN, STARTER, TABLE, own, write


def test_a_folder_of_exercises_is_imported(run, tmp_path, stored, rows):
    own(tmp_path / "adder", exercise__toml=TABLE + HIDDEN, try_it__py="print(add(20, 22))\n")
    own(tmp_path / "another", exercise__toml=TABLE + 'checker = "exact"\n')
    write(tmp_path, {"README.md": "Not an exercise.", ".git/config": "x"})
    assert run(tmp_path)[:2] == (0, (2, 0, 0, 0))
    adder, another = stored()["adder"], stored()["another"]
    assert (
        adder.items()
        >= {
            "title": "Adding",
            "exercise_body": "Write `add(a, b)`.\n",
            "language": "python",
            "grading": "server",
            "policy": "best",
            "starter": STARTER,
            "reference_solution": GOOD,
            "version": 1,
        }.items()
    )
    small, hidden = adder["cases"]
    assert small == CALL | {"name": "small", "points": 1, "hidden": False} | {
        name: small[name] for name in ("keywords", "checker", "tolerance")
    }
    assert hidden.items() >= {"code": "print(add(20, 22))\n", "hidden": True, "points": 2, "expected": "42"}.items()
    assert another["cases"][0]["checker"] == "exact"
    versions = rows(
        "SELECT exercise_id, version FROM exercise_versions WHERE exercise_id IN (:a, :b)",
        a=adder["id"],
        b=another["id"],
    )
    assert len(versions) == 2


def test_one_exercise_is_imported(run, tmp_path, stored):
    folder = own(
        tmp_path / "x", exercise__toml='slug = "chosen"\npolicy = "first"\n[limits]\ncpu_ms = 900\n' + TABLE[17:]
    )
    assert run(folder)[:2] == (0, (1, 0, 0, 0))
    exercise = stored()["chosen"]
    assert (exercise["policy"], exercise["limits"], exercise["title"]) == ("first", {"cpu_ms": 900}, None)


def test_each_kind_of_case_can_have_its_texts_in_files(run, tmp_path, stored):
    table = """
        [[cases]]
        name = "stdout"
        kind = "stdout"
        code_file = "code.py"
        expected_file = "expected.txt"
        [[cases]]
        name = "stdin"
        kind = "stdin"
        input_file = "input.txt"
        expected = ""
        [[cases]]
        name = "call"
        kind = "call"
        function = "same"
        arguments_json = "[null]"
        expected_json = "null"
        [[cases]]
        name = "unittest"
        kind = "unittest"
        module = "sameness"
        code_file = "sameness_test.py"
        files = ["numbers_to_try.py"]
    """
    files = {
        "exercise.toml": table,
        "code.py": "print(same(7))",
        "expected.txt": "7\n",
        "input.txt": "one\r\ntwo\n",
        "sameness_test.py": """
import unittest
from numbers_to_try import NUMBERS
from sameness import same

class SameTest(unittest.TestCase):
    def test_numbers(self):
        for number in NUMBERS:
            self.assertEqual(same(number), number)
""",
        "numbers_to_try.py": "NUMBERS = [1, 2, 3]\n",
        "reference.py": "def same(x):\n    return x\n",
        "starter.py": None,
    }
    folder = write(own(tmp_path / "same"), files)
    assert run(folder)[:2] == (0, (1, 0, 0, 0))
    stdout, stdin, call, tests = stored()["same"]["cases"]
    assert (stdout["code"], stdout["expected"]) == ("print(same(7))", "7\n")
    assert stdin["input"] == "one\ntwo\n"
    assert (call["arguments"], call["expected"]) == ([None], None)
    assert (tests["module"], tests["files"]) == ("sameness", {"numbers_to_try.py": "NUMBERS = [1, 2, 3]\n"})
    assert stored()["same"]["starter"] is None


def test_exercises_in_javascript_have_files_in_javascript(run, tmp_path, stored):
    files = {
        "reference.js": "function add(a, b) { return a + b; }",
        "starter.js": "function add(a, b) { }",
        "reference.py": None,
        "starter.py": None,
    }
    write(own(tmp_path / "stated", exercise__toml='language = "javascript"\n' + TABLE), files)
    assert run(tmp_path)[:2] == (0, (1, 0, 0, 0))
    write(own(tmp_path / "not-stated"), files)
    assert run(tmp_path)[:2] == (1, (0, 0, 1, 1))
    assert run(tmp_path, "--language", "javascript")[:2] == (0, (1, 0, 1, 0))
    assert {stored()[slug]["language"] for slug in ("stated", "not-stated")} == {"javascript"}


def test_importing_again_changes_only_what_changed(run, tmp_path, stored):
    own(tmp_path / "adder")
    own(tmp_path / "another")
    run(tmp_path)
    before = stored()
    assert run(tmp_path)[:2] == (0, (0, 0, 2, 0))
    assert stored() == before
    own(tmp_path / "adder", instructions__md="Write `add(a, b)`, please.\n")
    assert run(tmp_path)[:2] == (0, (0, 1, 1, 0))
    after = stored()
    assert after["another"] == before["another"]
    assert (after["adder"]["id"], after["adder"]["version"]) == (before["adder"]["id"], 2)
    assert "please" in after["adder"]["exercise_body"]
    write(tmp_path, {"adder/reference.py": GOOD + "# better\n"})
    assert run(tmp_path)[:2] == (0, (0, 1, 1, 0))
    assert stored()["adder"]["version"] == 2


def test_importing_again_leaves_alone_what_is_there_if_asked_to(run, tmp_path, stored):
    own(tmp_path / "adder")
    run(tmp_path)
    before = stored()
    own(tmp_path / "adder", instructions__md="Other.\n")
    own(tmp_path / "another")
    assert run(tmp_path, "--no-update")[:2] == (0, (1, 0, 1, 0))
    assert stored()["adder"] == before["adder"]


def test_a_deleted_exercise_comes_back(run, tmp_path, stored, change):
    own(tmp_path / "adder")
    run(tmp_path)
    before = stored()["adder"]
    change("UPDATE exercises SET deleted_at = now() WHERE slug = 'adder'")
    assert run(tmp_path, "--no-update")[:2] == (0, (0, 0, 1, 0))
    assert stored()["adder"]["deleted_at"] is not None
    assert run(tmp_path)[:2] == (0, (0, 1, 0, 0))
    assert stored()["adder"] | {"updated_at": None} == before | {"updated_at": None}


def test_a_slug_that_is_used_again_means_the_present_exercise(run, tmp_path, stored, change):
    own(tmp_path / "adder")
    run(tmp_path)
    change("UPDATE exercises SET deleted_at = now() WHERE slug = 'adder'")
    change("INSERT INTO exercises (exercise_body, slug) VALUES ('by hand', 'adder')")
    assert run(tmp_path)[:2] == (0, (0, 1, 0, 0))


def test_a_dry_run_tries_everything_and_writes_nothing(run, tmp_path, exercise_rows):
    own(tmp_path / "adder")
    own(tmp_path / "wrong", reference__py=STARTER)
    before = exercise_rows()
    status, numbers, output = run(tmp_path, "--dry-run")
    assert (status, numbers) == (1, (1, 0, 0, 1))
    assert "dry run" in output
    assert exercise_rows() == before
