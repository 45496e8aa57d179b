"""The figures of all rounds as tables, with the targets."""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.common.measure import summary
from bench.languages import targets, work

# Column, figure, decimals
COLUMNS = (("p50 ms", "p50_ms", 1), ("p95 ms", "p95_ms", 1), ("CPU ms", "cpu_ms", 1))
RATIOS = (("÷ bare", work.BARE), ("÷ bubblewrap", work.BUBBLEWRAP))


def as_json(rounds: targets.Rounds, about: Mapping[str, Any], missing: Mapping[str, str]) -> dict[str, Any]:
    """Return the report in the form of its file. `missing`: why languages were not measured."""
    return {
        "machine": dict(about),
        "missing": dict(missing),
        "targets": targets.results(rounds),
        "figures": [
            {
                "language": language,
                "name": name,
                "rounds": len(figures),
                "figures": summary(figures),
                "ratios": {how: ratio for _, how in RATIOS if (ratio := _ratio(rounds, language, name, how))},
            }
            for (language, name), figures in rounds.items()
        ],
    }


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return the report as tables."""
    return "\n".join(_lines(report)) + "\n"


def _ratio(rounds: targets.Rounds, language: str, name: str, how: str) -> dict[str, float] | None:
    """Return the median time, divided by that of the yardsticks which do the same in the same round."""
    if name not in work.WORK:
        return None
    parts = zip((work.COMPILER, work.PROGRAM), work.WORK[name], strict=True)
    known = [(count, rounds.get((language, work.yardstick(what, how)))) for what, count in parts if count]
    ratios = []
    for number, mine in enumerate(rounds[language, name]):
        times = [count * figures[number]["p50_ms"] for count, figures in known if figures]
        if len(times) < len(known):
            return None
        ratios.append({"ratio": mine["p50_ms"] / sum(times)})
    return summary(ratios)["ratio"]


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield "# Languages: what compiling and running costs\n"
    yield "Medians over the rounds, with the least and the greatest: other work on the machine affects them.\n"
    yield ", ".join(f"{name}: {value}" for name, value in report["machine"].items())
    yield "\n| target, p50 | limit ms | measured ms | of the limit | |\n|---|---|---|---|---|"
    for target in report["targets"]:
        limit, measured, share = (_spread(target["figures"][name], 2) for name in ("limit_ms", "ms", "share"))
        verdict = "reached" if target["is_reached"] else "**not reached**"
        yield f"| {target['language']}: {target['what']} | {limit} | {measured} | {share} | {verdict} |"
    language = ""
    for row in report["figures"]:
        if row["language"] != language:
            language = row["language"]
            yield f"\n| {language} | " + " | ".join(column for column, *_ in (*COLUMNS, *RATIOS)) + " |"
            yield "|---" * (1 + len(COLUMNS) + len(RATIOS)) + "|"
        cells = [_spread(row["figures"][name], places) if name in row["figures"] else "" for _, name, places in COLUMNS]
        cells += [_spread(row["ratios"][how], 2) if how in row["ratios"] else "" for _, how in RATIOS]
        yield f"| {row['name']} | " + " | ".join(cells) + " |"
    if report["missing"]:
        yield "\nNot measured:\n"
        yield from (f"- {name}: {reason}" for name, reason in report["missing"].items())


def _spread(figure: Mapping[str, float], places: int) -> str:
    return f"{figure['median']:.{places}f} ({figure['least']:.{places}f} to {figure['greatest']:.{places}f})"
