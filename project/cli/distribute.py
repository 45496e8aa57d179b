"""The command `manage.py db distribute`."""

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from project.extensions import db
from project.postgres.citus.statements import statements

SHARDS = 32  # Citus' own default: room for as many nodes
IS_CITUS = sa.text("SELECT to_regproc('create_distributed_table') IS NOT NULL")
TIMEOUTS = sa.text("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '5s'")


@click.command("distribute")
@click.option("--shards", default=SHARDS, show_default=True, type=click.IntRange(1, 64_000), help="Of each table.")
@click.option("--dry-run", is_flag=True, help="Print the SQL, and change nothing.")
@with_appcontext
def distribute(shards: int, *, dry_run: bool) -> None:
    """Spread the tables over the nodes of a Citus cluster, by user_id."""
    if dry_run:
        for statement in statements(shards):
            click.echo(f"{statement};")
        return
    try:
        with db.engine.begin() as connection:
            if not connection.scalar(IS_CITUS):
                raise click.ClickException("Citus is not installed in this database; nothing was changed.")
            connection.execute(TIMEOUTS)
            for statement in statements(shards):
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    except sa.exc.DBAPIError as error:
        raise click.ClickException(f"Nothing was changed: {' '.join(str(error.orig).split())}") from None
    click.echo("The tables are distributed. The workers fold the summaries from now on: let at least one run.")
