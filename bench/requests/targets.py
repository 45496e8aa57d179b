"""The targets of our service: ratios to other implementations in the same rounds of the same run."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.common.measure import Figures, summary
from bench.requests.implementations import BEFORE, FASTAPI, FASTIFY, FLOOR, OURS, PGBENCH, SPECIFIED
from bench.requests.operations import FLASK, HOT, LIST, OWN, READ, WRITE

RATE, P99, SERVER_CPU = "per_s", "p99_ms", "server_us"
Rows = Mapping[tuple[str, str], Mapping[str, Any]]  # by operation and implementation


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for the median of the ratio of our figure to another implementation's in the same round."""

    operation: str
    other: str
    figure: str
    limit: float

    def is_reached(self, value: float) -> bool:
        """Whether the target is reached. Rates have a lower limit, times an upper one."""
        return value >= self.limit if self.figure == RATE else value <= self.limit


TARGETS = (
    *(Target(operation, FASTIFY, RATE, 2.0) for operation in HOT),
    Target(WRITE, BEFORE, RATE, 1.0),
    *(Target(operation, BEFORE, P99, 0.6) for operation in (READ, OWN, LIST)),
    Target(READ, PGBENCH, RATE, 0.40),
    Target(OWN, PGBENCH, RATE, 0.55),
    Target(LIST, PGBENCH, RATE, 0.36),
    Target(FLASK, BEFORE, RATE, 1.0),
    Target(READ, FLOOR, SERVER_CPU, 1.2),
    *(Target(operation, FASTIFY, P99, 1.0) for operation in HOT),
    *(Target(operation, FASTAPI, RATE, 1.5) for operation in HOT),
    *(Target(operation, FASTAPI, P99, 1.0) for operation in HOT),
    *(Target(operation, SPECIFIED, RATE, 5.0) for operation in HOT),
    *(Target(operation, SPECIFIED, P99, 1.0) for operation in HOT),
)


def ratio(ours: Sequence[Figures], theirs: Sequence[Figures], figure: str) -> dict[str, float] | None:
    """Return the median, least and greatest of our figure divided by theirs, over the rounds that are valid in both."""
    rounds = zip(ours, theirs, strict=False)
    pairs = [(one, other) for one, other in rounds if "void" not in one and "void" not in other]
    if not pairs:
        return None
    return summary([{figure: one[figure] / other[figure]} for one, other in pairs])[figure]


def compared(rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield each target with its result, in the form of the results file: `is_reached` is None if not measured."""
    for target in TARGETS:
        found: dict[str, Any] = {
            "operation": target.operation,
            "other": target.other,
            "figure": target.figure,
            "limit": target.limit,
            "is_reached": None,
            "ratio": None,
        }
        ours, theirs = rows.get((target.operation, OURS)), rows.get((target.operation, target.other))
        if ours and theirs:
            value = found["ratio"] = ratio(ours["rounds"], theirs["rounds"], target.figure)
            found["is_reached"] = value is not None and target.is_reached(value["median"])
            if value and not found["is_reached"]:
                found["needed"] = _needed(target, ours["rounds"], value["median"])
        yield found


def _needed(target: Target, rounds: Sequence[Figures], reached: float) -> str:
    """Return what a request may cost at most to reach the target."""
    good = [one for one in rounds if "void" not in one]

    def median(figure: str) -> float:
        return statistics.median(one[figure] for one in good)

    if target.figure == P99:
        return f"p99 {median(P99):.1f} → {median(P99) * target.limit / reached:.1f} ms"
    server = median(SERVER_CPU)
    if target.figure == SERVER_CPU:
        return f"server CPU {server:.0f} → {server * target.limit / reached:.0f} µs a request"
    # All processes share the cores, so the rate follows from the CPU times.
    database = median("database_us")
    allowed = (server + database) * reached / target.limit - database
    if allowed <= 0:
        return f"more than the server's {server:.0f} µs: the database's {database:.0f} µs too"
    return f"server CPU {server:.0f} → {allowed:.0f} µs a request"
