"""`script/bench scaling`: ours at its database, through PgBouncer, and with a replica, in turns; and bytes per row."""

import json
import secrets
import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bench.common.machine import machine
from bench.common.measure import Wrong
from bench.common.processes import HOST, data_directory, end_orderly
from bench.requests import cluster
from bench.requests.contest import Contest, Entry, in_turns, now
from bench.requests.contestants import CONTESTANTS, OURS, Contestant, Program, Setup
from bench.requests.loading import filled
from bench.requests.operations import OPERATIONS, WRITE
from bench.scaling.surroundings import pgbouncer, replica
from project.config import ROOT

MEASURED = ("R1", "R2", "L1", "W1")
DIRECT, POOLED, REPLICATED = "direct", "pooled", "replicated"
# With its indexes and what was too long for a row; of all rows that were written one by one, as learners do.
SIZES = """
    SELECT c.relname, c.reltuples::bigint, pg_total_relation_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.reltuples >= 1000
    ORDER BY pg_total_relation_size(c.oid) DESC
"""


def _contestant(name: str, title: str, **settings: str) -> Contestant:
    """Return our service with settings of its own."""

    def start(setup: Setup, port: int) -> Iterator[Program]:
        command = [sys.executable, "manage.py", "run", "--port", str(port), "--no-seed"]
        environment = setup.service_environment() | {"WORKER_PROCESSES": "0"} | settings
        yield Program(command, environment, ROOT, f"http://{HOST}:{port}/ready")

    (ours,) = (one for one in CONTESTANTS if one.name == OURS)
    return replace(ours, name=name, title=title, start=start)


@click.command("scaling")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(10_000), help="Scores to load.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--seconds", default=5, show_default=True, type=click.IntRange(1, 600), help="Per figure and round.")
@click.option("--connections", default=32, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures there, and a table beside it.")
def scaling(*, rows: int, rounds: int, seconds: int, connections: int, file: Path | None) -> None:
    """Measure what PgBouncer costs, what a replica brings, and how large rows are."""
    end_orderly()
    if shutil.which("wrk") is None:
        raise click.ClickException("wrk is needed: apt-get install wrk.")
    try:
        about: dict[str, Any] = {"date": now(), **machine(), "scores": rows, "rounds": rounds, "seconds": seconds}
        with data_directory() as directory, cluster.running(directory) as postgresql:
            setup = Setup(postgresql, secrets.token_hex(32), directory)
            data = filled(setup, rows)
            postgresql.tidy(cluster.DATABASE)
            with postgresql.connect(cluster.DATABASE) as connection:
                about["sizes"] = [list(row) for row in connection.execute(SIZES)]
            with pgbouncer(postgresql, directory) as pooled, replica(postgresql, directory) as copy:
                contest = Contest(setup, data, seconds, connections)
                chosen = [one for one in OPERATIONS if one.name in MEASURED]
                reads = [one for one in chosen if one.name != WRITE]
                *others, replicated = _contestants(postgresql.url(cluster.DATABASE), pooled, copy)
                # No writes with the replica: the check reads them without a token, and so perhaps too early.
                with contest.entries(others, chosen) as some, contest.entries([replicated], reads) as more:
                    entries = some + more
                    for number, entry in in_turns(entries, rounds):
                        name = entry.running.contestant.name
                        click.echo(f"round {number + 1} of {rounds}: {entry.operation.name}, {name}", err=True)
                        contest.measure(entry)
                    about["figures"] = [entry.as_json() for entry in entries]
                    table = _as_markdown(about, entries)
    except Wrong as error:
        raise click.ClickException(str(error)) from None
    click.echo(table)
    if file:
        file.write_text(json.dumps(about, indent=2) + "\n")
        file.with_suffix(".md").write_text(table)


def _contestants(direct: str, pooled: str, copy: str) -> list[Contestant]:
    through = {"DATABASE_URL": pooled, "DATABASE_SESSION_URL": direct, "DATABASE_PREPARES": "false"}
    return [
        _contestant(DIRECT, "at PostgreSQL itself"),
        _contestant("unprepared", "at PostgreSQL itself, nothing prepared", DATABASE_PREPARES="false"),
        _contestant(POOLED, "through PgBouncer, nothing prepared", **through),
        _contestant(REPLICATED, "reads without a token from a replica", DATABASE_REPLICA_URL=copy),
    ]


def _as_markdown(about: dict[str, Any], entries: Sequence[Entry]) -> str:
    """Return the tables: requests/s and what they are of those at PostgreSQL itself; and bytes per row."""
    by_name = {(entry.operation.name, entry.running.contestant.name): entry for entry in entries}
    titles = {entry.running.contestant.name: entry.running.contestant.title for entry in entries}
    lines = [
        f"{about['date']}, {about['cores']} cores, {about['scores']:,} scores, {about['rounds']} rounds; requests/s,",
        f"and what they are of the first row's. {_others(entries):.0%} of the machine was busy with other work.",
        "",
    ]
    lines += [f"| | {' | '.join(MEASURED)} |", f"|---|{'---|' * len(MEASURED)}"]
    for name, title in titles.items():
        cells = [_cell(by_name.get((operation, name)), by_name[operation, DIRECT]) for operation in MEASURED]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    lines += ["", "| table | rows | bytes a row | of them indexes |", "|---|---|---|---|"]
    lines += [
        f"| `{n}` | {rows:,} | {size / rows:.0f} | {index / rows:.0f} |" for n, rows, size, index in about["sizes"]
    ]
    return "\n".join([*lines, ""])


def _others(entries: Sequence[Entry]) -> float:
    return statistics.median(float(one["others"]) for entry in entries for one in entry.rounds if "void" not in one)


def _cell(entry: Entry | None, direct: Entry) -> str:
    if entry is None:
        return ""
    pairs = [
        (mine["per_s"], theirs["per_s"])
        for mine, theirs in zip(entry.rounds, direct.rounds, strict=True)
        if "void" not in mine and "void" not in theirs
    ]
    if not pairs:
        return "void"
    rate = statistics.median(mine for mine, _ in pairs)
    return f"{rate:,.0f} ({statistics.median(mine / theirs for mine, theirs in pairs):.2f})"


if __name__ == "__main__":
    scaling()
