"""`script/bench front`: honest requests alone, and beside crowds of clients that stall, do nothing or never read."""

import http.client
import json
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bench.bulk.database import Database
from bench.common.machine import machine
from bench.common.measure import Figures, Wrong, repeat
from bench.common.processes import HOST, end_orderly
from bench.front.crowds import BODY, CROWDS, Place, crowd
from bench.grading import service
from project.config import ROOT

LEARNERS = 510  # two streams of events each, and some that only write
THREADS = 4  # that send honest requests
DESCRIPTORS = 8192
QUICK_ROWS, QUICK_SECONDS, QUICK_SHARE = 20_000, 1.0, 0.1
MOST_RATIO, MOST_P99_MS = 2.0, 250.0
ADD_SCORES = (
    "INSERT INTO scores (user_id, exercise_id, correct) SELECT n / 50, n % 50, true FROM generate_series(1, {}) n"
)


class Honest:
    """Sends requests in turn, each thread over a connection of its own: two hot routes, and one of Flask's."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._local = threading.local()

    def kinds(self) -> dict[str, Callable[[], None]]:
        """Return what can be measured."""
        own = {"Authorization": f"Bearer {self._place.admin}"}  # whose calls are not counted
        write = own | {"Content-Type": "application/json"}
        return {
            "GET /scores/ID": lambda: self._send("GET", "/scores/1"),
            "PATCH /scores": lambda: self._send("PATCH", "/scores", BODY, write),
            "GET /ping": lambda: self._send("GET", "/ping", None, own),
        }

    def _send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection(HOST, self._place.port, timeout=60)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        if answer.status not in {200, 201}:
            raise Wrong(f"{method} {path}: {answer.status}")


@click.command("front")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(1000), help="Of the export.")
@click.option("--seconds", default=5.0, show_default=True, type=click.FloatRange(0.1, 60), help="Per figure.")
@click.option("--quick", is_flag=True, help="A tenth of the clients, for a second: whether it works, and no more.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="Write the figures there.")
def front(rows: int, seconds: float, *, quick: bool, path: Path | None) -> None:
    """Print the 99th percentile of honest requests, alone and beside each crowd."""
    rows, seconds, share = (QUICK_ROWS, QUICK_SECONDS, QUICK_SHARE) if quick else (rows, seconds, 1.0)
    end_orderly()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, DESCRIPTORS), hard))
    found: list[dict[str, Any]] = []
    with service.running() as running:
        database = Database(running)
        database.run(ADD_SCORES.format(rows))
        place = Place(running.port, _tokens(running, LEARNERS), database.admin_token())
        for name in CROWDS:
            click.echo(name, err=True)
            alone = _measure(place, seconds)
            with crowd(name, place, share) as count:
                beside = _measure(place, seconds)
            found += [_row(f"{count:,} {name}", kind, alone[kind], beside[kind]) for kind in alone]
    click.echo(_table(found))
    if path:
        path.write_text(json.dumps({"machine": {**machine(), "rows": rows}, "figures": found}, indent=2) + "\n")


def _tokens(running: service.Service, count: int) -> list[str]:
    command = [sys.executable, "-m", "bench.front.accounts", str(count)]
    made = subprocess.run(command, cwd=ROOT, env=running.environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
    tokens: list[str] = json.loads(made.stdout)
    return tokens


def _measure(place: Place, seconds: float) -> dict[str, Figures]:
    return {kind: repeat(send, seconds, THREADS) for kind, send in Honest(place).kinds().items()}


def _row(name: str, kind: str, alone: Figures, beside: Figures) -> dict[str, Any]:
    return {"beside": name, "request": kind, "alone_p99_ms": alone["p99_ms"], "p99_ms": beside["p99_ms"]}


def _table(rows: list[dict[str, Any]]) -> str:
    lines = ["| beside | request | p99 ms alone | p99 ms | ratio | |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = row["p99_ms"] / row["alone_p99_ms"]
        missed = "" if ratio <= MOST_RATIO and row["p99_ms"] < MOST_P99_MS else "missed"
        lines.append(
            f"| {row['beside']} | {row['request']} | {row['alone_p99_ms']:.1f} | {row['p99_ms']:.1f} | {ratio:.2f} "
            f"| {missed} |"
        )
    return "\n".join(
        [*lines, "", f"To be reached: at most {MOST_RATIO:g} times as long, and below {MOST_P99_MS:g} ms."]
    )


if __name__ == "__main__":
    front()
