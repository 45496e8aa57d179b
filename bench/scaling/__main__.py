"""`script/bench scaling`: our service without and with PgBouncer, and with a replica; and bytes per row."""

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
from bench.common.measure import BenchmarkError
from bench.common.processes import HOST, data_directory, stop_on_signals
from bench.requests import cluster
from bench.requests.implementations import IMPLEMENTATIONS, OURS, Implementation, Program, Setup
from bench.requests.loading import filled
from bench.requests.operations import OPERATIONS, WRITE
from bench.requests.runner import Measurement, Runner, interleaved, now
from bench.scaling.surroundings import pgbouncer, replica
from project.config import ROOT

MEASURED = ("R1", "R2", "L1", "W1")
DIRECT, POOLED, REPLICATED = "direct", "pooled", "replicated"
# Sizes include indexes and TOAST. The rows were written one by one, as by learners.
SIZES = """
    SELECT c.relname, c.reltuples::bigint, pg_total_relation_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.reltuples >= 1000
    ORDER BY pg_total_relation_size(c.oid) DESC
"""


def _implementation(name: str, title: str, **settings: str) -> Implementation:
    """Return our service with other settings."""

    def start(setup: Setup, port: int) -> Iterator[Program]:
        command = [sys.executable, "manage.py", "run", "--port", str(port), "--no-seed"]
        environment = setup.service_environment() | {"WORKER_PROCESSES": "0"} | settings
        yield Program(command, environment, ROOT, f"http://{HOST}:{port}/ready")

    (ours,) = (one for one in IMPLEMENTATIONS if one.name == OURS)
    return replace(ours, name=name, title=title, start=start)


@click.command("scaling")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(10_000), help="Scores to load.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--seconds", default=5, show_default=True, type=click.IntRange(1, 600), help="Per figure and round.")
@click.option("--connections", default=32, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures there, and a table beside it.")
def scaling(*, rows: int, rounds: int, seconds: int, connections: int, file: Path | None) -> None:
    """Measure the cost of PgBouncer, the gain by a replica, and the size of rows."""
    stop_on_signals()
    if shutil.which("wrk") is None:
        raise click.ClickException("wrk is needed: apt-get install wrk.")
    try:
        about: dict[str, Any] = {"date": now(), **machine(), "scores": rows, "rounds": rounds, "seconds": seconds}
        with data_directory() as directory, cluster.running(directory) as postgresql:
            setup = Setup(postgresql, secrets.token_hex(32), directory)
            data = filled(setup, rows)
            postgresql.vacuum_and_checkpoint(cluster.DATABASE)
            with postgresql.connect(cluster.DATABASE) as connection:
                about["sizes"] = [list(row) for row in connection.execute(SIZES)]
            with pgbouncer(postgresql, directory) as pooled, replica(postgresql, directory) as copy:
                runner = Runner(setup, data, seconds, connections)
                chosen = [one for one in OPERATIONS if one.name in MEASURED]
                reads = [one for one in chosen if one.name != WRITE]
                *others, replicated = _implementations(postgresql.url(cluster.DATABASE), pooled, copy)
                # No writes with the replica: the check reads them without a token, perhaps before they are replicated.
                with runner.measurements(others, chosen) as some, runner.measurements([replicated], reads) as more:
                    measurements = some + more
                    for number, measurement in interleaved(measurements, rounds):
                        name = measurement.running.implementation.name
                        click.echo(f"round {number + 1} of {rounds}: {measurement.operation.name}, {name}", err=True)
                        runner.run_round(measurement)
                    about["figures"] = [measurement.as_json() for measurement in measurements]
                    table = _as_markdown(about, measurements)
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from None
    click.echo(table)
    if file:
        file.write_text(json.dumps(about, indent=2) + "\n")
        file.with_suffix(".md").write_text(table)


def _implementations(direct: str, pooled: str, copy: str) -> list[Implementation]:
    through = {"DATABASE_URL": pooled, "DATABASE_SESSION_URL": direct, "DATABASE_PREPARES": "false"}
    return [
        _implementation(DIRECT, "at PostgreSQL itself"),
        _implementation("unprepared", "at PostgreSQL itself, nothing prepared", DATABASE_PREPARES="false"),
        _implementation(POOLED, "through PgBouncer, nothing prepared", **through),
        _implementation(REPLICATED, "reads without a token from a replica", DATABASE_REPLICA_URL=copy),
    ]


def _as_markdown(about: dict[str, Any], measurements: Sequence[Measurement]) -> str:
    """Return the tables: requests/s with their ratio to those without PgBouncer, and bytes per row."""
    by_name = {(one.operation.name, one.running.implementation.name): one for one in measurements}
    titles = {one.running.implementation.name: one.running.implementation.title for one in measurements}
    lines = [
        f"{about['date']}, {about['cores']} cores, {about['scores']:,} scores, {about['rounds']} rounds; requests/s,",
        f"and what they are of the first row's. {_others(measurements):.0%} of the machine was busy with other work.",
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


def _others(measurements: Sequence[Measurement]) -> float:
    rounds = [one for measurement in measurements for one in measurement.rounds if "void" not in one]
    return statistics.median(float(one["others"]) for one in rounds)


def _cell(measurement: Measurement | None, direct: Measurement) -> str:
    if measurement is None:
        return ""
    pairs = [
        (mine["per_s"], theirs["per_s"])
        for mine, theirs in zip(measurement.rounds, direct.rounds, strict=True)
        if "void" not in mine and "void" not in theirs
    ]
    if not pairs:
        return "void"
    rate = statistics.median(mine for mine, _ in pairs)
    return f"{rate:,.0f} ({statistics.median(mine / theirs for mine, theirs in pairs):.2f})"


if __name__ == "__main__":
    scaling()
