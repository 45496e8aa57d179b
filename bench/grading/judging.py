"""The judge by itself: fresh sandboxes on demand and from the warm pool, and one attempt of each kind."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial

from bench.common.measure import CORES, Contestant, Figures, Wrong, repeat
from bench.grading.answers import ADDING, ANSWER, ATTEMPTS, Attempt
from project.grading.local_judge import WARM_PER_SLOT
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES
from project.judging.verdicts import Verdict
from project.sandbox.pool import LOWEST, Sandboxes

SANDBOX, KINDS = "sandbox", "kinds"
ON_DEMAND, WARM = "a fresh sandbox on demand", "a fresh sandbox from the warm pool"
ALL_CORES = f", {CORES} threads"
KIND_SHARE = 0.25  # of the seconds that others get: there are many
ONE = Attempt("one", ADDING, ANSWER, Verdict.ACCEPTED)


@contextmanager
def contestants() -> Iterator[list[Contestant]]:
    """Return them; their sandboxes live as long as the block."""
    on_demand, warm = (Sandboxes(minimum=LOWEST, warm=size) for size in (0, WARM_PER_SLOT * CORES))
    with closing(on_demand), closing(warm):
        yield [*_sandboxes(Judge(on_demand), Judge(warm)), *_kinds(Judge(warm))]


def _sandboxes(on_demand: Judge, warm: Judge) -> Iterator[Contestant]:
    for name, judge in ((ON_DEMAND, on_demand), (WARM, warm)):
        one = partial(check, judge, ONE)
        yield Contestant(SANDBOX, name, partial(repeat, one))
        yield Contestant(SANDBOX, f"{name}{ALL_CORES}", partial(repeat, one, threads=CORES))


def _kinds(judge: Judge) -> Iterator[Contestant]:
    attempts = [attempt for attempt in ATTEMPTS if LANGUAGES[attempt.problem.language].available]
    for attempt in attempts:
        yield Contestant(KINDS, attempt.name, partial(_briefly, partial(check, judge, attempt)))
    turns = itertools.cycle(attempt for attempt in attempts if len(attempt.problem.cases) == 1)
    yield Contestant(
        KINDS,
        f"those of one case in turn{ALL_CORES}",
        partial(repeat, lambda: check(judge, next(turns)), threads=CORES),
    )


def _briefly(action: Callable[[], None], seconds: float) -> Figures:
    return repeat(action, seconds * KIND_SHARE)


def check(judge: Judge, attempt: Attempt) -> None:
    """Judge an attempt. Raises Wrong for another verdict than it deserves."""
    judgement = judge.judge(attempt.problem, attempt.answer)
    if judgement.verdict is not attempt.verdict:
        raise Wrong(f"{attempt.name}: {judgement.verdict}, {judgement.cases[0].error}")
