"""Draw the report: `plot.py requests.json requests.png`. Runs in an environment of its own, which has matplotlib."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

COLOURS = {
    "ours": "#d1495b",
    "before": "#e39aa4",
    "floor": "#9a9a9a",
    "fastify": "#30638e",
    "batched": "#5b8db8",
    "litestar": "#c07f2a",
    "fastapi": "#00798c",
    "drf": "#3d7a4f",
    "spec": "#8d6a9f",
}
SERVER, DATABASE = "#5b8db8", "#e0a458"
# Their figures are in the titles: with bars so much longer, the others would look alike.
SQL, SQL_COUNTING = "pgbench", "counting"

Rows = Sequence[Mapping[str, Any]]


def draw(report: Mapping[str, Any], file: Path) -> None:
    """Draw a column for each operation: the rates above, and the CPU time of a request below."""
    titles = {one["name"]: one["title"] for one in report["implementations"]}
    names = list(report["operations"])
    figure, axes = plt.subplots(2, len(names), figsize=(4.2 * len(names) + 1, 6.5), squeeze=False, layout="constrained")
    for column, name in enumerate(names):
        found = {row["implementation"]: row for row in report["figures"] if row["operation"] == name}
        alone = found.pop(SQL, {"summary": {}})
        found.pop(SQL_COUNTING, None)
        rows = list(reversed(found.values()))  # bars are drawn upwards
        labels = [titles[row["implementation"]] for row in rows]
        above, below = axes[0][column], axes[1][column]
        _rates(above, rows, labels)
        _costs(below, rows, labels)
        above.set_title(f"{name}: requests/s{_alone(alone, 'per_s')}")
        below.set_title(f"{name}: CPU µs a request{_alone(alone, 'database_us')}")
        if column:
            above.set_yticklabels([])
            below.set_yticklabels([])
    settings = report["settings"]
    figure.suptitle(
        f"{settings['scores']:,} scores, {settings['connections']} connections, {report['cores']} cores, "
        f"PostgreSQL {report['versions']['postgresql'].split()[0]} with fsync and synchronous_commit; {report['date']}"
    )
    figure.legend(*axes[1][0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(file, dpi=110)


def _alone(row: Mapping[str, Any], name: str) -> str:
    return f" (SQL alone: {row['summary'][name]['median']:,.0f})" if name in row["summary"] else ""


def _rates(axis: Any, rows: Rows, labels: Sequence[str]) -> None:
    rates = [_figure(row, "per_s") for row in rows]
    medians = [rate["median"] for rate in rates]
    spread = [[rate["median"] - rate["least"] for rate in rates], [rate["greatest"] - rate["median"] for rate in rates]]
    colours = [COLOURS[row["implementation"]] for row in rows]
    error = {"ecolor": "#444444", "capsize": 3}
    axis.barh(labels, medians, xerr=spread, color=colours, error_kw=error)
    _format_axis(axis, [rate["greatest"] for rate in rates], medians)


def _costs(axis: Any, rows: Rows, labels: Sequence[str]) -> None:
    servers, databases = ([_figure(row, name)["median"] for row in rows] for name in ("server_us", "database_us"))
    axis.barh(labels, servers, color=SERVER, label="server")
    axis.barh(labels, databases, left=servers, color=DATABASE, label="database")
    totals = [server + database for server, database in zip(servers, databases, strict=True)]
    _format_axis(axis, totals, totals)


def _figure(row: Mapping[str, Any], name: str) -> Mapping[str, float]:
    nothing = {"median": 0.0, "least": 0.0, "greatest": 0.0}
    found: Mapping[str, float] = row["summary"].get(name, nothing)
    return found


def _format_axis(axis: Any, ends: Sequence[float], values: Sequence[float]) -> None:
    greatest = max([*ends, 1e-9])
    for place, (end, value) in enumerate(zip(ends, values, strict=True)):
        text = f"{value:,.0f}" if value else "none"
        axis.text(end + greatest * 0.03, place, text, va="center")
    axis.set_xlim(0, greatest * 1.25)  # room for the numbers
    axis.spines[["top", "right"]].set_visible(False)
    axis.xaxis.set_major_locator(mpl.ticker.MaxNLocator(4))
    axis.xaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
