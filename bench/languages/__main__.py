"""`script/bench languages`: every benchmark once a round, so that other work on the machine affects all of them."""

import json
import shutil
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import click

from bench.common.machine import machine
from bench.common.measure import Benchmark, Figures
from bench.common.programs import BUBBLEWRAP
from bench.languages import judging, report, yardsticks
from project.judging.native_languages import NATIVE_LANGUAGES

QUICK_SECONDS, QUICK_ROUNDS = 0.05, 1
QUICK_LANGUAGES = ("c", "bash")  # one that is compiled, and one that is not


@click.command("languages")
@click.option(
    "--seconds", default=2.0, show_default=True, type=click.FloatRange(0.01, 600), help="Per figure and round."
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 100))
@click.option("--quick", is_flag=True, help="One short round of two languages, only to test that it works.")
@click.option(
    "--language", "names", multiple=True, type=click.Choice(list(NATIVE_LANGUAGES)), help="Only this one. Repeatable."
)
@click.option(
    "--json", "file", type=click.Path(path_type=Path), help="Write the figures there, and the tables beside it."
)
def languages(seconds: float, rounds: int, *, quick: bool, names: tuple[str, ...], file: Path | None) -> None:
    """Measure what native programs cost, compare that with yardsticks, and print tables."""
    if quick:
        seconds, rounds = QUICK_SECONDS, QUICK_ROUNDS
    found: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    about = machine()
    with ExitStack() as stack:
        benchmarks, missing = _benchmarks(stack, names or (QUICK_LANGUAGES if quick else tuple(NATIVE_LANGUAGES)))
        for number in range(rounds):
            for benchmark in benchmarks:
                click.echo(f"round {number + 1} of {rounds}: {benchmark.part}, {benchmark.name}", err=True)
                found[benchmark.part, benchmark.name].append(benchmark.run(seconds))
    result = report.as_json(found, about, missing)
    tables = report.as_markdown(result)
    click.echo(tables)
    if file:
        file.write_text(json.dumps(result, indent=2) + "\n")
        file.with_suffix(".md").write_text(tables)


def _benchmarks(stack: ExitStack, names: tuple[str, ...]) -> tuple[list[Benchmark], dict[str, str]]:
    """Return the benchmarks of the languages that work here, and why the others are missing."""
    found: list[Benchmark] = []
    missing: dict[str, str] = {}
    if not shutil.which(BUBBLEWRAP[0]):
        missing["bubblewrap"] = "bwrap is not installed (apt: bubblewrap)"
    judge = stack.enter_context(judging.native_judge())
    for name in names:
        language = NATIVE_LANGUAGES[name]
        reason = judge.try_out(language)
        if reason is None:
            found += stack.enter_context(yardsticks.benchmarks(language))
            found += judge.benchmarks(language)
        else:
            missing[name] = reason
    return found, missing


if __name__ == "__main__":
    languages()
