"""`manage.py db distribute` where there is no Citus: all but what Citus itself does."""

import re
from functools import partial

import psycopg
import pytest

from project import db
from project.config import ROOT
from project.postgres.citus.plan import PLAN, TableKind
from project.postgres.citus.statements import statements
from project.postgres.database import dispose_all
from project.postgres.job_queue import conninfo
from project.tests.nested import run_tests
from project.tests.scaling.distributed import STAND_INS, query, run_distribute
from project.tests.servers import own_database

pytestmark = pytest.mark.long


@pytest.fixture
def database(shared_app, migrated):
    """Give the URL of a database that is migrated."""
    with own_database(shared_app, migrated) as url:
        yield url


@pytest.fixture
def distribute(database):
    """Run the command: `distribute("--dry-run")`."""
    yield partial(run_distribute, database)
    dispose_all()


def schema(database):
    keys = "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('p', 'u')"
    functions = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    return sorted(query(database, keys)), sorted(query(database, functions))


def test_every_table_of_ours_has_its_place():
    assert set(PLAN) == set(db.metadata.tables)


def test_a_distributed_table_has_its_distribution_column_in_every_row():
    for name, table in PLAN.items():
        if table.kind is TableKind.DISTRIBUTED:
            assert not db.metadata.tables[name].columns[table.column].nullable


def test_without_citus_the_command_fails_with_one_sentence_and_changes_nothing(database, distribute):
    before = schema(database)
    result = distribute()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: Citus is not installed in this database; nothing was changed.\n"
    assert schema(database) == before


def test_a_dry_run_prints_all_statements_and_changes_nothing(database, distribute):
    query(database, STAND_INS)
    before = schema(database)
    result = distribute("--dry-run", "--shards", "64")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "".join(f"{statement};\n" for statement in statements(64))
    assert schema(database) == before


def test_what_fails_in_the_middle_has_changed_nothing(database, distribute):
    query(database, STAND_INS)
    query(database, "CREATE UNIQUE INDEX of_a_site ON scores (id)")
    before = schema(database)
    result = distribute()
    assert result.exit_code != 0
    assert result.stderr.startswith("Error: Nothing was changed: ")
    assert "of_a_site" in result.stderr
    assert schema(database) == before


def test_each_table_is_distributed_with_keys_that_citus_can_enforce(database, distribute):
    query(database, STAND_INS)
    result = distribute()
    assert result.exit_code == 0, result.stderr
    placed = query(database, "SELECT name::text, distribution_column, beside FROM placed")
    found = {name: (column, beside) for name, column, beside in placed}
    assert found == {
        name: (None, None)
        if table.kind is TableKind.REFERENCE
        else (table.column, {"scores": "default", "rate_limits": "none"}.get(name, "scores"))
        for name, table in PLAN.items()
        if table.kind is not TableKind.COORDINATOR
    }
    again = distribute()
    assert again.exit_code != 0


def test_a_score_is_still_found_by_its_id_in_an_index(database, distribute):
    query(database, STAND_INS)
    assert distribute().exit_code == 0
    for table in ("scores", "submissions"):
        with psycopg.connect(conninfo(database)) as connection:
            connection.execute("SET enable_seqscan = off")
            plan = connection.execute(f"EXPLAIN SELECT * FROM {table} WHERE id = 5").fetchall()
        assert f"ix_{table}_id" in str(plan), plan


def test_the_latest_solve_of_a_learner_is_one_that_counts_on_the_board(database, distribute):
    query(database, STAND_INS)
    assert distribute().exit_code == 0
    query(
        database,
        "INSERT INTO scores (user_id, exercise_id, correct, source, created_at, off_board) VALUES"
        " (1, 1, true, 'graded', '2026-01-01 00:00+00', false),"
        " (1, 2, true, 'self_reported', '2026-01-02 00:00+00', true)",
    )
    assert query(database, "SELECT latest_solve(0, 1) = '2026-01-01 00:00+00'") == [(True,)]


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_the_summaries_of_a_distributed_database_are_right(database, distribute, tmp_path):
    """test_pgbouncer.py runs the central tests of the API on such a database."""
    query(database, STAND_INS)
    assert distribute().exit_code == 0
    summaries = ("summaries/test_drift.py", "summaries/test_progress.py", "summaries/test_statistics.py")
    # There, workers fold.
    fold_by_writers = "summaries/test_drift.py::test_some_writes_of_single_rows_fold_what_is_pending"
    run_tests(tmp_path, *summaries, but=fold_by_writers, DATABASE_TEST_URL=database)


def test_the_docs_have_the_plan():
    page = (ROOT / "docs" / "scaling.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\w+)(?:, by `(\w+)`)? \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(
        (name, table.kind.value, table.column if table.kind is TableKind.DISTRIBUTED else "")
        for name, table in PLAN.items()
    )
