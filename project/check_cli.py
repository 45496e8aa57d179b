"""The command `manage.py check`."""

import sys

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from project.api.summaries.checking import SCORES, SUMMARIES
from project.extensions import db

SHOWN = 20  # differences of each kind
FOLDED = 20_000  # changes in each transaction

FOLD = sa.text("SELECT fold_summaries(:most)")
NO_TIMEOUT = sa.text("SET statement_timeout = 0")  # a check of a large database takes longer than any request


@click.command("check")
@click.option("--repair", is_flag=True, help="Make the summaries anew from the scores. The ledger is never changed.")
@with_appcontext
def check(*, repair: bool) -> None:
    """Recompute all summaries, and the scores from their ledger; tell every difference. Status 1 if there is one.

    Nobody has to stop writing meanwhile.
    """
    with db.engine.connect() as connection:
        connection.execute(NO_TIMEOUT)
        while connection.scalar(FOLD, {"most": FOLDED}):
            connection.commit()
        connection.commit()
        found = sum(_differences(connection).values())
        if found and repair:
            connection.execute(sa.text("SELECT rebuild_summaries()"))
            connection.commit()
            click.echo("The summaries were made anew.")
            found = sum(_differences(connection).values())
        connection.invalidate()  # nobody else gets one without a timeout
    sys.exit(1 if found else 0)


def _differences(connection: sa.Connection) -> dict[str, int]:
    """Print what differs, from one snapshot of the database; return how much of each kind."""
    counts: dict[str, int] = {}
    connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    for statement in (*SUMMARIES, SCORES):
        limited = f"SELECT *, count(*) OVER () AS total FROM ({statement}) AS difference LIMIT {SHOWN}"  # noqa: S608 - constants
        for row in connection.execute(sa.text(limited)):
            counts[row.what] = row.total
            click.echo(f"{row.what}: {row.key}: kept {row.kept or 'nothing'}, recomputed {row.recomputed or 'nothing'}")
    connection.rollback()
    for what, count in counts.items():
        click.echo(f"{what}: {count} differences")
    click.echo(f"{sum(counts.values())} differences")
    return counts
