"""Runs the measurements: starts and checks all implementations, and measures them in another order each round."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import urllib3

from bench.common.measure import BenchmarkError
from bench.common.processes import ignore_signals
from bench.requests import load, operations
from bench.requests.correct import checker
from bench.requests.data import EXERCISES
from bench.requests.implementations import Implementation, Running, Setup, started
from bench.requests.operations import Data, Operation
from bench.requests.tools import PEERS

WARM_UP_SECONDS = 1
Round = dict[str, Any]  # figures, or {"void": why}


@dataclass(slots=True)
class Measurement:
    """The measurement of an operation of an implementation, with the result of each round."""

    operation: Operation
    running: Running
    least_bytes: int = 0
    rounds: list[Round] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return its name for messages."""
        return f"{self.operation.name}, {self.running.implementation.title}"

    def as_json(self) -> dict[str, Any]:
        """Return the measurement in the form of the results file."""
        return {
            "operation": self.operation.name,
            "implementation": self.running.implementation.name,
            "rounds": self.rounds,
        }


class Runner:
    """Runs the measurements."""

    def __init__(self, setup: Setup, data: Data, seconds: int, connections: int) -> None:
        self._setup = setup
        self._cluster = setup.cluster
        self._data = data
        self._seconds = seconds
        self._connections = connections

    @contextmanager
    def measurements(
        self, implementations: Sequence[Implementation], chosen: Sequence[Operation]
    ) -> Iterator[list[Measurement]]:
        """Start and check all implementations, which run during the block. Raises `BenchmarkError`."""
        with ExitStack() as stack:
            found = []
            for implementation in implementations:
                click.echo(f"starting and checking {implementation.title}", err=True)
                running = stack.enter_context(started(implementation, self._setup))
                supported = [one for one in chosen if one.name in implementation.operations]
                own = [Measurement(operation, running) for operation in supported]
                if implementation.start:
                    self._check(running, own)
                found += own
            stack.callback(ignore_signals)  # before the implementations are stopped
            yield found

    def _check(self, running: Running, measurements: Sequence[Measurement]) -> None:
        implementation = running.implementation
        with (
            self._cluster.connect(implementation.database) as connection,
            checker(running, connection, self._data) as checks,
        ):
            for measurement in measurements:
                name = measurement.operation.name
                try:
                    checks.check(name)
                except (BenchmarkError, LookupError, TypeError, ValueError, urllib3.exceptions.HTTPError) as error:
                    raise BenchmarkError(f"{implementation.title}, {name}: {error!r}") from None
                measurement.least_bytes = checks.sizes[name]
                requests = measurement.operation.draw(self._data, implementation.after)
                operations.write_file(requests, self._requests(measurement))

    def run_round(self, measurement: Measurement) -> None:
        """Measure one round."""
        with suppress(load.Void):  # a slow implementation may send no response in the first second
            self._load(measurement, WARM_UP_SECONDS)
        self._cluster.wait_until_idle()
        try:
            measurement.rounds.append(self._measured(measurement))
        except load.Void as error:
            click.echo(f"void: {measurement.title}: {error}", err=True)
            measurement.rounds.append({"void": str(error)})
        self._cluster.wait_until_idle()
        if measurement.operation.name == operations.WRITE:
            self._cluster.vacuum_and_checkpoint(measurement.running.implementation.database)

    def _measured(self, measurement: Measurement) -> Round:
        database = measurement.running.implementation.database
        last = self._cluster.last_change(database)
        figures = load.measured(lambda: self._load(measurement, self._seconds), measurement.running.pids, self._cluster)
        if measurement.operation.name == operations.WRITE:
            load.check_changes(figures["requests"], self._cluster.changes_since(database, last))
        return figures

    def _load(self, measurement: Measurement, seconds: int) -> dict[str, float]:
        implementation = measurement.running.implementation
        if implementation.start is None:
            step = self._data.learners[0]["id"]
            values = {
                "rows": self._data.rows,
                "learners": len(self._data.learners),
                "step": step,
                "exercises": EXERCISES,
            }
            script = PEERS / "pgbench" / implementation.script.format(measurement.operation.name)
            return load.by_pgbench(self._cluster, script, values, seconds, self._setup.directory)
        requests = self._requests(measurement)
        return load.by_wrk(measurement.running.url, requests, seconds, self._connections, measurement.least_bytes)

    def _requests(self, measurement: Measurement) -> Path:
        name = f"{measurement.running.implementation.name}-{measurement.operation.name}.requests"
        return self._setup.directory / name


def interleaved(measurements: Sequence[Measurement], rounds: int) -> Iterator[tuple[int, Measurement]]:
    """Yield each measurement once a round, operation by operation. Each round starts with another implementation."""
    by_operation: dict[str, list[Measurement]] = {}
    for measurement in measurements:
        by_operation.setdefault(measurement.operation.name, []).append(measurement)
    for number in range(rounds):
        for group in by_operation.values():
            first = number * len(group) // rounds
            for measurement in group[first:] + group[:first]:
                yield number, measurement


def now() -> str:
    """Return the time, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
