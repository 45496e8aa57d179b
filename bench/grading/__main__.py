"""`script/bench grading`: every benchmark once a round, so that other work on the machine affects all of them."""

import json
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import click

from bench.common.machine import machine
from bench.common.measure import Benchmark, Figures
from bench.grading import judging, report, submissions, yardsticks

QUICK_SECONDS, QUICK_ROUNDS = 0.1, 1


@click.command("grading")
@click.option(
    "--seconds", default=2.0, show_default=True, type=click.FloatRange(0.05, 600), help="Per figure and round."
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--quick", is_flag=True, help="One short round, only to test that it works.")
@click.option("--part", "parts", multiple=True, type=click.Choice(report.PARTS), help="Only this part. Repeatable.")
@click.option(
    "--json", "file", type=click.Path(path_type=Path), help="Write the figures there, and the tables beside it."
)
def grading(seconds: float, rounds: int, *, quick: bool, parts: tuple[str, ...], file: Path | None) -> None:
    """Measure what grading costs, compare it with yardsticks, and print tables."""
    if quick:
        seconds, rounds = QUICK_SECONDS, QUICK_ROUNDS
    found: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    about = machine()
    with ExitStack() as stack:
        benchmarks, versions = _benchmarks(stack, parts or report.PARTS)
        for number in range(rounds):
            for benchmark in benchmarks:
                click.echo(f"round {number + 1} of {rounds}: {benchmark.part}, {benchmark.name}", err=True)
                found[benchmark.part, benchmark.name].append(benchmark.run(seconds))
    result = report.as_json(found, about | versions)
    tables = report.as_markdown(result)
    click.echo(tables)
    if file:
        file.write_text(json.dumps(result, indent=2) + "\n")
        file.with_suffix(".md").write_text(tables)


def _benchmarks(stack: ExitStack, parts: tuple[str, ...]) -> tuple[list[Benchmark], dict[str, str]]:
    """Return the benchmarks of the parts, and the versions of their servers, which run as long as the stack."""
    found, versions = list(yardsticks.benchmarks()), {}
    if {judging.SANDBOX, judging.KINDS} & set(parts):
        found += stack.enter_context(judging.benchmarks())
    if submissions.PART in parts:
        more, versions["postgresql"] = stack.enter_context(submissions.benchmarks())
        found += more
    return [benchmark for benchmark in found if benchmark.part in parts], versions


if __name__ == "__main__":
    grading()
