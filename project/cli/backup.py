"""The commands `manage.py backup` and `manage.py restore`."""

from pathlib import Path

import click
import flask_migrate
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext

from project.cli.check import check
from project.config import ROOT
from project.extensions import db
from project.operations.backup import back_up
from project.operations.postgres_programs import BackupError
from project.operations.restoring import restore as read_backup

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write the database to FILE, which only its owner can read. SECRET_KEY is not in it.

    Nobody has to stop working.
    """
    try:
        with db.engine.connect() as connection:
            revision = back_up(connection, current_app.config, file.absolute())
    except BackupError as error:
        raise click.ClickException(f"There is no backup: {error}") from None
    click.echo(f"{file} has the database at migration {revision}.")


@click.command("restore")
@click.argument("file", type=FILE)
@click.pass_context
@with_appcontext
def restore(context: click.Context, file: Path) -> None:
    """Read FILE into the database, which must be empty; migrate it and check it. Status 1 if something differs."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    revisions = [script.revision for script in scripts.walk_revisions()]
    try:
        with db.engine.connect() as connection:
            revision = read_backup(connection, current_app.config, file.absolute(), revisions)
    except BackupError as error:
        raise click.ClickException(f"Nothing was restored: {error}") from None
    click.echo(f"The database was restored at migration {revision}.")
    if revision != scripts.get_current_head():
        flask_migrate.upgrade()
    with db.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL statement_timeout = 0; ANALYZE"))
    context.invoke(check)
