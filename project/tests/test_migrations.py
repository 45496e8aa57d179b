"""The schema: made by the migrations, by `create_all()`, and described by the models, it is one and the same."""

import datetime as dt
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from project import db
from project.config import ROOT
from project.postgres.job_queue import NEWEST_MIGRATION, is_ours
from project.tests.catalog import CATALOG, schema
from project.tests.servers import DEADLINE_SECONDS, own_database, wait_for

MIGRATIONS = ROOT / "migrations"

CONSTRAINTS = """
    SELECT c.relname, k.conname, k.contype,
           (SELECT string_agg(a.attname, '_' ORDER BY array_position(k.conkey, a.attnum))
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)) AS columns,
           k.confrelid::regclass::text AS referred
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype <> 'n' AND c.relnamespace = 'public'::regnamespace
    AND c.relname !~ '^(alembic_version|procrastinate_)'"""

INDEXES = """
    SELECT tablename, indexname FROM pg_indexes
    WHERE schemaname = 'public' AND tablename !~ '^(alembic_version|procrastinate_)'"""

WAITING = """
    SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()"""

# What a session finds that a migration runs in.
PROBE = """
from alembic import op
revision, down_revision = "probe", {head!r}
def upgrade():
    op.execute("CREATE TABLE probe AS SELECT current_setting('lock_timeout') l, current_setting('statement_timeout') s")
"""


@pytest.fixture
def empty(app, make_app):
    """The application, on an empty database of its own."""
    with own_database(app) as url:
        own = make_app(SQLALCHEMY_DATABASE_URI=url)
        with own.app_context():
            yield own


NOTHING: dict[str, list] = {kind: [] for kind in CATALOG}


def is_described(name, kind, _):
    return kind != "table" or is_ours(name)


def test_the_models_are_what_the_migrations_make(empty):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": is_described}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, db.metadata) == []


def test_create_all_makes_what_the_migrations_make(empty):
    flask_migrate.upgrade()
    migrated = schema()
    db.drop_all()
    db.create_all()
    created = schema()
    assert all(created.values())
    for kind in CATALOG:
        assert created[kind] == migrated[kind]


def test_down_and_up_again_leaves_the_schema_identical(empty):
    flask_migrate.upgrade()
    before = schema()
    flask_migrate.downgrade(revision="base")
    assert schema() == NOTHING
    flask_migrate.upgrade()
    assert schema() == before


@pytest.mark.parametrize("make", [flask_migrate.upgrade, db.create_all], ids=["migrations", "create_all"])
def test_drop_all_leaves_nothing_behind(empty, make):
    make()
    db.drop_all()
    assert schema() == NOTHING


def test_create_all_may_run_twice(empty):
    db.create_all()
    before = schema()
    db.create_all()
    assert schema() == before


def test_every_constraint_follows_the_naming_convention(empty):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        found = connection.execute(sa.text(CONSTRAINTS)).all()
    assert len(found) > 5
    for table, name, kind, columns, referred in found:
        expected = {
            "p": f"pk_{table}",
            "u": f"uq_{table}_{columns}",
            "f": f"fk_{table}_{columns}_{referred}",
            "c": rf"ck_{table}_\w+",
        }
        assert re.fullmatch(expected[kind], name)


def test_every_index_follows_the_naming_convention(empty):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        found = connection.execute(sa.text(INDEXES)).all()
    assert len(found) > 5
    assert [name for table, name in found if not re.fullmatch(rf"(pk|uq|ix)_{table}(_\w+)?", name)] == []


def test_the_jobs_have_the_tables_that_the_installed_version_wants():
    # It fails when Procrastinate brings new migrations: apply them in one of ours, and name the last one here.
    assert NEWEST_MIGRATION == "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def test_there_is_one_head():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_migrations_wait_neither_long_for_locks_nor_for_ever(empty, tmp_path):
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "migrations" / "versions" / "probe.py").write_text(PROBE.format(head=head))
    flask_migrate.upgrade(directory=str(tmp_path / "migrations"))
    with db.engine.connect() as connection:
        lock, statement = connection.execute(sa.text("SELECT l::interval, s::interval FROM probe")).one()
    assert dt.timedelta(0) < lock <= dt.timedelta(seconds=10)
    assert lock < statement <= dt.timedelta(hours=1)


def test_a_migration_waits_for_another_one(empty):
    (number,) = re.findall(r"^MIGRATION_LOCK = (\d+)", (MIGRATIONS / "env.py").read_text(), re.MULTILINE)
    with ThreadPoolExecutor(1) as thread, db.engine.connect() as other:
        other.execute(sa.text(f"SELECT pg_advisory_xact_lock({number})"))
        upgrade = thread.submit(upgrade_in_its_own_context, empty)
        wait_for(lambda: other.scalar(sa.text(WAITING)) == 1 or upgrade.done(), "the second migration")
        assert schema() == NOTHING
        other.rollback()
        upgrade.result(DEADLINE_SECONDS)
    assert schema() != NOTHING


def upgrade_in_its_own_context(app):
    with app.app_context():
        flask_migrate.upgrade()
