"""`manage.py db distribute` where there is no Citus: all but what Citus itself does.

The functions that stand in for Citus' refuse what it refuses: a unique key without the distribution column.
"""

import re

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa

from project import create_app, db
from project.cli.main import cli
from project.config import ROOT
from project.postgres.citus.plan import PLAN, TableKind
from project.postgres.citus.statements import statements
from project.postgres.database import dispose_all
from project.postgres.job_queue import conninfo
from project.tests.scaling.central import central_tests
from project.tests.servers import own_database

pytestmark = pytest.mark.long

STAND_INS = """
    CREATE TABLE placed (name regclass PRIMARY KEY, distribution_column text, beside text);
    CREATE FUNCTION create_distributed_table(
        table_name regclass, distribution_column text, colocate_with text DEFAULT 'default'
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE wrong text;
    BEGIN
        SELECT string_agg(i.indexrelid::regclass::text, ', ') INTO wrong
        FROM pg_index AS i WHERE i.indrelid = table_name AND i.indisunique AND NOT EXISTS (
            SELECT FROM pg_attribute AS a WHERE a.attrelid = table_name
            AND a.attname = distribution_column AND a.attnum = ANY (i.indkey)
        );
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'cannot create constraint on %: % lack the distribution column', table_name, wrong;
        END IF;
        IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND table_name IN (conrelid, confrelid)) THEN
            RAISE EXCEPTION 'a foreign key';
        END IF;
        IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = table_name AND NOT tgisinternal)
           AND current_setting('citus.enable_unsafe_triggers', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'triggers are not supported on distributed tables';
        END IF;
        INSERT INTO placed VALUES (table_name, distribution_column, colocate_with);
    END $$;
    CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE sql
        AS 'INSERT INTO placed VALUES (table_name)';
"""


@pytest.fixture(scope="module")
def migrated(shared_app):
    """Give the name of a database to copy."""
    with own_database(shared_app) as url:
        with create_app(SQLALCHEMY_DATABASE_URI=url).app_context():
            flask_migrate.upgrade()
        dispose_all()
        yield sa.make_url(url).database


@pytest.fixture
def database(shared_app, migrated):
    """Give the URL of a database that is migrated."""
    with own_database(shared_app, migrated) as url:
        yield url


@pytest.fixture
def distribute(database, shared_app):
    """Run the command: `distribute("--dry-run")`."""
    app = create_app(SQLALCHEMY_DATABASE_URI=database)
    yield lambda *options: app.test_cli_runner().invoke(cli, ["db", "distribute", *options])
    dispose_all()


def asked(database, statement):
    with psycopg.connect(conninfo(database), autocommit=True) as connection:
        result = connection.execute(statement)
        return result.fetchall() if result.description else []


def schema(database):
    keys = "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('p', 'u')"
    functions = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    return sorted(asked(database, keys)), sorted(asked(database, functions))


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
    asked(database, STAND_INS)
    before = schema(database)
    result = distribute("--dry-run", "--shards", "64")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "".join(f"{statement};\n" for statement in statements(64))
    assert schema(database) == before


def test_what_fails_in_the_middle_has_changed_nothing(database, distribute):
    asked(database, STAND_INS)
    asked(database, "CREATE UNIQUE INDEX of_a_site ON scores (id)")
    before = schema(database)
    result = distribute()
    assert result.exit_code != 0
    assert result.stderr.startswith("Error: Nothing was changed: ")
    assert "of_a_site" in result.stderr
    assert schema(database) == before


def test_each_table_is_distributed_with_keys_that_citus_can_enforce(database, distribute):
    asked(database, STAND_INS)
    result = distribute()
    assert result.exit_code == 0, result.stderr
    placed = asked(database, "SELECT name::text, distribution_column, beside FROM placed")
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
    asked(database, STAND_INS)
    assert distribute().exit_code == 0
    for table in ("scores", "submissions"):
        with psycopg.connect(conninfo(database)) as connection:
            connection.execute("SET enable_seqscan = off")
            plan = connection.execute(f"EXPLAIN SELECT * FROM {table} WHERE id = 5").fetchall()
        assert f"ix_{table}_id" in str(plan), plan


def test_the_latest_solve_of_a_learner_is_one_that_counts_on_the_board(database, distribute):
    asked(database, STAND_INS)
    assert distribute().exit_code == 0
    asked(
        database,
        "INSERT INTO scores (user_id, exercise_id, correct, source, created_at, off_board) VALUES"
        " (1, 1, true, 'graded', '2026-01-01 00:00+00', false),"
        " (1, 2, true, 'self_reported', '2026-01-02 00:00+00', true)",
    )
    assert asked(database, "SELECT latest_solve(0, 1) = '2026-01-01 00:00+00'") == [(True,)]


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_the_central_tests_of_the_api_pass_with_the_keys_and_functions_of_a_distributed_database(
    database, distribute, tmp_path
):
    asked(database, STAND_INS)
    assert distribute().exit_code == 0
    boards = ("summaries/test_drift.py", "summaries/test_progress.py", "summaries/test_statistics.py")
    # There, workers fold.
    fold_by_writers = "summaries/test_drift.py::test_some_writes_of_single_rows_fold_what_is_pending"
    central_tests(tmp_path, *boards, but=fold_by_writers, DATABASE_TEST_URL=database)


def test_the_docs_have_the_plan():
    page = (ROOT / "docs" / "scaling.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\w+)(?:, by `(\w+)`)? \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(
        (name, table.kind.value, table.column if table.kind is TableKind.DISTRIBUTED else "")
        for name, table in PLAN.items()
    )
