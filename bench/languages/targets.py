"""The targets, each a limit for a time that yardsticks of the same round determine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.common.measure import Figures, summary
from bench.languages import work

CASE_MS = 8.0  # what a sandbox may cost
Rounds = Mapping[tuple[str, str], Sequence[Figures]]  # by language and name
Round = Mapping[str, float]  # the median time of each work, for one language


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for the median time of a work, in milliseconds."""

    what: str
    language: str
    name: str
    limit: Callable[[Round], float]

    def result(self, rounds: Rounds) -> dict[str, Any] | None:
        """Return the limit, the time, and how much of the limit it is, over the rounds; None if not measured."""
        try:
            found = [(self.limit(times), times[self.name]) for times in _times(rounds, self.language)]
        except KeyError:
            return None
        if not found:
            return None
        figures = summary([{"limit_ms": limit, "ms": time, "share": time / limit} for limit, time in found])
        return {
            "what": self.what,
            "language": self.language,
            "is_reached": figures["share"]["median"] <= 1,
            "figures": figures,
        }


def bare(times: Round, runs: int) -> float:
    """Return the time of the bare compiler and of so many runs of the bare program."""
    return times[work.yardstick(work.COMPILER, work.BARE)] + runs * times[work.yardstick(work.PROGRAM, work.BARE)]


TARGETS = (
    Target(
        what="ten cases, with compiling: 1.5 times bare + 10 times 8 ms",
        language="c",
        name=work.COLD_TEN,
        limit=lambda times: 1.5 * bare(times, 10) + 10 * CASE_MS,
    ),
    Target(what="one case: 8 ms", language="c", name=work.ONE, limit=lambda _: CASE_MS),
    Target(what="ten cases: 10 times 8 ms", language="c", name=work.TEN, limit=lambda _: 10 * CASE_MS),
    Target(
        what="one case, with compiling: 1.4 times bare",
        language="java",
        name=work.COLD_ONE,
        limit=lambda times: 1.4 * bare(times, 1),
    ),
)


def beside_bubblewrap(language: str) -> Target:
    """Return the target of each language: a case is never slower than the program in bubblewrap."""
    return Target(
        what="one case: bubblewrap",
        language=language,
        name=work.ONE,
        limit=lambda times: times[work.yardstick(work.PROGRAM, work.BUBBLEWRAP)],
    )


def results(rounds: Rounds) -> list[dict[str, Any]]:
    """Return the result of each target that was measured."""
    languages = dict.fromkeys(language for language, _ in rounds)
    targets = [*TARGETS, *map(beside_bubblewrap, languages)]
    return [result for target in targets if (result := target.result(rounds))]


def _times(rounds: Rounds, language: str) -> list[Round]:
    """Return the median times of each round of a language."""
    mine = {name: figures for (owner, name), figures in rounds.items() if owner == language}
    count = min(map(len, mine.values()), default=0)
    return [{name: figures[number]["p50_ms"] for name, figures in mine.items()} for number in range(count)]
