"""`script/bench boards`: the same queries on tables of several sizes, timed by the database."""

import json
import random
import secrets
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
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
from project.api.summaries.keys import ALL_EXERCISES
from project.api.summaries.plpgsql import FOLD_LOCK
from project.extensions import db
from project.postgres.embedded import embedded_postgres

EXERCISES = 50  # scores of each learner
CHUNK = 1_000_000
PENDING = 250  # writes before the second half of the measurements
PAGE_LIMIT = 50
ROUND = 20  # queries of each kind on a table before the next table

PSYCOPG = dialect.dialect()  # type: ignore[no-untyped-call]

LOAD = """
    INSERT INTO scores (user_id, exercise_id, correct, created_at)
    SELECT n / %(exercises)s, n %% %(exercises)s, hashint8(n) %% 3 <> 0,
           timestamptz '2026-01-01 00:00+00' + hashint8(n + 1) * interval '1 ms'
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
# All learners have solved the same number at the same time: only their ids differ.
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
@click.option("--ties", default=1_000_000, show_default=True, help="Learners with the same number at the same time.")
@click.option("--repeat", default=300, show_default=True, type=click.IntRange(10), help="Queries of each kind.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures there, too.")
def boards(sizes: tuple[int, ...], ties: int, repeat: int, file: Path | None) -> None:
    """Load scores, and print how long the database takes for a page and for a rank: p50 in ms."""
    plans = [
        *((f"{rows:,} scores", LOAD, rows, EXERCISES) for rows in sorted(sizes)),
        (f"{ties:,} ties", TIES, ties, 1),
    ]
    with ExitStack() as stack:
        tables = {}
        migrated = stack.enter_context(_database())
        _migrate(migrated)
        for name, statement, rows, exercises in plans:
            url = _address(stack.enter_context(_database(copy_of=migrated)))
            connection = stack.enter_context(psycopg.connect(url, autocommit=True))
            _load(connection, statement, rows, exercises)
            tables[name] = (url, connection, rows // exercises)
            click.echo(f"{name} are loaded", err=True)
        times = _measure(tables, repeat)
    found = {name: {kind: statistics.median(of_kind) for kind, of_kind in times[name].items()} for name in tables}
    for kind in next(iter(found.values())):
        smallest, largest = (found[f"{rows:,} scores"][kind] for rows in (min(sizes), max(sizes)))
        figures = ", ".join(f"{name} {figures[kind]:.3f}" for name, figures in found.items())
        click.echo(f"{kind}: {figures}; largest to smallest {largest / smallest:.2f}")
    if file:
        file.write_text(json.dumps(found, indent=2) + "\n")


@contextmanager
def _database(copy_of: sa.URL | None = None) -> Iterator[sa.URL]:
    """Create a database in the embedded PostgreSQL, empty or a copy; yield its URL."""
    embedded_postgres.start()
    name = f"bench_{secrets.token_hex(4)}"
    own = sa.make_url(create_app().config["SQLALCHEMY_DATABASE_URI"]).set(database=name)
    template = copy_of.database if copy_of else "template1"
    with embedded_postgres.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {own.username} TEMPLATE {template}")
        try:
            yield own
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrate(database: sa.URL) -> None:
    app = create_app(SQLALCHEMY_DATABASE_URI=database.render_as_string(hide_password=False))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


def _address(database: sa.URL) -> str:
    return database.set(drivername="postgresql").render_as_string(hide_password=False)


def _load(connection: psycopg.Connection, statement: str, rows: int, exercises: int) -> None:
    for first in range(0, rows, CHUNK):
        last = min(first + CHUNK, rows) - 1
        values = {"first": first, "last": last, "exercises": exercises}
        connection.execute(statement, values)
    while connection.execute("SELECT fold_summaries(100000)").fetchone() != (0,):
        pass
    connection.execute("VACUUM ANALYZE scores, standings, rank_ranges, pending_changes, exercise_counts")


Tables = Mapping[str, tuple[str, psycopg.Connection, int]]  # by name: URL, the connection that loaded it, learners
Times = dict[str, dict[str, list[float]]]  # by table and kind of query, in ms


def _measure(tables: Tables, repeat: int) -> Times:
    """Query each table in turn, first with nothing pending and then with some writes pending."""
    times: Times = {name: defaultdict(list) for name in tables}
    for state in ("", ", with writes pending"):
        for url, loader, learners in tables.values():
            if state:
                loader.execute(f"SELECT pg_advisory_lock({FOLD_LOCK})")  # so that no writer folds pending changes
                _write(url, learners)
        # In rounds, so that other work on the machine affects all tables.
        for _ in range(-(-repeat // ROUND)):
            for name, (url, _, learners) in tables.items():
                with psycopg.connect(url, autocommit=True) as connection:
                    for kind, query in KINDS.items():
                        times[name][kind + state] += _times(connection, partial(query, learners), ROUND)
    return times


def _write(url: str, learners: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(PENDING):
            user, exercise = random.randrange(learners), random.randrange(EXERCISES)  # noqa: S311 - no secret
            connection.execute(WRITE, [user, exercise, random.choice([True, False])])  # noqa: S311


def _first_page(_: int) -> tuple[sa.TextClause, dict[str, Any]]:
    return queries.PAGE.text, START


def _middle_page(learners: int) -> tuple[sa.TextClause, dict[str, Any]]:
    descending = -random.randrange(1, 1 + EXERCISES * 2 // 3)  # noqa: S311 - no secret
    return queries.PAGE.text, {**START, "descending": descending, "user_id": learners}


def _rank(learners: int) -> tuple[sa.TextClause, dict[str, Any]]:
    return queries.ME.text, {"me": random.randrange(learners), "neighbours": 2}  # noqa: S311 - no secret


KINDS = {"page of 50": _first_page, "page in the middle": _middle_page, "my rank": _rank}


def _times(
    connection: psycopg.Connection, query: Callable[[], tuple[sa.TextClause, dict[str, Any]]], times: int
) -> list[float]:
    """Return PostgreSQL's execution times of the statement, without the first one."""
    cursor = psycopg.ClientCursor(connection)
    found = []
    for _ in range(times + 1):
        clause, values = query()
        text = str(clause.compile(dialect=PSYCOPG))
        everything = {"board_id": ALL_EXERCISES, "limit": PAGE_LIMIT + 1, "own_users": True, **values}
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {text}", everything)
        row: Any = cursor.fetchone()
        found.append(row[0][0]["Execution Time"])
    return found[1:]


if __name__ == "__main__":
    boards()
