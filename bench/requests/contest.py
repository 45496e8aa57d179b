"""The contest itself: everybody is started and checked, and then measured in turns, in another order each round."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import urllib3

from bench.common.measure import Wrong
from bench.common.processes import end_undisturbed
from bench.requests import load, operations
from bench.requests.cluster import Cluster
from bench.requests.contestants import PGBENCH, Contestant, Place, Running, started
from bench.requests.correct import checker
from bench.requests.data import EXERCISES
from bench.requests.operations import Data, Operation

WARM_UP_SECONDS = 1
Round = dict[str, Any]  # figures, or {"void": why}


@dataclass(slots=True)
class Entry:
    """A contestant in an operation, and what was found in each round; `absent` where the contestant lacks it."""

    operation: Operation
    running: Running
    least_bytes: int = 0
    absent: bool = False
    rounds: list[Round] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what is written to the results."""
        return {
            "operation": self.operation.name,
            "contestant": self.running.contestant.name,
            "absent": self.absent,
            "rounds": self.rounds,
        }


class Contest:
    """All entries, and how one of them is measured."""

    def __init__(self, cluster: Cluster, place: Place, data: Data, seconds: int, connections: int) -> None:
        self._cluster = cluster
        self._place = place
        self._data = data
        self._seconds = seconds
        self._connections = connections

    @contextmanager
    def entries(self, contestants: Sequence[Contestant], wanted: Sequence[Operation]) -> Iterator[list[Entry]]:
        """Start and check all contestants; they run as long as the block. Raises `Wrong` for a wrong answer."""
        with ExitStack() as stack:
            found = []
            for contestant in contestants:
                click.echo(f"starting and checking {contestant.title}", err=True)
                running = stack.enter_context(started(contestant, self._place))
                mine = [Entry(operation, running) for operation in wanted]
                if contestant.start:
                    self._check(running, mine)
                found += mine
            stack.callback(end_undisturbed)  # what is called back first when the block ends
            yield found

    def _check(self, running: Running, entries: Sequence[Entry]) -> None:
        with self._cluster.connect() as connection, checker(running, connection, self._data) as checks:
            for entry in entries:
                name = entry.operation.name
                if name == operations.LEADERBOARD and not checks.has_leaderboard():
                    entry.absent = True
                    click.echo(f"{running.contestant.title} has no {entry.operation.title}: left out", err=True)
                    continue
                try:
                    checks.check(name)
                except (Wrong, LookupError, TypeError, ValueError, urllib3.exceptions.HTTPError) as error:
                    raise Wrong(f"{running.contestant.title}, {name}: {error!r}") from None
                entry.least_bytes = checks.sizes[name]
                requests = entry.operation.draw(self._data, running.contestant)
                operations.write_file(requests, self._requests(entry))

    def measure(self, entry: Entry) -> None:
        """Measure an entry once more."""
        if entry.absent:
            return
        with suppress(load.Void):  # whoever is too slow for one answer a second may yet give some
            self._load(entry, WARM_UP_SECONDS)
        self._cluster.wait_until_idle()
        try:
            entry.rounds.append(self._measured(entry))
        except load.Void as error:
            click.echo(f"void: {entry.running.contestant.title}, {entry.operation.name}: {error}", err=True)
            entry.rounds.append({"void": str(error)})
        self._cluster.wait_until_idle()
        if entry.operation.name == operations.WRITE:
            self._cluster.tidy()

    def _measured(self, entry: Entry) -> Round:
        last = self._cluster.last_change()
        figures = load.measured(lambda: self._load(entry, self._seconds), entry.running.pids, self._cluster)
        if entry.operation.name == operations.WRITE:
            load.check_changes(figures["requests"], self._cluster.changes_since(last))
        return figures

    def _load(self, entry: Entry, seconds: int) -> dict[str, float]:
        if entry.running.contestant.name == PGBENCH:
            step = self._data.learners[0]["id"]
            values = {
                "rows": self._data.rows,
                "learners": len(self._data.learners),
                "step": step,
                "exercises": EXERCISES,
            }
            return load.by_pgbench(self._cluster, entry.operation.name, values, seconds, self._place.directory)
        requests = self._requests(entry)
        return load.by_wrk(entry.running.url, requests, seconds, self._connections, entry.least_bytes)

    def _requests(self, entry: Entry) -> Path:
        return self._place.directory / f"{entry.running.contestant.name}-{entry.operation.name}.requests"


def in_turns(entries: Sequence[Entry], rounds: int) -> Iterator[tuple[int, Entry]]:
    """Yield each entry once a round: operation by operation, and in each round another contestant begins."""
    by_operation: dict[str, list[Entry]] = {}
    for entry in entries:
        by_operation.setdefault(entry.operation.name, []).append(entry)
    for number in range(rounds):
        for group in by_operation.values():
            first = number * len(group) // rounds
            for entry in group[first:] + group[:first]:
                yield number, entry


def now() -> str:
    """Return the time, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
