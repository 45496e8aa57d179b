"""The command `manage.py check`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from project.api.exercises.checking import languages_that_cannot_be_judged, loose_tolerances
from project.api.scores.queries import EXPLAIN
from project.api.scores.settling import OFF_BOARD, PUT_RIGHT
from project.api.summaries.checking import SCORES, SUMMARIES
from project.extensions import db

SHOWN = 20  # differences of each kind
FOLDED = 20_000  # changes in each transaction

FOLD = sa.text("SELECT fold_summaries(:most)")
# A check of a large database takes longer than any request. LOCAL: a pooler shares sessions between clients.
NO_TIMEOUT = sa.text("SET LOCAL statement_timeout = 0")


@click.command("check")
@click.option(
    "--repair",
    is_flag=True,
    help="Let boards count the reports that UNLISTED_REPORTS_COUNT says, and make the summaries anew from the scores. "
    "No entry of the ledger is changed.",
)
@with_appcontext
def check(*, repair: bool) -> None:
    """Recompute all summaries, and the scores from their ledger; print every difference. Status 1 if there is one.

    Test cases whose tolerance accepts nearly any number are listed too, and languages of exercises that cannot be
    judged here; they do not change the status. Writes may go on during the check.
    """
    with db.engine.connect() as connection:
        with _without_timeout(connection):
            for sentence in loose_tolerances(connection):
                click.echo(sentence)
            for sentence in languages_that_cannot_be_judged(connection):
                click.echo(sentence)
        while _fold(connection):
            pass
        found = sum(_differences(connection).values())
        if found and repair:
            while _put_right(connection):
                pass
            with _without_timeout(connection):
                connection.execute(sa.text("SELECT rebuild_summaries()"))
            click.echo("The summaries were made anew.")
            found = sum(_differences(connection).values())
    sys.exit(1 if found else 0)


@contextmanager
def _without_timeout(connection: sa.Connection) -> Iterator[None]:
    """Begin a transaction that may take as long as it needs."""
    with connection.begin():
        connection.execute(NO_TIMEOUT)
        yield


def _fold(connection: sa.Connection) -> int:
    """Move a part of the pending changes into the summaries; return how many there were."""
    with _without_timeout(connection):
        folded: int = connection.scalar(FOLD, {"most": FOLDED}) or 0
    return folded


def _put_right(connection: sa.Connection) -> int:
    """Change which of some learners' reports count; return how many."""
    values = {"unlisted_count": current_app.config["UNLISTED_REPORTS_COUNT"], "most": FOLDED}
    with _without_timeout(connection):
        connection.execute(EXPLAIN, {"reason": "The setting UNLISTED_REPORTS_COUNT decides what counts."})
        return connection.execute(sa.text(PUT_RIGHT), values).rowcount


def _differences(connection: sa.Connection) -> dict[str, int]:
    """Print what differs, from one snapshot of the database; return how much of each kind."""
    counts: dict[str, int] = {}
    values = {"unlisted_count": current_app.config["UNLISTED_REPORTS_COUNT"]}
    with _without_timeout(connection):
        connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        for statement in (*SUMMARIES, SCORES, OFF_BOARD):
            limited = f"SELECT *, count(*) OVER () AS total FROM ({statement}) AS difference LIMIT {SHOWN}"  # noqa: S608 - constants
            for row in connection.execute(sa.text(limited), values if ":unlisted_count" in statement else {}):
                counts[row.what] = row.total
                states = f"kept {row.kept or 'nothing'}, recomputed {row.recomputed or 'nothing'}"
                click.echo(f"{row.what}: {row.key}: {states}")
    for what, count in counts.items():
        click.echo(f"{what}: {count} differences")
    click.echo(f"{sum(counts.values())} differences")
    return counts
