"""The commands of manage.py, and how a start with wrong settings is refused."""

import re
import runpy
import socket
import sys

import flask_migrate
import pytest
import sqlalchemy as sa

from project import config, create_app, db, grading_settings, limit_settings, settings
from project.api.exercises.models import Exercise
from project.cli import cli
from project.config import ROOT
from project.database import dispose_all
from project.tests.servers import own_database, run_python

PRODUCTION = "project.config.ProductionConfig"
SECRET_KEY = "0123456789abcdef" * 2
PASSWORD_LINE = re.compile(r"^(?:.* )?password (?:is )?(\S+) \(not shown again\)\.$", re.MULTILINE)


@pytest.fixture
def own_app(app, make_app):
    """An application on a migrated database of its own."""
    with own_database(app) as url:
        own = make_app(SQLALCHEMY_DATABASE_URI=url)
        with own.app_context():
            flask_migrate.upgrade()
        yield own


def runner(app):
    return lambda *arguments: app.test_cli_runner().invoke(cli, arguments)


@pytest.fixture
def run(app):
    """Run a command; the result has `exit_code` and `output`."""
    yield runner(app)
    dispose_all()


@pytest.fixture
def run_alone(own_app):
    """The same, on a database of its own."""
    return runner(own_app)


def succeed(result):
    assert result.exit_code == 0, result.output
    return result.output


def is_one_sentence(result, *words):
    return result.exit_code == 1 and result.output.count("\n") == 1 and all(word in result.output for word in words)


def status_of(app, token):
    return app.test_client().get("/ping", headers={"Authorization": f"Bearer {token}"}).status_code


def log_in(app, email, password):
    return app.test_client().post("/auth/login", json={"email": email, "password": password}).status_code


def count(app, table):
    with app.app_context():
        return db.session.scalar(sa.text(f"SELECT count(*) FROM {table}"))


def test_seeding_twice_is_the_same_as_once(run_alone, own_app):
    assert len(PASSWORD_LINE.findall(succeed(run_alone("seed_db")))) == 1
    before = count(own_app, "users"), count(own_app, "exercises")
    assert min(before) > 0
    assert PASSWORD_LINE.findall(succeed(run_alone("seed_db"))) == []
    assert (count(own_app, "users"), count(own_app, "exercises")) == before


def test_the_seeded_admin_logs_in_with_the_printed_password(run_alone, own_app):
    (password,) = PASSWORD_LINE.findall(succeed(run_alone("seed_db")))
    assert log_in(own_app, "admin@localhost", password) == 200


def test_seeding_makes_no_admin_where_there_is_a_users_service(own_app, make_app):
    elsewhere = make_app(
        SQLALCHEMY_DATABASE_URI=own_app.config["SQLALCHEMY_DATABASE_URI"], USERS_SERVICE_URL="http://127.0.0.1:9"
    )
    succeed(runner(elsewhere)("seed_db"))
    assert count(own_app, "users") == 0
    assert count(own_app, "exercises") > 0


def test_a_token_of_the_command_is_good_for_requests(run, app):
    succeed(run("add_user", "ada", "ada@example.org"))
    assert status_of(app, succeed(run("token", "ADA@example.org", "--days", "1")).strip()) == 200


@pytest.mark.parametrize("command", ["token", "change_user"])
def test_an_unknown_user_is_one_sentence(run, command):
    assert is_one_sentence(run(command, "nobody@example.org"), "nobody@example.org")


def test_an_added_user_has_the_role_and_the_printed_password(run, app):
    (password,) = PASSWORD_LINE.findall(succeed(run("add_user", "grace", "grace@example.org", "--role", "grader")))
    assert log_in(app, "grace@example.org", password) == 200
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT role FROM users WHERE username = 'grace'")) == "grader"


@pytest.mark.parametrize(
    "arguments",
    [
        ("ada", "new@example.org"),
        ("new", "Ada@Example.org"),
        ("\N{FULLWIDTH LATIN SMALL LETTER A}DA", "new@example.org"),
        ("ada\N{ZERO WIDTH SPACE}", "new@example.org"),
    ],
)
def test_a_name_or_address_that_is_taken_is_one_sentence(run, app, arguments):
    succeed(run("add_user", "ada", "ada@example.org"))
    before = count(app, "users")
    assert is_one_sentence(run("add_user", *arguments))
    assert count(app, "users") == before


def test_a_changed_role_counts_at_once(run, app):
    succeed(run("add_user", "ada", "ada@example.org"))
    token = succeed(run("token", "ada@example.org")).strip()
    succeed(run("change_user", "ada@example.org", "--role", "admin"))
    answer = app.test_client().get("/auth/status", headers={"Authorization": f"Bearer {token}"})
    assert answer.json["data"]["admin"] is True


def test_an_inactive_user_is_refused_until_he_is_active_again(run, app):
    (password,) = PASSWORD_LINE.findall(succeed(run("add_user", "ada", "ada@example.org")))
    token = succeed(run("token", "ada@example.org")).strip()
    succeed(run("change_user", "ada@example.org", "--inactive"))
    assert (status_of(app, token), log_in(app, "ada@example.org", password)) == (401, 404)
    succeed(run("change_user", "ada@example.org", "--active"))
    assert (status_of(app, token), log_in(app, "ada@example.org", password)) == (200, 200)


def test_a_new_password_replaces_the_old_one(run, app):
    (old,) = PASSWORD_LINE.findall(succeed(run("add_user", "ada", "ada@example.org")))
    (new,) = PASSWORD_LINE.findall(succeed(run("change_user", "ada@example.org", "--new-password")))
    assert log_in(app, "ada@example.org", old) == 404
    assert log_in(app, "ada@example.org", new) == 200


def add_exercise(app):
    with app.app_context():
        db.session.add(Exercise(exercise_body="b", test_code="t", test_code_solution="s"))
        db.session.commit()


def test_recreating_the_database_empties_it_and_leaves_it_ready(run_alone, own_app):
    add_exercise(own_app)
    succeed(run_alone("recreate_db"))
    assert count(own_app, "exercises") == 0
    assert own_app.test_client().get("/ready").status_code == 200


def test_recreating_a_production_database_must_be_meant(own_app, monkeypatch):
    add_exercise(own_app)
    monkeypatch.setenv("APP_SETTINGS", PRODUCTION)
    url = own_app.config["SQLALCHEMY_DATABASE_URI"]
    run = runner(create_app(SECRET_KEY=SECRET_KEY, SQLALCHEMY_DATABASE_URI=url))
    assert is_one_sentence(run("recreate_db"), "--yes")
    assert count(own_app, "exercises") == 1
    succeed(run("recreate_db", "--yes"))
    assert count(own_app, "exercises") == 0


def test_the_database_commands_work(run_alone, own_app):
    succeed(run_alone("db", "check"))
    succeed(run_alone("db", "downgrade", "base"))
    assert own_app.test_client().get("/ready").status_code == 503
    assert run_alone("db", "check").exit_code == 1
    succeed(run_alone("db", "upgrade"))
    assert own_app.test_client().get("/ready").status_code == 200


def test_current_and_history_name_the_head(own_app):
    # Alembic keeps the standard output that it found when it was imported: hence a process of its own.
    script = "import project.cli, sys; [project.cli.cli(['db', c], standalone_mode=False) for c in sys.argv[1:]]"
    url = own_app.config["SQLALCHEMY_DATABASE_URI"]
    result = run_python(config.DATA_DIR, "-c", script, "current", "history", DATABASE_TEST_URL=url)
    assert result.returncode == 0, result.stderr
    current, newest = result.stdout.splitlines()[:2]
    assert current.endswith(" (head)")
    assert f"-> {current}," in newest


def test_the_settings_command_prints_the_page_of_the_documentation(run):
    assert succeed(run("settings")) == (ROOT / "docs" / "settings.md").read_text()


def test_a_port_that_is_taken_is_one_sentence(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert is_one_sentence(run("run", "--port", port), port, "--port")


@pytest.fixture
def read_settings(monkeypatch):
    """Read the configuration anew, from this environment alone."""
    declared = list(settings.SETTINGS)
    for setting in declared:
        monkeypatch.delenv(setting.name, raising=False)

    def read(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        for module in (grading_settings, limit_settings):  # are read anew with the rest
            monkeypatch.delitem(sys.modules, module.__name__)
        return runpy.run_path(config.__file__)

    yield read
    settings.SETTINGS[:] = declared  # reading declares them once more


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_WORKERS", "x"),
        ("WEB_WORKERS", "0"),
        ("WEB_THREADS", "1.5"),
        ("SANDBOX_MIN_LEVEL", "0"),
        ("GRADING_LEASE_SECONDS", "soon"),
        ("DATABASE_TIMEOUT_SECONDS", "nan"),
        ("USERS_SERVICE_READ_TIMEOUT", "nan"),
        ("SCORES_PUBLIC", "maybe"),
        ("SELF_REPORTED_SCORES", "some"),
        ("REGISTRATION", "Closed"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("PASSWORD_MIN_LENGTH", "-1"),
        ("USERS_SERVICE_URL", "ftp://x"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
        ("DATABASE_URL", "mysql://u:secret@h/d"),
        ("DATABASE_TEST_URL", "sqlite:///secret"),
        ("DATABASE_URL", "u:secret@h/d"),
        ("PASSWORD_HASH_MEMORY_KIB", "8"),  # argon2 needs 8 for each of its 4 lanes
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(read_settings, name, value):
    with pytest.raises(SystemExit) as refusal:
        read_settings(**{name: value})
    sentence = str(refusal.value)
    assert name in sentence
    assert "\n" not in sentence
    assert "secret" not in sentence.replace("SECRET", "")


def test_settings_that_are_empty_are_not_set(read_settings):
    assert read_settings(WEB_WORKERS="", SCORES_PUBLIC=" ")["BaseConfig"].SCORES_PUBLIC is True


def test_a_secret_key_may_stand_in_a_file(read_settings, tmp_path):
    (tmp_path / "key").write_text(f"{SECRET_KEY}\n")
    assert read_settings(SECRET_KEY_FILE=str(tmp_path / "key"))["BaseConfig"].SECRET_KEY == SECRET_KEY


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_url_may_be_spelled_in_each_usual_way(read_settings, scheme):
    read = read_settings(DATABASE_URL=f"{scheme}://u:p@h:5433/d?sslmode=require")
    assert read["ProductionConfig"].SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://u:p@h:5433/d?sslmode=require"


def test_the_tests_have_a_database_url_of_their_own(read_settings):
    read = read_settings(DATABASE_URL="postgres://h/production", DATABASE_TEST_URL="postgres://h/tests")
    assert read["TestingConfig"].SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://h/tests"
    assert read["DevelopmentConfig"].SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://h/production"


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_production_needs_a_long_secret_key(monkeypatch, key):
    monkeypatch.setenv("APP_SETTINGS", PRODUCTION)
    with pytest.raises(SystemExit, match="SECRET_KEY must be set"):
        create_app(SECRET_KEY=key)


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["manage.py", "db", "current"], {"APP_SETTINGS": ""}, "project.config.DevelopmentConfig"),
        (["-c", "from project import create_app; create_app()"], {"APP_SETTINGS": "Nonsense"}, "Nonsense"),
        (["manage.py", "db", "current"], {"DATA_DIR": "/proc/nothing"}, "DATA_DIR"),
        (["manage.py", "db", "current"], {"WEB_WORKERS": "x"}, "WEB_WORKERS"),
        (["manage.py", "db", "current"], {"DATABASE_TEST_URL": "postgres://u:secret@h:port/d"}, "DATABASE_TEST_URL"),
    ],
    ids=["APP_SETTINGS not set", "APP_SETTINGS wrong", "DATA_DIR", "WEB_WORKERS", "DATABASE_TEST_URL"],
)
def test_a_start_with_a_wrong_setting_ends_with_one_sentence_and_status_1(tmp_path, arguments, environment, word):
    result = run_python(tmp_path, *arguments, **environment)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.stderr
    assert result.stderr.startswith("error: ")
    assert word in result.stderr
    assert "secret" not in result.stderr
