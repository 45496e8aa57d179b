"""The figures of all rounds as tables, with the targets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.common.measure import Figures, summary
from bench.grading import judging, submissions, yardsticks

# Column, figure, decimals
COLUMNS = (
    ("p50 ms", "p50_ms", 1),
    ("p95 ms", "p95_ms", 1),
    ("p99 ms", "p99_ms", 1),
    ("per second", "per_s", 0),
    ("CPU ms each", "cpu_ms", 1),
    ("% with status 202", "later", 0),
)
PARTS = (yardsticks.PART, judging.SANDBOX, judging.KINDS, submissions.PART)
Rounds = Mapping[tuple[str, str], Sequence[Figures]]  # by part and name


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for the median over the rounds."""

    what: str
    part: str
    name: str
    figure: str
    limit: float
    at_most: bool
    over: str = ""  # the yardstick whose figure in the same round is the divisor

    def value(self, rounds: Rounds) -> dict[str, float] | None:
        """Return the median, the least and the greatest; None if it was not measured."""
        mine = rounds.get((self.part, self.name))
        if self.over:
            others = rounds.get((yardsticks.PART, self.over))
            pairs = zip(mine or (), others or (), strict=False)
            mine = [{self.figure: one[self.figure] / other[self.figure]} for one, other in pairs]
        return summary(mine)[self.figure] if mine else None

    def is_met(self, value: float) -> bool:
        """Whether the target is met."""
        return value <= self.limit if self.at_most else value >= self.limit


TARGETS = (
    Target(
        what="a fresh sandbox on demand, p50 / `python3 -c pass`, p50",
        part=judging.SANDBOX,
        name=judging.ON_DEMAND,
        figure="p50_ms",
        limit=0.7,
        at_most=True,
        over=yardsticks.MACHINES,
    ),
    Target(
        what="a fresh sandbox from the warm pool, p50 / `python3 -c pass`, p50",
        part=judging.SANDBOX,
        name=judging.WARM,
        figure="p50_ms",
        limit=0.7,
        at_most=True,
        over=yardsticks.MACHINES,
    ),
    Target(
        what="fresh sandboxes per second",
        part=judging.SANDBOX,
        name=f"{judging.WARM}{judging.ALL_CORES}",
        figure="per_s",
        limit=300,
        at_most=False,
    ),
    Target(
        what="submissions per second",
        part=submissions.PART,
        name=submissions.CLOSED,
        figure="per_s",
        limit=120,
        at_most=False,
    ),
    Target(
        what="p99 of submissions at half of that load, ms",
        part=submissions.PART,
        name=submissions.OPEN,
        figure="p99_ms",
        limit=60,
        at_most=True,
    ),
)


def as_json(rounds: Rounds, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report in the form of its file."""
    return {
        "machine": dict(about),
        "targets": [
            {"what": target.what, "limit": target.limit, "is_met": target.is_met(value["median"]), **value}
            for target in TARGETS
            if (value := target.value(rounds))
        ],
        "figures": [
            {"part": part, "name": name, "rounds": len(figures), "figures": summary(figures)}
            for (part, name), figures in rounds.items()
        ],
    }


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return the report as tables."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield "# Grading: what it costs\n"
    yield "Medians over the rounds, with the least and the greatest: other work on the machine moves them.\n"
    yield ", ".join(f"{name}: {value}" for name, value in report["machine"].items())
    yield "\n| to reach | limit | measured | |\n|---|---|---|---|"
    for target in report["targets"]:
        verdict = "met" if target["is_met"] else "**missed**"
        yield f"| {target['what']} | {target['limit']:g} | {_spread(target, 2)} | {verdict} |"
    part = ""
    for row in report["figures"]:
        if row["part"] != part:
            part = row["part"]
            yield f"\n| {part} | " + " | ".join(column for column, _, _ in COLUMNS) + " |"
            yield "|---" * (len(COLUMNS) + 1) + "|"
        cells = [_spread(row["figures"][name], places) if name in row["figures"] else "" for _, name, places in COLUMNS]
        yield f"| {row['name']} | " + " | ".join(cells) + " |"


def _spread(figure: Mapping[str, float], places: int) -> str:
    return f"{figure['median']:.{places}f} ({figure['least']:.{places}f} to {figure['greatest']:.{places}f})"
