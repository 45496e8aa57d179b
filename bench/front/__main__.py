"""`script/bench front`: well-behaved clients alone, and beside crowds that stall, send nothing or never read."""

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bench.bulk.database import Database
from bench.common.machine import machine
from bench.common.measure import BenchmarkError, Figures, repeat
from bench.common.processes import HOST, stop_on_signals
from bench.front.crowds import BODY, CROWDS, Server, crowd
from bench.grading import service
from project.config import ROOT
from project.front.connection_limits import raise_descriptor_limit

LEARNERS = 510  # two streams of events each
THREADS = 4  # that send requests in turn
DESCRIPTORS, LEAST_DESCRIPTORS = 8192, 2500  # of the crowd's process, and of each server process
QUICK_ROWS, QUICK_SECONDS, QUICK_SHARE = 20_000, 0.1, 0.1
MOST_RATIO, MOST_P99_MS = 2.0, 250.0
ADD_SCORES = (
    "INSERT INTO scores (user_id, exercise_id, correct) SELECT n / 50, n % 50, true FROM generate_series(1, {}) n"
)


class WellBehaved:
    """Sends requests to two hot routes and one of Flask's, with a connection for each thread."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._local = threading.local()

    def kinds(self) -> dict[str, Callable[[], None]]:
        """Return the kinds of requests."""
        own = {"Authorization": f"Bearer {self._server.admin}"}  # without a rate limit
        write = own | {"Content-Type": "application/json"}
        return {
            "GET /scores/ID": lambda: self._send("GET", "/scores/1"),
            "PATCH /scores": lambda: self._send("PATCH", "/scores", BODY, write),
            "GET /ping": lambda: self._send("GET", "/ping", None, own),
        }

    def _send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection(HOST, self._server.port, timeout=60)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        response.read()
        if response.status not in {200, 201}:
            raise BenchmarkError(f"{method} {path}: {response.status}")


@click.command("front")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(1000), help="Of the export.")
@click.option("--seconds", default=5.0, show_default=True, type=click.FloatRange(0.1, 60), help="Per figure.")
@click.option("--quick", is_flag=True, help="A tenth of the clients, for a moment, only to test that it works.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="Write the figures there.")
def front(rows: int, seconds: float, *, quick: bool, path: Path | None) -> None:
    """Print the 99th percentile of requests from well-behaved clients, alone and beside each crowd."""
    rows, seconds, share = (QUICK_ROWS, QUICK_SECONDS, QUICK_SHARE) if quick else (rows, seconds, 1.0)
    stop_on_signals()
    if raise_descriptor_limit(DESCRIPTORS) < LEAST_DESCRIPTORS:
        raise click.ClickException(f"{LEAST_DESCRIPTORS} open files are needed: raise the hard limit (ulimit -Hn).")
    found: list[dict[str, Any]] = []
    with service.running() as running:
        Database(running).run(ADD_SCORES.format(rows))
        tokens = _tokens(running, LEARNERS)
        server = Server(running.port, tokens["learners"], tokens["admin"])
        for name in CROWDS:
            click.echo(name, err=True)
            alone = _measure(server, seconds)
            with crowd(name, server, share) as count:
                beside = _measure(server, seconds)
            found += [_row(f"{count:,} {name}", kind, alone[kind], beside[kind]) for kind in alone]
    click.echo(_table(found))
    if path:
        path.write_text(json.dumps({"machine": {**machine(), "rows": rows}, "figures": found}, indent=2) + "\n")


def _tokens(running: service.Service, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.front.accounts", str(count)]
    made = subprocess.run(command, cwd=ROOT, env=running.environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
    tokens: dict[str, Any] = json.loads(made.stdout)
    return tokens


def _measure(server: Server, seconds: float) -> dict[str, Figures]:
    return {kind: repeat(send, seconds, THREADS) for kind, send in WellBehaved(server).kinds().items()}


def _row(name: str, kind: str, alone: Figures, beside: Figures) -> dict[str, Any]:
    return {"beside": name, "request": kind, "alone_p99_ms": alone["p99_ms"], "p99_ms": beside["p99_ms"]}


def _table(rows: list[dict[str, Any]]) -> str:
    lines = ["| beside | request | p99 ms alone | p99 ms | ratio | |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = row["p99_ms"] / row["alone_p99_ms"]
        missed = "" if ratio <= MOST_RATIO and row["p99_ms"] < MOST_P99_MS else "not reached"
        lines.append(
            f"| {row['beside']} | {row['request']} | {row['alone_p99_ms']:.1f} | {row['p99_ms']:.1f} | {ratio:.2f} "
            f"| {missed} |"
        )
    return "\n".join(
        [*lines, "", f"To be reached: at most {MOST_RATIO:g} times as long, and below {MOST_P99_MS:g} ms."]
    )


if __name__ == "__main__":
    front()
