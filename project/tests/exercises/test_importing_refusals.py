"""Exercises that an import refuses, and files that it never reads."""

import os
import re
import socket

import pytest

from project.cli.main import cli
from project.tests.exercises.folders import GOOD, HIDDEN, TABLE, own, write

REFUSED = {
    "no reference": ({"reference.py": None}, "no file reference.py"),
    "no instructions": ({"instructions.md": None}, "no file instructions.md"),
    "empty instructions": ({"instructions.md": ""}, "exercise_body"),
    "no cases": ({"exercise.toml": 'title = "x"'}, "no [[cases]]"),
    "cases that are none": ({"exercise.toml": "cases = 5"}, "no [[cases]]"),
    "a case that is none": ({"exercise.toml": "cases = [5]"}, "cases.0"),
    "no TOML": ({"exercise.toml": "= 1"}, "no TOML"),
    "a key that is not known": ({"exercise.toml": "colour = 'red'\n" + TABLE}, "colour"),
    "a case without expectation": ({"exercise.toml": TABLE.replace("expected = 5", "")}, "cases.0.expected"),
    "a key that no case has": ({"exercise.toml": TABLE + "hiden = true\n"}, "cases.0.hiden"),
    "a date": ({"exercise.toml": TABLE.replace("= 5", "= 2026-01-01")}, "cases.0.expected"),
    "no number": ({"exercise.toml": TABLE.replace("= 5", "= nan")}, "cases.0.expected"),
    "no JSON": ({"exercise.toml": TABLE.replace("expected = 5", "expected_json = '{'")}, "expected_json"),
    "51 cases": ({"exercise.toml": "".join(TABLE[17:].replace("small", str(n)) for n in range(51))}, "cases"),
    "two cases of one name": ({"exercise.toml": TABLE + TABLE[17:]}, "cases.1.name"),
    "no such language": ({"exercise.toml": 'language = "cobol"\n' + TABLE}, "cobol"),
    "a language that is none": ({"exercise.toml": "language = 5\n" + TABLE}, "5"),
    "a slug that is none": ({"exercise.toml": 'slug = "A b"\n' + TABLE}, "slug"),
    "limits over the ceiling": ({"exercise.toml": TABLE + "[limits]\ncpu_ms = 10001\n"}, "limits.cpu_ms"),
    "a file that is not there": ({"exercise.toml": TABLE + HIDDEN}, "no file try_it.py"),
    "a file elsewhere": ({"exercise.toml": TABLE + HIDDEN.replace("try_it.py", "/etc/hostname")}, "leads out"),
    "a file above": ({"exercise.toml": TABLE + HIDDEN.replace("try_it.py", "../../secret.txt")}, "leads out"),
    "a name with a NUL": ({"exercise.toml": TABLE + HIDDEN.replace("try_it.py", "a\\u0000b")}, "leads nowhere"),
    "no UTF-8": ({"reference.py": b"# \xff\n"}, "not UTF-8"),
    "a NUL": ({"reference.py": GOOD + "\0"}, "NUL"),
    "too long for its field": ({"reference.py": GOOD + "#" * 70_000}, "reference_solution"),
    "too large to be read": ({"instructions.md": "x" * 600_000}, "more than 524288 bytes"),
    "a reference that is wrong": ({"reference.py": GOOD.replace("+", "-")}, 'case "small": wrong_answer'),
    "a reference that is no Python": ({"reference.py": "def add("}, "syntax_error"),
    "a starter that is right": ({"starter.py": GOOD}, "starter: Is accepted"),
}


@pytest.mark.parametrize(("files", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused_exercises_are_listed_with_the_reason_and_the_rest_is_imported(run, tmp_path, stored, files, reason):
    root = tmp_path / "root"
    own(root / "a-good-one")
    write(own(root / "bad"), files)
    own(root / "the-last")
    (tmp_path / "secret.txt").write_text("print(secret)")
    status, numbers, output = run(root)
    assert (status, numbers) == (1, (2, 0, 0, 1)), output
    assert "bad: refused" in output
    (line,) = [line for line in output.splitlines() if line.startswith("Refused bad: ")]
    assert reason in line
    assert set(stored()) == {"a-good-one", "the-last"}


def test_only_regular_files_are_opened(run, tmp_path, stored):
    folders = {
        name: own(tmp_path / name, reference__py=None) for name in ("pipe", "folder", "device", "socket", "loop")
    }
    os.mkfifo(folders["pipe"] / "reference.py")
    (folders["folder"] / "reference.py").mkdir()
    (folders["device"] / "reference.py").symlink_to("/dev/zero")
    (folders["loop"] / "reference.py").symlink_to("reference.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folders["socket"] / "reference.py"))
        assert run(tmp_path)[:2] == (1, (0, 0, 0, 5))
    assert stored() == {}


def test_no_link_is_followed_out_of_the_folder(run, tmp_path, stored):
    outside = own(tmp_path / "outside")
    root = tmp_path / "root"
    own(root / "file", reference__py=None)
    (root / "file" / "reference.py").symlink_to(outside / "reference.py")
    own(root / "relative", instructions__md=None)
    (root / "relative" / "instructions.md").symlink_to("../../outside/instructions.md")
    (root / "whole").symlink_to(outside)
    (root / "neither").symlink_to(tmp_path)
    status, numbers, output = run(root)
    assert (status, numbers) == (1, (0, 0, 0, 4)), output
    assert len(re.findall(r"^Refused .* leads out of the folder", output, re.MULTILINE)) == 4
    assert stored() == {}


def test_a_link_within_the_folder_is_followed(run, tmp_path):
    own(tmp_path / "adder")
    own(tmp_path / "linked", reference__py=None)
    (tmp_path / "linked" / "reference.py").symlink_to("../adder/reference.py")
    assert run(tmp_path)[:2] == (0, (2, 0, 0, 0))


def test_a_link_to_the_folder_that_is_given_is_followed(run, tmp_path):
    own(tmp_path / "real" / "adder")
    (tmp_path / "link").symlink_to("real")
    assert run(tmp_path / "link")[:2] == (0, (1, 0, 0, 0))


def test_of_two_exercises_with_the_same_slug_one_is_imported(run, tmp_path):
    own(tmp_path / "adder")
    own(tmp_path / "copy", exercise__toml='slug = "adder"\n' + TABLE)
    status, numbers, output = run(tmp_path)
    assert (status, numbers) == (1, (1, 0, 0, 1))
    assert "has the slug adder" in output


def test_a_folder_that_is_no_exercise_is_reported(run, tmp_path):
    own(tmp_path / "adder")
    write(tmp_path, {"notes/todo.txt": "x"})
    status, numbers, output = run(tmp_path)
    assert (status, numbers) == (1, (1, 0, 0, 1))
    assert "Refused notes: is no exercise" in output


def test_a_folder_without_exercises_is_no_success(run, tmp_path):
    assert run(tmp_path)[:2] == (1, (0, 0, 0, 0))


def test_a_path_that_is_no_folder_is_an_error_message(run, tmp_path):
    write(tmp_path, {"file": "x"})
    for path in (tmp_path / "file", tmp_path / "nothing"):
        status, numbers, _ = run(path)
        assert (status, numbers) == (2, None)


def test_without_a_sandbox_nothing_is_imported(app_without_sandbox, tmp_path, exercise_rows):
    own(tmp_path / "adder")
    before = exercise_rows()
    result = app_without_sandbox.test_cli_runner().invoke(cli, ["exercises", "import", str(tmp_path)])
    assert result.exit_code == 1
    assert "Solutions cannot be tried" in result.output
    assert exercise_rows() == before
