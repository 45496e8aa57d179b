"""The judge by itself: fresh sandboxes on demand and from the warm pool, and one attempt of each kind."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial

from bench.common.measure import CORES, Benchmark, BenchmarkError, Figures, repeat
from bench.grading.answers import ADDING, ANSWER, ATTEMPTS, Attempt
from project.grading.local_judge import WARM_PER_SLOT
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES
from project.judging.verdicts import Verdict
from project.sandbox.pool import LOWEST, Sandboxes

SANDBOX, KINDS = "sandbox", "kinds"
ON_DEMAND, WARM = "a fresh sandbox on demand", "a fresh sandbox from the warm pool"
ALL_CORES = f", {CORES} threads"
KIND_SHARE = 0.25  # of the seconds of other benchmarks, since there are many kinds
ONE = Attempt("one", ADDING, ANSWER, Verdict.ACCEPTED)


@contextmanager
def benchmarks() -> Iterator[list[Benchmark]]:
    """Return the benchmarks; their sandboxes exist until the end of the block."""
    on_demand, warm = (Sandboxes(minimum=LOWEST, warm=size) for size in (0, WARM_PER_SLOT * CORES))
    with closing(on_demand), closing(warm):
        yield [*_sandboxes(Judge(on_demand), Judge(warm)), *_kinds(Judge(warm))]


def _sandboxes(on_demand: Judge, warm: Judge) -> Iterator[Benchmark]:
    for name, judge in ((ON_DEMAND, on_demand), (WARM, warm)):
        one = partial(check, judge, ONE)
        yield Benchmark(SANDBOX, name, partial(repeat, one))
        yield Benchmark(SANDBOX, f"{name}{ALL_CORES}", partial(repeat, one, threads=CORES))


def _kinds(judge: Judge) -> Iterator[Benchmark]:
    attempts = [attempt for attempt in ATTEMPTS if LANGUAGES[attempt.problem.language].available]
    for attempt in attempts:
        yield Benchmark(KINDS, attempt.name, partial(_briefly, partial(check, judge, attempt)))
    turns = itertools.cycle(attempt for attempt in attempts if len(attempt.problem.cases) == 1)
    yield Benchmark(
        KINDS,
        f"those of one case in turn{ALL_CORES}",
        partial(repeat, lambda: check(judge, next(turns)), threads=CORES),
    )


def _briefly(action: Callable[[], None], seconds: float) -> Figures:
    return repeat(action, seconds * KIND_SHARE)


def check(judge: Judge, attempt: Attempt) -> None:
    """Judge an attempt. Raises `BenchmarkError` for an unexpected verdict."""
    judgement = judge.judge(attempt.problem, attempt.answer)
    if judgement.verdict is not attempt.verdict:
        raise BenchmarkError(f"{attempt.name}: {judgement.verdict}, {judgement.cases[0].error}")
