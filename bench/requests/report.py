"""The figures of all rounds as tables, beside what is to be reached."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.common.measure import Figures, summary

OURS = "ours"
HOT = ("R1", "R2", "L1", "W1")
# Figure, column, decimals
COLUMNS = (
    ("per_s", "requests/s", 0),
    ("p50_ms", "p50 ms", 1),
    ("p99_ms", "p99 ms", 1),
    ("server_us", "CPU µs: server", 0),
    ("database_us", "database", 0),
)
RATES = {"fastify": 1.1, "fastapi": 1.5, "spec": 5.0}  # times theirs, at least


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio of ours to a peer's in the same round, to be reached at the median over the rounds."""

    operation: str
    peer: str
    figure: str
    limit: float

    def is_met(self, value: float) -> bool:
        """Whether it is reached: the more requests the better, and the less time."""
        return value >= self.limit if self.figure == "per_s" else value <= self.limit


TARGETS = [
    Target(operation, peer, figure, limit)
    for operation in HOT
    for peer, least in RATES.items()
    for figure, limit in (("per_s", least), ("p99_ms", 1.0))
]


def complete(about: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the whole report, as it is written to a file: what was found, and what follows from it."""
    rows = [{**row, **_summed(row["rounds"])} for row in figures]
    by_name = {(row["operation"], row["contestant"]): row for row in rows}
    for row in rows:
        ours = by_name.get((row["operation"], OURS))
        if ours and ours is not row:
            row["ratio"] = ratio(ours["rounds"], row["rounds"], "per_s")
    return {**about, "targets": list(_targets(by_name)), "figures": rows}


def _summed(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    good: list[Figures] = [one for one in rounds if "void" not in one]
    return {"void": len(rounds) - len(good), "summary": summary(good) if good else {}}


def ratio(ours: Sequence[Figures], theirs: Sequence[Figures], figure: str) -> dict[str, float] | None:
    """Return ours divided by theirs, round by round: median, least and greatest over those that are good in both."""
    rounds = zip(ours, theirs, strict=False)  # none of whoever does not have the operation
    pairs = [(one, other) for one, other in rounds if "void" not in one and "void" not in other]
    if not pairs:
        return None
    return summary([{figure: one[figure] / other[figure]} for one, other in pairs])[figure]


def _targets(rows: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for target in TARGETS:
        ours, theirs = rows.get((target.operation, OURS)), rows.get((target.operation, target.peer))
        if not ours or not theirs or ours["absent"] or theirs["absent"]:
            continue
        value = ratio(ours["rounds"], theirs["rounds"], target.figure)
        found: dict[str, Any] = {
            "operation": target.operation,
            "peer": target.peer,
            "figure": target.figure,
            "limit": target.limit,
            "is_met": value is not None and target.is_met(value["median"]),
            "ratio": value,
        }
        if value and not found["is_met"] and target.figure == "per_s":
            found["it would take"] = _it_would_take(ours["rounds"], value["median"] / target.limit)
        yield found


def _it_would_take(rounds: Sequence[Figures], reached: float) -> str:
    """Say how much less CPU time a request may take. All share the cores, so the rate follows from what each costs."""
    good = [one for one in rounds if "void" not in one]
    server, database = (statistics.median(one[name] for one in good) for name in ("server_us", "database_us"))
    allowed = (server + database) * reached - database
    if allowed <= 0:
        return f"more than the server's {server:.0f} µs: the database's {database:.0f} µs too"
    return f"server CPU {server:.0f} → {allowed:.0f} µs a request"


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return the report as tables."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    titles = {one["name"]: one["title"] for one in report["contestants"]}
    settings = report["settings"]
    yield "# Requests: ours and its peers\n"
    yield "Medians over the rounds, with the least and the greatest. Trust ratios within a run only.\n"
    yield (
        f"- {report['date']}; {report['cores']} cores, {report.get('cpu', 'unknown')}, "
        f"{report.get('memory', 'unknown')}, kernel {report['kernel']}; load before: {report['load before']}"
    )
    yield (
        f"- {settings['scores']:,} scores, {settings['learners']:,} learners; rounds: {settings['rounds']} of "
        f"{settings['seconds']} s; {settings['connections']} connections; load generator, servers and database share it"
    )
    yield f"- PostgreSQL {report['versions']['postgresql']}: {_pairs(settings['postgresql'])}"
    yield f"- wrk {report['versions']['wrk']}, Node {report['versions']['node']}, Python {report['python']}"
    for one in report["contestants"]:
        if one["versions"]:
            yield f"- {one['title']}: {_pairs(one['versions'], ' ')}"
    if others := [one["others"] for row in report["figures"] for one in row["rounds"] if "others" in one]:
        yield (
            f"- somebody else's work took {statistics.median(others):.0%} of the machine meanwhile "
            f"({min(others):.0%} to {max(others):.0%})"
        )
    if settings["ours"]:
        yield f"- settings of ours that are not the defaults: {_pairs(settings['ours'])}"
    yield from _target_lines(report["targets"], titles)
    for name, title in report["operations"].items():
        yield from _operation_lines(name, title, [row for row in report["figures"] if row["operation"] == name], titles)


def _target_lines(targets: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Iterator[str]:
    if not targets:
        return
    missed = sum(not target["is_met"] for target in targets)
    yield f"\n## To reach: {len(targets) - missed} of {len(targets)}\n"
    yield "| ours / a peer's, same round | limit | measured | | it would take |\n|---|---|---|---|---|"
    for target in targets:
        what, sign = ("requests/s", "≥") if target["figure"] == "per_s" else ("p99", "≤")
        verdict = "reached" if target["is_met"] else "**missed**"
        measured = _spread(target["ratio"], 2) if target["ratio"] else "no good round"
        yield (
            f"| {target['operation']} {what} / {titles[target['peer']]} | {sign} {target['limit']:g} | {measured} "
            f"| {verdict} | {target.get('it would take', '')} |"
        )


def _operation_lines(
    name: str, title: str, rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str]
) -> Iterator[str]:
    yield f"\n## {name}: {title}\n"
    yield "| | " + " | ".join(column for _, column, _ in COLUMNS) + " | ours / it | void rounds |"
    yield "|---" * (len(COLUMNS) + 3) + "|"
    for row in rows:
        if row["absent"]:
            yield f"| {titles[row['contestant']]} | does not have it" + " |" * (len(COLUMNS) + 2)
            continue
        cells = [_spread(row["summary"][key], places) if key in row["summary"] else "" for key, _, places in COLUMNS]
        times = _spread(row["ratio"], 2) if row.get("ratio") else ""
        void = str(row["void"]) if row["void"] else ""
        yield f"| {titles[row['contestant']]} | " + " | ".join([*cells, times, void]) + " |"
    for row in rows:
        for number, one in enumerate(row["rounds"], 1):
            if "void" in one:
                yield f"\nVoid: {titles[row['contestant']]}, round {number}: {one['void']}"


def _pairs(values: Mapping[str, Any], between: str = "=") -> str:
    return ", ".join(f"{name}{between}{value}" for name, value in values.items())


def _spread(figure: Mapping[str, float], places: int) -> str:
    return f"{figure['median']:,.{places}f} ({figure['least']:,.{places}f} to {figure['greatest']:,.{places}f})"
