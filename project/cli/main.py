"""The commands of `manage.py`, under the names that the specification gives them."""

import os
import secrets
import signal
import subprocess
import sys
from importlib.util import find_spec

import click
import flask_migrate
import orjson
import sqlalchemy as sa
from flask import current_app
from flask.cli import FlaskGroup
from flask_migrate.cli import db as database_commands
from psycopg.errors import UndefinedTable
from pydantic import ValidationError

from project import create_app
from project.api import openapi
from project.api.invitations import schemas as invitations
from project.api.invitations.inviting import add_invitation
from project.api.users import accounts
from project.api.users.models import User
from project.api.users.passwords import hash_password
from project.api.users.schemas import UserPayload
from project.api.users.tokens import issue_token
from project.cli import seeds
from project.cli.backup import backup, restore
from project.cli.check import check
from project.cli.distribute import distribute
from project.cli.exercises import exercises
from project.cli.languages import languages
from project.cli.scores import scores
from project.config import ROOT
from project.extensions import db
from project.front import server
from project.grading import worker
from project.settings.declarations import SettingsError, settings_page
from project.web.roles import Role

SECONDS_PER_DAY = 86_400
SIGNAL_STATUS = 128  # what shells add to the number of the signal that ended a program


class Commands(FlaskGroup):
    """The commands. They report errors of settings and of the database in one sentence, and clean up after signals."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        # Exit as after Ctrl-C, so that the embedded PostgreSQL is stopped. A server handles both signals itself.
        for name in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda number, _: sys.exit(SIGNAL_STATUS + number))
        try:
            return super().invoke(ctx)
        except sa.exc.OperationalError as error:
            reason = " ".join(str(error.orig).split())
            raise click.ClickException(f"The database cannot be used: {reason}") from None
        except sa.exc.ProgrammingError as error:
            if not isinstance(error.orig, UndefinedTable):
                raise
            raise click.ClickException("The database has no tables yet: run manage.py db upgrade.") from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names for --help, also when the settings are invalid and no application can be created."""
        try:
            return super().list_commands(ctx)
        except SettingsError:
            return sorted(self.commands)


@click.group(cls=Commands, create_app=create_app, load_dotenv=False, set_debug_flag=False, add_version_option=False)
def cli() -> None:
    """Manage the exercises and scores service."""


def _run_tests(command: list[str]) -> int:
    """Run a command of the development requirements on the tests' configuration; return its exit status."""
    if not find_spec("pytest"):
        raise click.ClickException("The tests' requirements are not installed: run script/bootstrap --dev.")
    environment = os.environ | {"APP_SETTINGS": "project.config.TestingConfig"}
    python = [sys.executable, "-m", *command]
    return subprocess.run(python, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - the caller's own


@cli.command("test", with_appcontext=False, context_settings={"ignore_unknown_options": True})
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
def test(pytest_options: tuple[str, ...]) -> None:
    """Run the tests without coverage. Takes pytest's options."""
    sys.exit(_run_tests(["pytest", *pytest_options]))


@cli.command("cov", with_appcontext=False, context_settings={"ignore_unknown_options": True})
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
def cov(pytest_options: tuple[str, ...]) -> None:
    """Run the tests with branch coverage: a summary, and HTML in htmlcov/."""
    status = _run_tests(["coverage", "run", "-m", "pytest", "--numprocesses=0", *pytest_options])
    if status == 0:
        click.echo("Coverage Summary:")
        status = _run_tests(["coverage", "report"]) or _run_tests(["coverage", "html"])
    sys.exit(status)


@cli.command("recreate_db")
@click.option("--yes", is_flag=True, help="Also in staging and production. All data is lost.")
def recreate_db(*, yes: bool) -> None:
    """Drop all tables, and create them again by the migrations."""
    if current_app.config["SECRET_KEY_REQUIRED"] and not yes:
        raise click.ClickException("This would delete all data of a production database: confirm it with --yes.")
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    flask_migrate.upgrade()


@cli.command("run")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=5002, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--seed/--no-seed", default=None, help="Create the first exercises and the admin.  [default: outside production]"
)
def run(host: str, port: int, *, seed: bool | None) -> None:
    """Migrate, seed and serve. Ctrl-C stops it, and the embedded PostgreSQL with it."""
    server.check_free(host, port)
    click.echo("Starting the database and bringing it up to date ...")
    flask_migrate.upgrade()
    if not current_app.config["SECRET_KEY_REQUIRED"] if seed is None else seed:
        _seed()
    # The server's processes are forked from this one: it must have no connection and no other thread then.
    db.session.remove()
    db.engine.dispose()
    current_app.extensions["password_hashes"].threads.shutdown()
    server.serve(host, port, current_app.config)


@cli.command("worker", with_appcontext=False)
@click.option("--concurrency", type=click.IntRange(1, 256), help="Submissions graded at once.  [default: one per core]")
def run_worker(concurrency: int | None) -> None:
    """Grade queued submissions. After Ctrl-C or SIGTERM it finishes the running ones and stops."""
    worker.work(concurrency)


@cli.command("seed_db")
def seed_db() -> None:
    """Create the first exercises and the admin, if there are none."""
    _seed()


def _seed() -> None:
    db.session.execute(seeds.ONE_AT_A_TIME)
    seeds.add_exercises()
    password = None if current_app.config["USERS_SERVICE_URL"] else seeds.add_admin()
    db.session.commit()
    if password:
        click.echo(f"The admin is {seeds.ADMIN_EMAIL} with the password {password} (not shown again).")


@cli.command("token")
@click.argument("email")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3650), help="How long it lasts.")
def token(email: str, days: int) -> None:
    """Issue a token for the user with this EMAIL, for scripts and graders."""
    click.echo(issue_token(_user(email).id, days * SECONDS_PER_DAY))


@cli.command("add_user")
@click.argument("username")
@click.argument("email")
@click.option("--role", default=Role.LEARNER.value, show_default=True, type=click.Choice([role.value for role in Role]))
def add_user(username: str, email: str, role: str) -> None:
    """Add a user, with a random password that is printed once."""
    _need_own_users()
    password = secrets.token_urlsafe(seeds.PASSWORD_BYTES)
    try:
        payload = UserPayload(username=username, email=email, password=password, role=Role(role))
        accounts.add_user(payload.username, payload.email, payload.password, payload.role)
    except ValidationError as error:
        fields = " and ".join(str(wrong["loc"][0]) for wrong in error.errors())
        raise click.ClickException(f"Not a valid {fields}.") from None
    except sa.exc.IntegrityError:
        raise click.ClickException("That username or e-mail address is already in use.") from None
    db.session.commit()
    click.echo(f"{email} was added with the password {password} (not shown again).")


@cli.command("invite")
@click.option(
    "--uses", default=invitations.DEFAULT_USES, show_default=True, type=click.IntRange(1, invitations.MAX_USES)
)
@click.option(
    "--days", default=invitations.DEFAULT_DAYS, show_default=True, type=click.IntRange(1, invitations.MAX_DAYS)
)
def invite(uses: int, days: int) -> None:
    """Create an invitation to register, for REGISTRATION=invite. Its code is printed once."""
    _need_own_users()
    made = add_invitation(uses, days)
    db.session.commit()
    until = made.data["expires_at"].isoformat(" ", "minutes")
    number = "one registration" if uses == 1 else f"{uses} registrations"
    click.echo(f"The code {made.code} (not shown again) is valid for {number} until {until}.")


@cli.command("change_user")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]))
@click.option("--active/--inactive", default=None, help="An inactive user's tokens and password are refused.")
@click.option(
    "--new-password", is_flag=True, help="Set a random password and print it; existing tokens become invalid."
)
def change_user(email: str, role: str | None, *, active: bool | None, new_password: bool) -> None:
    """Change the user with this EMAIL."""
    user = _user(email)
    user.role = user.role if role is None else role
    user.active = user.active if active is None else active
    password = secrets.token_urlsafe(seeds.PASSWORD_BYTES) if new_password else None
    if password:
        user.password_hash = hash_password(password)
        user.tokens_since = sa.func.clock_timestamp()
    db.session.commit()
    if password:
        click.echo(f"The new password is {password} (not shown again).")


def _need_own_users() -> None:
    if current_app.config["USERS_SERVICE_URL"]:
        raise click.ClickException("Users are managed by the users-service at USERS_SERVICE_URL.")


def _user(email: str) -> User:
    _need_own_users()
    user = accounts.find_user(email)
    if user is None:
        raise click.ClickException(f"There is no user with the address {email}.")
    return user


@cli.command("settings", with_appcontext=False)
def settings() -> None:
    """Print docs/settings.md."""
    click.echo(settings_page(), nl=False)


@cli.command("openapi")
def write_openapi() -> None:
    """Print the OpenAPI document for the settings in force."""
    document = orjson.dumps(openapi.build(current_app), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    click.echo(document, nl=False)


cli.add_command(check)
cli.add_command(backup)
cli.add_command(restore)
database_commands.add_command(distribute)
cli.add_command(database_commands)
cli.add_command(exercises)
cli.add_command(scores)
cli.add_command(languages)
