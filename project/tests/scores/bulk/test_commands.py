"""`manage.py scores import` and `export`, in the application of the tests."""

import pytest

from project.cli.scores import scores
from project.tests.scores.bulk.conftest import ndjson

TWO = [(1001, 1, True), (1002, 2, False)]


@pytest.fixture
def run(app):
    """Run a command: `run("import", path)` returns click's result."""
    runner = app.test_cli_runner()
    return lambda *arguments, **options: runner.invoke(scores, [str(one) for one in arguments], **options)


def test_a_loaded_file_has_the_source_imported_and_no_recorder(run, written, rows, tmp_path):
    file = tmp_path / "scores.ndjson"
    file.write_bytes(ndjson(*TWO))
    result = run("import", file)
    assert (result.exit_code, result.stdout) == (
        0,
        "2 lines: 2 inserted, 0 updated, 0 unchanged, 0 duplicates, 0 failed.\n",
    )
    assert written() == TWO
    found = rows("SELECT DISTINCT source, recorded_by FROM score_changes WHERE user_id IN (1001, 1002)")
    assert found == [{"source": "imported", "recorded_by": None}]


def test_bad_lines_are_listed_and_the_exit_status_is_one(run, written):
    result = run("import", "-", "--format", "csv", input="user_id,exercise_id,correct\n1001,1,true\nx,1,true\n")
    assert result.exit_code == 1
    assert "Line 3, user_id: Input should be a valid integer." in result.stderr
    assert written() == TWO[:1]


@pytest.mark.parametrize("body", [ndjson(*TWO) + b"{\n", b""])
def test_an_atomic_import_writes_all_or_nothing(run, written, body):
    result = run("import", "-", "--atomic", input=body)
    assert (result.exit_code, written()) == (1, [])
    assert "Nothing was written." in result.stderr


def test_an_export_is_loaded_again(run, written, change, tmp_path):
    file = tmp_path / "scores.csv"
    run("import", "-", input=ndjson(*TWO))
    assert run("export", file).exit_code == 0
    assert run("export", "-", "--format", "csv").stdout_bytes == file.read_bytes()
    change("DELETE FROM scores WHERE user_id IN (1001, 1002)")
    assert run("import", file).exit_code == 0
    assert written() == TWO


def test_an_export_that_fails_leaves_the_file_as_it_was(run, change, tmp_path, make_app):
    file = tmp_path / "scores.ndjson"
    file.write_text("old")
    app = make_app(SQLALCHEMY_DATABASE_URI="postgresql+psycopg:///none?host=/nowhere")
    result = app.test_cli_runner().invoke(scores, ["export", str(file)])
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "old"
