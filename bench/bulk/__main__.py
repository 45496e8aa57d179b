"""`script/bench bulk`: rows/s of loads and exports through HTTP and with psql, alternately on the same tables."""

import http.client
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from bench.bulk.database import Database
from bench.common.machine import machine
from bench.common.measure import BenchmarkError, Figures, summary
from bench.common.processes import HOST, stop_on_signals
from bench.grading import service

EXERCISES = 50  # a user's scores
BLOCK = 65_536
OK = 200
QUICK_ROWS = 5_000
LEAST_RATIO, LEAST_RATE = 0.4, 30_000
METHODS = ("ndjson", "csv", "psql")
MEDIA_TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv"}
Rates = Mapping[tuple[str, str], list[Figures]]


class Runner:
    """Runs loads and exports on one server, and checks its database."""

    def __init__(self, running: service.Service, directory: Path, rows: int) -> None:
        self._port, self._directory, self._rows = running.port, directory, rows
        self._database = Database(running)
        self._token = self._database.admin_token()
        self._users = 0

    def load(self, method: str) -> dict[str, float]:
        """Insert scores of new users, change all of them, and load them once more; return rows/s of each."""
        first = self._users + 1
        self._users += self._rows // EXERCISES
        found = {}
        for what, correct in (("insert", True), ("update", False), ("unchanged", False)):
            if what == "unchanged" and method == "psql":
                continue  # psql's upsert writes unchanged rows, too
            file = self._write(method, first, correct=correct)
            found[what] = self._timed(lambda file=file: self._load(method, file))  # type: ignore[misc]
            file.unlink()
            if self._database.count(first, self._users, correct=correct) != self._rows:
                raise BenchmarkError(f"{method}, {what}: the tables do not have what was loaded")
            self._database.vacuum()
        return found

    def export(self, method: str) -> float:
        """Export everything; return rows/s."""
        with closing(http.client.HTTPConnection(HOST, self._port)) as connection:
            began = time.perf_counter()
            connection.request(
                "GET", f"/scores/export?format={method}", headers={"Authorization": f"Bearer {self._token}"}
            )
            response = connection.getresponse()
            lines = 0
            while block := response.read(BLOCK):
                lines += block.count(b"\n")
        if response.status != OK or lines < self._users * EXERCISES:
            raise BenchmarkError(f"an export returned {response.status} and {lines} lines")
        return lines / (time.perf_counter() - began)

    def _timed(self, load: Callable[[], None]) -> float:
        began = time.perf_counter()
        load()
        return self._rows / (time.perf_counter() - began)

    def _load(self, method: str, file: Path) -> None:
        if method == "psql":
            self._database.copy(file)
            return
        with closing(http.client.HTTPConnection(HOST, self._port)) as connection, file.open("rb") as body:
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": MEDIA_TYPES[method]}
            connection.request("POST", "/scores/bulk", body, headers | {"Content-Length": str(file.stat().st_size)})
            response = connection.getresponse()
            found = json.loads(response.read())
        if response.status != OK or found["data"]["lines"] != self._rows or found["data"]["failed"]:
            raise BenchmarkError(f"{method}: {response.status} {found['message']}")

    def _write(self, method: str, first: int, *, correct: bool) -> Path:
        file = self._directory / f"scores.{method}"
        word = str(correct).lower()
        line = '{{"user_id": {0}, "exercise_id": {1}, "correct": {2}}}\n' if method == "ndjson" else "{0},{1},{2}\n"
        with file.open("w") as output:
            if method != "ndjson":
                output.write("user_id,exercise_id,correct\n")
            for user in range(first, first + self._rows // EXERCISES):
                output.writelines(line.format(user, exercise, word) for exercise in range(1, EXERCISES + 1))
        return file


@click.command("bulk")
@click.option("--rows", default=200_000, show_default=True, type=click.IntRange(EXERCISES), help="Of each load.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--quick", is_flag=True, help="One small round, only to test that it works.")
@click.option(
    "--json", "path", type=click.Path(path_type=Path), help="Write the figures there, and the table beside it."
)
def bulk(rows: int, rounds: int, *, quick: bool, path: Path | None) -> None:
    """Load and export scores through HTTP and with psql, and print rows/s."""
    rows, rounds = (QUICK_ROWS, 1) if quick else (rows // EXERCISES * EXERCISES, rounds)
    stop_on_signals()
    about: dict[str, Any] = {**machine(), "rows of a load": rows, "rounds": rounds}
    rates: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    with service.running() as running, tempfile.TemporaryDirectory() as directory:
        runner = Runner(running, Path(directory), rows)
        for number in range(rounds):
            # The tables grow, so each round starts with another method.
            for method in (*METHODS[number % len(METHODS) :], *METHODS[: number % len(METHODS)]):
                click.echo(f"round {number + 1} of {rounds}: {method}", err=True)
                for what, rate in runner.load(method).items():
                    rates[what, method].append({"rows/s": rate})
            for method in MEDIA_TYPES:
                rates["export", method].append({"rows/s": runner.export(method)})
    table = _table(rates)
    click.echo(table)
    if path:
        figures = {f"{what} {method}": summary(found)["rows/s"] for (what, method), found in rates.items()}
        path.write_text(json.dumps({"machine": about, "rows/s": figures}, indent=2) + "\n")
        about_rows = "\n".join(f"- {name}: {value}" for name, value in about.items())
        path.with_suffix(".md").write_text(f"{table}\n\n{about_rows}\n")


def _table(rates: Rates) -> str:
    """Return the medians, the least and greatest, and the ratio to psql of the same round."""
    lines = ["| what | by | rows/s | least | greatest | of psql's |", "|---|---|---|---|---|---|"]
    for (what, method), found in sorted(rates.items()):
        rate = summary(found)["rows/s"]
        ratio = ""
        if method != "psql" and (others := rates.get((what, "psql"))):
            pairs = [{"x": mine["rows/s"] / other["rows/s"]} for mine, other in zip(found, others, strict=True)]
            ratio = f"{summary(pairs)['x']['median']:.2f}"
        figures = (f"{rate[name]:,.0f}" for name in ("median", "least", "greatest"))
        lines.append(f"| {what} | {method} | {' | '.join(figures)} | {ratio} |")
    target = f"To be reached: {LEAST_RATE:,} rows/s, and {LEAST_RATIO} of psql's in the same round."
    return "\n".join([*lines, "", target])


if __name__ == "__main__":
    bulk()
