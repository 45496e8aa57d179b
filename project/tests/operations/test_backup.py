"""`manage.py backup` and `manage.py restore`: what they keep, and what they refuse."""

import re
import secrets
import stat
from contextlib import contextmanager

import flask_migrate
import pytest
import sqlalchemy as sa

from project import db
from project.cli.main import cli
from project.operations.postgres_programs import connection_to, programs_for, run
from project.postgres.data_directory import socket_directory
from project.postgres.embedded import EmbeddedPostgres
from project.tests.servers import own_database, private_data_dir, run_python

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

WRITES = (
    "INSERT INTO scores (user_id, exercise_id, correct) SELECT n, n % 7, n % 2 = 0 FROM generate_series(1, 300) AS n",
    "UPDATE scores SET correct = true WHERE user_id % 5 = 0",
    "DELETE FROM scores WHERE user_id % 11 = 0",
    "INSERT INTO exercises (exercise_body, title) VALUES ('naïve ☃', E'a\\tb\\nc')",
    "INSERT INTO users (username, email, password_hash) VALUES ('ada', 'ada@example.org', 'x')",
    "SELECT fold_summaries(100000)",
    "INSERT INTO idempotency_keys (user_id, key, fingerprint, expires_at) VALUES (1, '\\x00ff', '\\x01', now())",
)


def content(path):
    """Return all that a backup holds, as lines in no order."""
    text = run(programs_for(18).command("pg_restore", "--file=-", str(path))).decode()
    return sorted(line for line in text.splitlines() if not re.match(r"\\(un)?restrict |-- ", line))


def manage(data_dir, *arguments):
    done = run_python(data_dir, "manage.py", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running_postgres(data_dir):
    """Start the embedded PostgreSQL of a DATA_DIR, for the commands of a test and the test itself."""
    home = data_dir / "postgres"
    postgres = EmbeddedPostgres(home, socket_directory(home))
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()


def test_an_empty_machine_gets_all_that_was_backed_up(tmp_path):
    first, second = tmp_path / "first.dump", tmp_path / "second.dump"
    with private_data_dir(tmp_path / "a") as here, private_data_dir(tmp_path / "b", is_empty=True) as there:
        with running_postgres(here) as postgres:
            with postgres.connect("eval_test") as connection:
                connection.execute("SET ROLE eval")
                for statement in WRITES:
                    connection.execute(statement)
            manage(here, "backup", str(first))
        assert stat.S_IMODE(first.stat().st_mode) == 0o600
        assert manage(there, "restore", str(first)).endswith("\n0 differences\n")
        manage(there, "backup", str(second))
    kept = content(first)
    assert any("naïve ☃" in line for line in kept)
    assert len(kept) > 1000
    assert content(second) == kept


@pytest.fixture
def site(app, make_app, migrated):
    """An application on a database of its own, with data."""
    with own_database(app, migrated) as url:
        own = make_app(SQLALCHEMY_DATABASE_URI=url)
        with own.app_context():
            for statement in WRITES:
                db.session.execute(sa.text(statement))
            db.session.commit()
        yield own


@pytest.fixture
def elsewhere(app, make_app):
    """An application on an empty database of its own."""
    with own_database(app) as url:
        yield make_app(SQLALCHEMY_DATABASE_URI=url)


def invoke(app, *arguments):
    return app.test_cli_runner().invoke(cli, [str(argument) for argument in arguments])


def count(app, query):
    with app.app_context():
        found = db.session.scalar(sa.text(query))
        db.session.rollback()
        return found


def is_refused(app, path, *words):
    """Whether a restore is refused in a sentence, and has written nothing."""
    result = invoke(app, "restore", path)
    assert result.exit_code == 1, result.output
    assert result.output.startswith("Error: Nothing was restored: ")
    assert result.output.count("\n") == 1
    assert all(word in result.output for word in words), result.output
    return count(app, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0


def test_a_database_with_tables_is_left_alone(site, tmp_path):
    path = tmp_path / "dump"
    assert invoke(site, "backup", path).exit_code == 0
    before = count(site, "SELECT count(*) FROM score_changes")
    result = invoke(site, "restore", path)
    assert result.exit_code == 1
    assert "not empty" in result.output
    assert count(site, "SELECT count(*) FROM score_changes") == before


def test_a_backup_of_a_newer_version_is_refused(site, elsewhere, tmp_path):
    count(site, "SELECT 1")
    with site.app_context():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
    assert invoke(site, "backup", tmp_path / "dump").exit_code == 0
    assert is_refused(elsewhere, tmp_path / "dump", "9999", "later")


def test_a_backup_of_an_older_revision_is_migrated(site, elsewhere, tmp_path):
    with site.app_context():
        flask_migrate.downgrade(revision="0008")
    assert "0008" in invoke(site, "backup", tmp_path / "dump").output
    result = invoke(elsewhere, "restore", tmp_path / "dump")
    assert (result.exit_code, result.output.endswith("\n0 differences\n")) == (0, True), result.output


@pytest.mark.parametrize("part", [0.0, 0.1, 0.3])
def test_a_truncated_backup_is_rejected(site, elsewhere, tmp_path, part):
    path = tmp_path / "dump"
    assert invoke(site, "backup", path).exit_code == 0
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    assert is_refused(elsewhere, path)


def test_a_missing_file_is_reported_in_one_sentence(elsewhere, tmp_path):
    assert is_refused(elsewhere, tmp_path / "none", "none")


def test_an_empty_database_has_no_backup(elsewhere, tmp_path):
    result = invoke(elsewhere, "backup", tmp_path / "dump")
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])


def test_a_failed_backup_does_not_replace_the_one_before(site, tmp_path):
    path = tmp_path / "dump"
    path.write_text("the one before")
    with site.app_context():  # the role may read the first tables, and not this one
        db.session.execute(sa.text("CREATE TABLE zzz (n integer); REVOKE ALL ON zzz FROM CURRENT_USER"))
        db.session.commit()
    result = invoke(site, "backup", path)
    assert result.exit_code == 1
    assert "zzz" in result.output
    assert result.output.count("\n") == 1
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("dump", "the one before")]
    assert invoke(site, "backup", tmp_path / "none" / "dump").exit_code == 1


def test_no_command_line_has_the_password():
    password = secrets.token_hex()
    url = f"postgresql+psycopg://ada:{password}@db.example.org:5433/eval?sslmode=require"
    settings = {"SQLALCHEMY_DATABASE_URI": url, "DATABASE_SESSION_URL": "", "DATABASE_TIMEOUT_SECONDS": 5}
    conninfo, environment = connection_to(settings)
    assert password not in conninfo
    assert {"host=db.example.org", "port=5433", "sslmode=require"} <= set(conninfo.split())
    assert environment["PGPASSWORD"] == password
