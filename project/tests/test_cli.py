"""The commands of manage.py."""

import re
import socket

import pytest
import sqlalchemy as sa

from project import config, create_app, db
from project.api.exercises.models import Exercise
from project.cli.main import cli
from project.config import ROOT
from project.postgres.database import dispose_all
from project.tests.servers import own_database, run_python

PRODUCTION = "project.config.ProductionConfig"
SECRET_KEY = "0123456789abcdef" * 2
PASSWORD_LINE = re.compile(r"^(?:.* )?password (?:is )?(\S+) \(not shown again\)\.$", re.MULTILINE)


@pytest.fixture
def own_app(app, make_app, migrated):
    """An application on a migrated database of its own."""
    with own_database(app, migrated) as url:
        yield make_app(SQLALCHEMY_DATABASE_URI=url)


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
def test_a_taken_name_or_address_is_reported_in_one_sentence(run, app, arguments):
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
    commands = "[cli(['db', command], standalone_mode=False) for command in sys.argv[1:]]"
    script = f"import sys; from project.cli.main import cli; {commands}"
    url = own_app.config["SQLALCHEMY_DATABASE_URI"]
    result = run_python(config.DATA_DIR, "-c", script, "current", "history", DATABASE_TEST_URL=url)
    assert result.returncode == 0, result.stderr
    current, newest = result.stdout.splitlines()[:2]
    assert current.endswith(" (head)")
    assert f"-> {current}," in newest


def test_the_settings_command_prints_the_page_of_the_documentation(run):
    assert succeed(run("settings")) == (ROOT / "docs" / "settings.md").read_text()


def test_a_taken_port_is_reported_in_one_sentence(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert is_one_sentence(run("run", "--port", port), port, "--port")
