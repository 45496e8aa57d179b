"""A run: all contestants are started and checked, and then measured in turns, in another order each round."""

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
from bench.requests.contestants import Contestant, Running, Setup, started
from bench.requests.correct import checker
from bench.requests.data import EXERCISES
from bench.requests.operations import Data, Operation
from bench.requests.tools import PEERS

WARM_UP_SECONDS = 1
Round = dict[str, Any]  # figures, or {"void": why}


@dataclass(slots=True)
class Entry:
    """A contestant in an operation, and what was found in each round."""

    operation: Operation
    running: Running
    least_bytes: int = 0
    rounds: list[Round] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what is written to the results."""
        return {
            "operation": self.operation.name,
            "contestant": self.running.contestant.name,
            "rounds": self.rounds,
        }


class Contest:
    """All entries, and how one of them is measured."""

    def __init__(self, setup: Setup, data: Data, seconds: int, connections: int) -> None:
        self._setup = setup
        self._cluster = setup.cluster
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
                running = stack.enter_context(started(contestant, self._setup))
                own = [Entry(operation, running) for operation in wanted if operation.name in contestant.operations]
                if contestant.start:
                    self._check(running, own)
                found += own
            stack.callback(end_undisturbed)  # runs before the contestants are stopped
            yield found

    def _check(self, running: Running, entries: Sequence[Entry]) -> None:
        contestant = running.contestant
        with (
            self._cluster.connect(contestant.database) as connection,
            checker(running, connection, self._data) as checks,
        ):
            for entry in entries:
                name = entry.operation.name
                try:
                    checks.check(name)
                except (Wrong, LookupError, TypeError, ValueError, urllib3.exceptions.HTTPError) as error:
                    raise Wrong(f"{contestant.title}, {name}: {error!r}") from None
                entry.least_bytes = checks.sizes[name]
                requests = entry.operation.draw(self._data, contestant.after)
                operations.write_file(requests, self._requests(entry))

    def measure(self, entry: Entry) -> None:
        """Measure an entry once more."""
        with suppress(load.Void):  # a slow contestant may respond to no request in the first second
            self._load(entry, WARM_UP_SECONDS)
        self._cluster.wait_until_idle()
        try:
            entry.rounds.append(self._measured(entry))
        except load.Void as error:
            click.echo(f"void: {entry.running.contestant.title}, {entry.operation.name}: {error}", err=True)
            entry.rounds.append({"void": str(error)})
        self._cluster.wait_until_idle()
        if entry.operation.name == operations.WRITE:
            self._cluster.tidy(entry.running.contestant.database)

    def _measured(self, entry: Entry) -> Round:
        database = entry.running.contestant.database
        last = self._cluster.last_change(database)
        figures = load.measured(lambda: self._load(entry, self._seconds), entry.running.pids, self._cluster)
        if entry.operation.name == operations.WRITE:
            load.check_changes(figures["requests"], self._cluster.changes_since(database, last))
        return figures

    def _load(self, entry: Entry, seconds: int) -> dict[str, float]:
        contestant = entry.running.contestant
        if contestant.start is None:
            step = self._data.learners[0]["id"]
            values = {
                "rows": self._data.rows,
                "learners": len(self._data.learners),
                "step": step,
                "exercises": EXERCISES,
            }
            script = PEERS / "pgbench" / contestant.script.format(entry.operation.name)
            return load.by_pgbench(self._cluster, script, values, seconds, self._setup.directory)
        requests = self._requests(entry)
        return load.by_wrk(entry.running.url, requests, seconds, self._connections, entry.least_bytes)

    def _requests(self, entry: Entry) -> Path:
        return self._setup.directory / f"{entry.running.contestant.name}-{entry.operation.name}.requests"


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
