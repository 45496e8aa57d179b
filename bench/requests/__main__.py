"""`script/bench requests`: our service and its peers, in turn, on one PostgreSQL."""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bench.common.machine import machine
from bench.common.measure import BenchmarkError
from bench.common.processes import data_directory, stop_on_signals
from bench.requests import cluster, report, tools
from bench.requests.implementations import IMPLEMENTATIONS, Implementation, Setup, before, versions
from bench.requests.loading import filled
from bench.requests.operations import OPERATIONS, Data, Operation
from bench.requests.runner import Runner, interleaved, now
from project.settings.declarations import SETTINGS

RESULTS = tools.BENCH / "results" / "requests.json"
QUICK_ROWS, QUICK_SECONDS, QUICK_ROUNDS = 100_000, 1, 1


class Names(click.ParamType[list[str]]):
    """Names from a list, separated by commas."""

    name = "names"

    def __init__(self, known: Sequence[str]) -> None:
        self._known = list(known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the names in the order of the list."""
        given = value.split(",") if isinstance(value, str) else value
        unknown = [name for name in given if name not in self._known]
        if unknown:
            self.fail(f"{unknown[0]!r} is none of {', '.join(self._known)}.", param, ctx)
        return [name for name in self._known if name in given]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's
        """Return the text for --help."""
        return ",".join(self._known)


NAMES, OPERATION_NAMES = [one.name for one in IMPLEMENTATIONS], [one.name for one in OPERATIONS]


@click.command("requests")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(10_000), help="Scores to load.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--seconds", default=5, show_default=True, type=click.IntRange(1, 600), help="Per figure and round.")
@click.option("--connections", default=32, show_default=True, type=click.IntRange(1, 1000))
@click.option("--quick", is_flag=True, help="One round of one second with 100,000 scores, only to test that it works.")
@click.option("--only", default=NAMES, type=Names(NAMES), help="Only these implementations.  [default: all]")
@click.option("--except", "left_out", default=[], type=Names(NAMES), help="Without these implementations.")
@click.option(
    "--before",
    "checkout",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    help="Measure the service of this checkout, too, such as the commit before a change.",
)
@click.option("--operations", "wanted", default=OPERATION_NAMES, type=Names(OPERATION_NAMES), help="[default: all]")
@click.option(
    "--json",
    "file",
    type=click.Path(path_type=Path),
    help="Write the figures there, and the tables and a plot beside it.  [default: bench/results/requests.json when "
    "everything was measured]",
)
def requests(  # noqa: PLR0913 - options
    *,
    rows: int,
    rounds: int,
    seconds: int,
    connections: int,
    quick: bool,
    only: Sequence[str],
    left_out: Sequence[str],
    checkout: Path | None,
    wanted: Sequence[str],
    file: Path | None,
) -> None:
    """Measure our service and its peers, and print tables.

    Installs wrk from Debian, and the peers in environments of their own. Takes about twenty minutes.
    """
    if quick:
        rows, rounds, seconds = QUICK_ROWS, QUICK_ROUNDS, QUICK_SECONDS
    implementations = [one for one in IMPLEMENTATIONS if one.name in only and one.name not in left_out]
    chosen = [one for one in OPERATIONS if one.name in wanted]
    if not file and not quick and len(implementations) == len(IMPLEMENTATIONS) and len(chosen) == len(OPERATIONS):
        file = RESULTS
    if checkout:
        implementations.append(before(checkout))
    stop_on_signals()
    try:
        tools.install(one.name for one in implementations)
        about = {"date": now(), **machine()}
        with data_directory() as directory, cluster.running(directory) as postgresql:
            setup = Setup(postgresql, secrets.token_hex(32), directory)
            data = filled(setup, rows)
            postgresql.copy_for_peers((tools.PEERS / "counter.sql").read_text())
            for database in (cluster.DATABASE, cluster.PEERS_DATABASE):
                postgresql.vacuum_and_checkpoint(database)
            about["settings"] = _settings(data, rounds, seconds, connections)
            about["versions"] = {"wrk": _wrk_version(), "postgresql": postgresql.version(), "node": _node_version()}
            runner = Runner(setup, data, seconds, connections)
            figures = _run(runner, implementations, chosen, rounds)
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from None
    about["implementations"] = [
        {"name": one.name, "title": one.title, "versions": versions(one)} for one in implementations
    ]
    about["operations"] = {one.name: one.title for one in chosen}
    _publish(report.complete(about, figures), file)


def _run(
    runner: Runner, implementations: Sequence[Implementation], chosen: Sequence[Operation], rounds: int
) -> list[dict[str, Any]]:
    with runner.measurements(implementations, chosen) as measurements:
        for number, measurement in interleaved(measurements, rounds):
            click.echo(f"round {number + 1} of {rounds}: {measurement.title}", err=True)
            runner.run_round(measurement)
        return [measurement.as_json() for measurement in measurements]


def _settings(data: Data, rounds: int, seconds: int, connections: int) -> dict[str, Any]:
    changed = {setting.name: os.environ[setting.name] for setting in SETTINGS if setting.name in os.environ}
    own = {"SECRET_KEY", "SECRET_KEY_FILE", "DATABASE_URL", "DATA_DIR"}
    return {
        "scores": data.rows,
        "learners": len(data.learners),
        "rounds": rounds,
        "seconds": seconds,
        "connections": connections,
        "postgresql": cluster.SETTINGS,
        "ours": {name: value for name, value in changed.items() if name not in own},
    }


def _wrk_version() -> str:
    # It prints its version only with its usage, and exits with status 1.
    printed = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    return printed.split()[1].strip("[]") if printed else "unknown"


def _node_version() -> str:
    if not shutil.which("node"):
        return "none"
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607


def _publish(result: dict[str, Any], file: Path | None) -> None:
    tables = report.as_markdown(result)
    click.echo(tables)
    if file:
        file.write_text(json.dumps(result, indent=2) + "\n")
        file.with_suffix(".md").write_text(tables)
        python = tools.python_environment(tools.PLOT, tools.BENCH / tools.PLOT)
        plot = [python, Path(__file__).with_name("plot.py"), file, file.with_suffix(".png")]
        subprocess.run(plot, check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    requests()
