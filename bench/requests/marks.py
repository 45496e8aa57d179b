"""The marks that ours is to reach: ratios to others, in the same rounds of the same run."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.common.measure import Figures, summary
from bench.requests.contestants import BEFORE, FASTAPI, FASTIFY, FLOOR, OURS, PGBENCH, SPECIFIED
from bench.requests.operations import FLASK, HOT, LIST, OWN, READ, WRITE

RATE, P99, SERVER_CPU = "per_s", "p99_ms", "server_us"
Rows = Mapping[tuple[str, str], Mapping[str, Any]]  # by operation and contestant


@dataclass(frozen=True, slots=True)
class Mark:
    """A ratio of ours to another contestant's in the same round, to be reached at the median over the rounds."""

    operation: str
    other: str
    figure: str
    limit: float

    def is_reached(self, value: float) -> bool:
        """Whether it is reached: the more requests the better, and the less time."""
        return value >= self.limit if self.figure == RATE else value <= self.limit


MARKS = (
    *(Mark(operation, FASTIFY, RATE, 2.0) for operation in HOT),
    Mark(WRITE, BEFORE, RATE, 1.0),
    *(Mark(operation, BEFORE, P99, 0.6) for operation in (READ, OWN, LIST)),
    Mark(READ, PGBENCH, RATE, 0.40),
    Mark(OWN, PGBENCH, RATE, 0.55),
    Mark(LIST, PGBENCH, RATE, 0.36),
    Mark(FLASK, BEFORE, RATE, 1.0),
    Mark(READ, FLOOR, SERVER_CPU, 1.2),
    *(Mark(operation, FASTIFY, P99, 1.0) for operation in HOT),
    *(Mark(operation, FASTAPI, RATE, 1.5) for operation in HOT),
    *(Mark(operation, FASTAPI, P99, 1.0) for operation in HOT),
    *(Mark(operation, SPECIFIED, RATE, 5.0) for operation in HOT),
    *(Mark(operation, SPECIFIED, P99, 1.0) for operation in HOT),
)


def ratio(ours: Sequence[Figures], theirs: Sequence[Figures], figure: str) -> dict[str, float] | None:
    """Return ours divided by theirs, round by round: median, least and greatest over those that are good in both."""
    rounds = zip(ours, theirs, strict=False)
    pairs = [(one, other) for one, other in rounds if "void" not in one and "void" not in other]
    if not pairs:
        return None
    return summary([{figure: one[figure] / other[figure]} for one, other in pairs])[figure]


def compared(rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield each mark beside what was reached, as it is written to a file: `is_reached` is None if not measured."""
    for mark in MARKS:
        found: dict[str, Any] = {
            "operation": mark.operation,
            "other": mark.other,
            "figure": mark.figure,
            "limit": mark.limit,
            "is_reached": None,
            "ratio": None,
        }
        ours, theirs = rows.get((mark.operation, OURS)), rows.get((mark.operation, mark.other))
        if ours and theirs:
            value = found["ratio"] = ratio(ours["rounds"], theirs["rounds"], mark.figure)
            found["is_reached"] = value is not None and mark.is_reached(value["median"])
            if value and not found["is_reached"]:
                found["needed"] = _needed(mark, ours["rounds"], value["median"])
        yield found


def _needed(mark: Mark, rounds: Sequence[Figures], reached: float) -> str:
    """Say what a request may cost if the mark is to be reached."""
    good = [one for one in rounds if "void" not in one]

    def median(figure: str) -> float:
        return statistics.median(one[figure] for one in good)

    if mark.figure == P99:
        return f"p99 {median(P99):.1f} → {median(P99) * mark.limit / reached:.1f} ms"
    server = median(SERVER_CPU)
    if mark.figure == SERVER_CPU:
        return f"server CPU {server:.0f} → {server * mark.limit / reached:.0f} µs a request"
    # All share the cores, so the rate follows from what each costs.
    database = median("database_us")
    allowed = (server + database) * reached / mark.limit - database
    if allowed <= 0:
        return f"more than the server's {server:.0f} µs: the database's {database:.0f} µs too"
    return f"server CPU {server:.0f} → {allowed:.0f} µs a request"
