"""`script/bench grading`: every contestant once a round, so that what disturbs the machine disturbs all of them."""

import json
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import click

from bench.common.machine import machine
from bench.common.measure import Contestant, Figures
from bench.grading import judging, report, submissions, yardsticks

QUICK_SECONDS, QUICK_ROUNDS = 0.1, 1


@click.command("grading")
@click.option(
    "--seconds", default=2.0, show_default=True, type=click.FloatRange(0.05, 600), help="Per figure and round."
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--quick", is_flag=True, help="One round of tenths of seconds: whether it works, and no more.")
@click.option("--part", "parts", multiple=True, type=click.Choice(report.PARTS), help="Only this; may be repeated.")
@click.option(
    "--json", "file", type=click.Path(path_type=Path), help="Write the figures there, and the tables beside it."
)
def grading(seconds: float, rounds: int, *, quick: bool, parts: tuple[str, ...], file: Path | None) -> None:
    """Measure what grading costs, beside yardsticks, and print tables."""
    if quick:
        seconds, rounds = QUICK_SECONDS, QUICK_ROUNDS
    found: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    about = machine()
    with ExitStack() as stack:
        contestants, versions = _contestants(stack, parts or report.PARTS)
        for number in range(rounds):
            for contestant in contestants:
                click.echo(f"round {number + 1} of {rounds}: {contestant.part}, {contestant.name}", err=True)
                found[contestant.part, contestant.name].append(contestant.run(seconds))
    result = report.as_json(found, about | versions)
    tables = report.as_markdown(result)
    click.echo(tables)
    if file:
        file.write_text(json.dumps(result, indent=2) + "\n")
        file.with_suffix(".md").write_text(tables)


def _contestants(stack: ExitStack, parts: tuple[str, ...]) -> tuple[list[Contestant], dict[str, str]]:
    """Return those of the parts, and versions of what they need, which lives as long as the stack."""
    found, versions = list(yardsticks.contestants()), {}
    if {judging.SANDBOX, judging.KINDS} & set(parts):
        found += stack.enter_context(judging.contestants())
    if submissions.PART in parts:
        more, versions["postgresql"] = stack.enter_context(submissions.contestants())
        found += more
    return [contestant for contestant in found if contestant.part in parts], versions


if __name__ == "__main__":
    grading()
