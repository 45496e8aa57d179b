"""`script/bench boards`: the same questions to tables of several sizes, timed by the database itself."""

import json
import random
import secrets
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
import flask_migrate
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import psycopg as dialect

from project import create_app
from project.api.leaderboard import queries
from project.api.leaderboard.reading import START
from project.api.summaries.folding import FOLD_LOCK
from project.api.summaries.keys import ALL_EXERCISES
from project.embedded_postgres import embedded_postgres
from project.extensions import db

EXERCISES = 50  # a learner's scores
CHUNK = 1_000_000
PENDING = 250  # single writes before the second half of the measurements
PAGE_LIMIT = 50

PSYCOPG = dialect.dialect()  # type: ignore[no-untyped-call]

LOAD = """
    INSERT INTO scores (user_id, exercise_id, correct, created_at)
    SELECT n / %(exercises)s, n %% %(exercises)s, hashint8(n) %% 3 <> 0,
           timestamptz '2026-01-01 00:00+00' + hashint8(n + 1) * interval '1 ms'
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
# All with the same number, got to at the same moment: only the user's id tells them apart.
TIES = """
    INSERT INTO scores (user_id, exercise_id, correct, created_at)
    SELECT n, 1, true, timestamptz '2026-01-01 00:00+00' FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
WRITE = """
    INSERT INTO scores (user_id, exercise_id, correct) VALUES (%s, %s, %s)
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET correct = excluded.correct, change_id = excluded.change_id
"""


@click.command("boards")
@click.option("--rows", "sizes", multiple=True, default=[100_000, 1_000_000], show_default=True, help="Scores.")
@click.option("--ties", default=1_000_000, show_default=True, help="Learners who all solved the same at the same time.")
@click.option("--repeat", default=300, show_default=True, type=click.IntRange(10), help="Questions of each kind.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures there, too.")
def boards(sizes: tuple[int, ...], ties: int, repeat: int, file: Path | None) -> None:
    """Load so many scores, and print how long the database takes for a page and for one's own rank: p50 in ms."""
    found: dict[str, dict[str, float]] = {}
    for name, statement, rows, exercises in [
        *((f"{rows:,} scores", LOAD, rows, EXERCISES) for rows in sorted(sizes)),
        (f"{ties:,} ties", TIES, ties, 1),
    ]:
        with _database() as url, psycopg.connect(url, autocommit=True) as loader:
            _load(loader, statement, rows, exercises)
            with psycopg.connect(url, autocommit=True) as connection:
                found[name] = _measure(connection, loader, rows // exercises, repeat)
        click.echo(f"{name}: {json.dumps(found[name])}", err=True)
    for kind in next(iter(found.values())):
        smallest, largest = (found[f"{rows:,} scores"][kind] for rows in (min(sizes), max(sizes)))
        figures = ", ".join(f"{name} {figures[kind]:.3f}" for name, figures in found.items())
        click.echo(f"{kind}: {figures}; largest to smallest {largest / smallest:.2f}")
    if file:
        file.write_text(json.dumps(found, indent=2) + "\n")


@contextmanager
def _database() -> Iterator[str]:
    """Make a database of its own beside those of the embedded PostgreSQL; yield its address."""
    embedded_postgres.start()
    name = f"bench_{secrets.token_hex(4)}"
    url = create_app().config["SQLALCHEMY_DATABASE_URI"]
    own = sa.make_url(url).set(database=name)
    with embedded_postgres.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {own.username}")
        try:
            app = create_app(SQLALCHEMY_DATABASE_URI=own.render_as_string(hide_password=False))
            with app.app_context():
                flask_migrate.upgrade()
                db.engine.dispose()
            yield own.set(drivername="postgresql").render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _load(connection: psycopg.Connection, statement: str, rows: int, exercises: int) -> None:
    for first in range(0, rows, CHUNK):
        last = min(first + CHUNK, rows) - 1
        values = {"first": first, "last": last, "exercises": exercises}
        connection.execute(statement, values)
    while connection.execute("SELECT fold_summaries(100000)").fetchone() != (0,):
        pass
    connection.execute("VACUUM ANALYZE scores, standings, rank_ranges, pending_changes, exercise_counts")


def _measure(
    connection: psycopg.Connection, holder: psycopg.Connection, learners: int, repeat: int
) -> dict[str, float]:
    """Return p50 in ms of each kind of question, with nothing pending and with some writes pending."""
    found = {}
    for state in ("", ", with writes pending"):
        if state:
            holder.execute(f"SELECT pg_advisory_lock({FOLD_LOCK})")  # nobody folds, and nothing depends on chance
            for _ in range(PENDING):
                values = [random.randrange(learners), random.randrange(EXERCISES), random.choice([True, False])]  # noqa: S311 - no secret
                connection.execute(WRITE, values)
        for kind, ask in (("page of 50", _first_page), ("page in the middle", _middle_page), ("my rank", _rank)):
            found[kind + state] = _p50(connection, partial(ask, learners), repeat)
    return found


def _first_page(_: int) -> tuple[sa.TextClause, dict[str, Any]]:
    return queries.PAGE.text, START


def _middle_page(learners: int) -> tuple[sa.TextClause, dict[str, Any]]:
    descending = -random.randrange(1, 1 + EXERCISES * 2 // 3)  # noqa: S311 - no secret
    return queries.PAGE.text, {**START, "descending": descending, "user_id": learners}


def _rank(learners: int) -> tuple[sa.TextClause, dict[str, Any]]:
    return queries.ME.text, {"me": random.randrange(learners), "neighbours": 2}  # noqa: S311 - no secret


def _p50(connection: psycopg.Connection, ask: Callable[[], tuple[sa.TextClause, dict[str, Any]]], repeat: int) -> float:
    """Return the median of what PostgreSQL says that executing the statement took."""
    cursor = psycopg.ClientCursor(connection)
    times = []
    for _ in range(repeat):
        clause, values = ask()
        text = str(clause.compile(dialect=PSYCOPG))
        everything = {"board_id": ALL_EXERCISES, "limit": PAGE_LIMIT + 1, "own_users": True, **values}
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {text}", everything)
        row: Any = cursor.fetchone()
        times.append(row[0][0]["Execution Time"])
    return float(statistics.median(times))


if __name__ == "__main__":
    boards()
