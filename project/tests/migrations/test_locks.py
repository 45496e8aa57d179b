"""Which locks a migration holds, and what it does when others hold those that it needs."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa

from project import db
from project.cli.check import check
from project.postgres.job_queue import conninfo
from project.postgres.table_locks import LOCK_ORDER, lock_statement
from project.tests.migrations import old_statements
from project.tests.migrations.writers import WAITS, Writer
from project.tests.servers import DEADLINE_SECONDS, wait_for

# Scores that 0006 has something to say of.
SOLVED_LATER = (
    "INSERT INTO scores (user_id, exercise_id, correct) SELECT n, 1, false FROM generate_series(1, 20) AS n",
    "UPDATE scores SET correct = true",
)
HELD = "SELECT relation::regclass::text FROM pg_locks WHERE pid = %s AND granted AND relation = ANY (%s::regclass[])"
# Stops the backfill, and nothing else, at its first row.
GATE = 7
GATE_TRIGGER = f"""
    CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('eval.filling', true) = 'on' THEN
            PERFORM pg_advisory_xact_lock({GATE});
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER gate BEFORE UPDATE ON scores FOR EACH ROW EXECUTE FUNCTION gate();
"""
# Waits of the migration, told from those of writers by what is waited for.
WAITS_FOR_TABLE = "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' AND {ours}"
WAITS_FOR_NUMBER = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = {number} AND {ours}"
WAITS_FOR_SNAPSHOT = (
    "SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting%' AND datname = current_database()"
)
OURS = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"


@pytest.fixture
def connect(empty):
    """Open connections to the database of the test."""
    opened = []

    def make(**options):
        url = db.engine.url.render_as_string(hide_password=False)
        opened.append(psycopg.connect(conninfo(url), **options))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture
def writer(empty):
    """One who writes as a server of an earlier version does, and whose waits are bounded."""
    found = Writer(db.engine.url.render_as_string(hide_password=False), 1_000_000, 1, submits=True)
    yield found
    found.connection.close()


@contextmanager
def upgrading(app, revision="head"):
    """Upgrade in a thread, while the block runs."""

    def upgrade():
        with app.app_context():
            flask_migrate.upgrade(revision=revision)

    with ThreadPoolExecutor(1) as thread:
        yield (running := thread.submit(upgrade))
        running.result(DEADLINE_SECONDS)


def revision():
    with db.engine.connect() as connection:
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def fill():
    flask_migrate.upgrade(revision="0005")
    for statement in SOLVED_LATER:
        db.session.execute(sa.text(statement))
    db.session.commit()


def test_what_takes_long_in_0006_and_0007_keeps_nobody_from_writing(empty, connect, writer):
    fill()
    watch, gate, row, fold, reader = (connect(autocommit=n == 0) for n in range(5))
    watch.execute(GATE_TRIGGER)
    gate.execute(f"SELECT pg_advisory_xact_lock({GATE})")
    fold.execute("SELECT pg_advisory_xact_lock(20261123)")

    def write_while(query, what, **values):
        query = query.format(ours=OURS, **values)
        wait_for(lambda: watch.execute(query).fetchone() or upgrade.done(), what)
        for _ in range(10):
            writer.write()
        assert not upgrade.done()

    with upgrading(empty) as upgrade:
        try:
            write_while(WAITS_FOR_NUMBER, "the backfill", number=GATE)
            row.execute("SELECT 1 FROM scores WHERE user_id = 7 FOR UPDATE")
            gate.rollback()
            # All scores but the one that is held.
            write_while(
                "SELECT 1 WHERE (SELECT count(solved_at) FROM scores WHERE user_id <= 20) = 19", "its first round"
            )
            row.rollback()
            write_while(WAITS_FOR_NUMBER, "the summaries", number=20261123)
            reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reader.execute("SELECT count(*) FROM score_changes")
            fold.rollback()
            write_while(WAITS_FOR_SNAPSHOT, "the first index")
        finally:
            for connection in (gate, row, fold, reader):
                connection.rollback()
    result = empty.test_cli_runner().invoke(check)
    assert (result.exit_code, result.output) == (0, "0 differences\n")


def test_a_migration_that_cannot_lock_a_table_lets_others_pass_and_tries_again(empty, connect, writer):
    fill()
    watch, reader = connect(autocommit=True), connect()

    def waits():
        return watch.execute(WAITS_FOR_TABLE.format(ours=OURS)).fetchone()

    reader.execute("SELECT count(*) FROM scores")
    with upgrading(empty) as upgrade:
        try:
            for _ in range(3):
                wait_for(waits, "the migration")
                writer.write()
                wait_for(lambda: not waits(), "its pause")
            assert not upgrade.done()
            assert revision() == "0005"
        finally:
            reader.rollback()
    assert revision() > "0005"


def test_an_index_that_was_interrupted_is_made_anew(empty, connect):
    flask_migrate.upgrade(revision="0006")
    connection = connect(autocommit=True)
    connection.execute("INSERT INTO scores (user_id, exercise_id, correct) VALUES (1, 1, true), (1, 2, true)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_scores_user_id_id ON scores (user_id)")
    flask_migrate.upgrade(revision="0007")
    valid = connection.execute(
        "SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'ix_scores_user_id_id'::regclass"
    )
    assert valid.fetchall() == [(True, False)]


def test_0008_holds_no_table_that_a_finishing_submission_needs_next(empty, connect, writer):
    flask_migrate.upgrade(revision="0007")
    watch, holder = connect(autocommit=True), connect()
    # A grader that has locked submissions, and will lock scores and the ledger.
    holder.execute("LOCK TABLE submissions IN ROW EXCLUSIVE MODE")
    with upgrading(empty, "0008"):
        try:
            waiting = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'submissions'::regclass"
            (pid,) = wait_for(lambda: watch.execute(waiting).fetchone(), "the migration")
            assert watch.execute(HELD, [pid, list(LOCK_ORDER[1:])]).fetchall() == []
            holder.execute("INSERT INTO scores (user_id, exercise_id, correct) VALUES (1, 1, true)")
        finally:
            holder.commit()


@pytest.mark.parametrize("table", LOCK_ORDER[:-1])
def test_finishing_a_submission_locks_tables_in_the_order_that_migrations_keep(empty, connect, table):
    flask_migrate.upgrade()
    watch, holder, grader = connect(autocommit=True), connect(), connect(options=WAITS)
    of = {"user_id": 1, "exercise_id": 1}
    (number,) = grader.execute(old_statements.BEGIN, of).fetchone()
    grader.commit()
    holder.execute(lock_statement(table))
    finish = {"id": number, "verdict": "accepted", "points": 1, "policy": "best"}
    with ThreadPoolExecutor(1) as thread:
        finishing = thread.submit(grader.execute, old_statements.FINISH, finish)
        waits = f"SELECT pid FROM pg_locks WHERE NOT granted AND relation = '{table}'::regclass"
        (pid,) = wait_for(lambda: watch.execute(waits).fetchone(), "the grader")
        later = list(LOCK_ORDER[LOCK_ORDER.index(table) + 1 :])
        assert watch.execute(HELD, [pid, later]).fetchall() == []
        holder.rollback()
        assert len(finishing.result(DEADLINE_SECONDS).fetchall()) == 1


def test_tables_are_locked_in_one_order_whatever_a_migration_names_first():
    assert lock_statement("scores", "submissions") == "LOCK TABLE submissions, scores IN ACCESS EXCLUSIVE MODE"
    assert lock_statement("users", mode="SHARE") == "LOCK TABLE users IN SHARE MODE"
    with pytest.raises(ValueError, match="exercises"):
        lock_statement("scores", "exercises")
