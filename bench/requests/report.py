"""The figures of all rounds as tables, with the targets."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.common.measure import Figures, summary
from bench.requests import targets
from bench.requests.implementations import OURS, TITLES

# Figure, column, decimals
COLUMNS = (
    ("per_s", "requests/s", 0),
    ("p50_ms", "p50 ms", 1),
    ("p99_ms", "p99 ms", 1),
    ("server_us", "CPU µs: server", 0),
    ("database_us", "database", 0),
)
FIGURES = {targets.RATE: ("requests/s", "≥"), targets.P99: ("p99", "≤"), targets.SERVER_CPU: ("server CPU", "≤")}


def complete(about: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the report in the form of its file: the figures, and what is computed from them."""
    rows = [{**row, **_summed(row["rounds"])} for row in figures]
    by_name = {(row["operation"], row["implementation"]): row for row in rows}
    for row in rows:
        ours = by_name.get((row["operation"], OURS))
        if ours and ours is not row:
            row["ratio"] = targets.ratio(ours["rounds"], row["rounds"], "per_s")
    return {**about, "targets": list(targets.compared(by_name)), "figures": rows}


def _summed(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    good: list[Figures] = [one for one in rounds if "void" not in one]
    return {"void": len(rounds) - len(good), "summary": summary(good) if good else {}}


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return the report as tables."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    titles = {one["name"]: one["title"] for one in report["implementations"]}
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
    for one in report["implementations"]:
        if one["versions"]:
            yield f"- {one['title']}: {_pairs(one['versions'], ' ')}"
    if others := [one["others"] for row in report["figures"] for one in row["rounds"] if "others" in one]:
        yield (
            f"- other work took {statistics.median(others):.0%} of the machine during the measurements "
            f"({min(others):.0%} to {max(others):.0%})"
        )
    if settings["ours"]:
        yield f"- settings of ours that are not the defaults: {_pairs(settings['ours'])}"
    yield from _target_lines(report["targets"])
    for name, title in report["operations"].items():
        yield from _operation_lines(name, title, [row for row in report["figures"] if row["operation"] == name], titles)


def _target_lines(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    measured = [target for target in found if target["is_reached"] is not None]
    if measured:
        reached = sum(target["is_reached"] for target in measured)
        yield f"\n## Targets: {reached} of {len(measured)} reached\n"
        yield "| ours ÷ another's, same round | target | measured | | needed |\n|---|---|---|---|---|"
    for target in measured:
        verdict = "reached" if target["is_reached"] else "**not reached**"
        ratio = _spread(target["ratio"], 2) if target["ratio"] else "no valid round"
        sign = FIGURES[target["figure"]][1]
        needed = target.get("needed", "")
        yield f"| {_ratio_name(target)} | {sign} {target['limit']:g} | {ratio} | {verdict} | {needed} |"
    missing = [_ratio_name(target) for target in found if target["is_reached"] is None]
    if missing:
        yield f"\nNot measured in this run: {'; '.join(missing)}"


def _ratio_name(target: Mapping[str, Any]) -> str:
    return f"{target['operation']} {FIGURES[target['figure']][0]} ÷ {TITLES[target['other']]}"


def _operation_lines(
    name: str, title: str, rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str]
) -> Iterator[str]:
    yield f"\n## {name}: {title}\n"
    yield "| | " + " | ".join(column for _, column, _ in COLUMNS) + " | ours ÷ it | void rounds |"
    yield "|---" * (len(COLUMNS) + 3) + "|"
    for row in rows:
        cells = [_spread(row["summary"][key], places) if key in row["summary"] else "" for key, _, places in COLUMNS]
        times = _spread(row["ratio"], 2) if row.get("ratio") else ""
        void = str(row["void"]) if row["void"] else ""
        yield f"| {titles[row['implementation']]} | " + " | ".join([*cells, times, void]) + " |"
    for row in rows:
        for number, one in enumerate(row["rounds"], 1):
            if "void" in one:
                yield f"\nVoid: {titles[row['implementation']]}, round {number}: {one['void']}"


def _pairs(values: Mapping[str, Any], between: str = "=") -> str:
    return ", ".join(f"{name}{between}{value}" for name, value in values.items())


def _spread(figure: Mapping[str, float], places: int) -> str:
    return f"{figure['median']:,.{places}f} ({figure['least']:,.{places}f} to {figure['greatest']:,.{places}f})"
