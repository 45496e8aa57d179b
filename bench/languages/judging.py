"""The judge: compiling a language's smoke program, and running it for one case and for ten."""

import math
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from bench.common.measure import CORES, Benchmark, BenchmarkError, repeat
from bench.common.processes import data_directory
from bench.languages import work
from project.grading.local_judge import WARM_PER_SLOT
from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.native_languages import NativeLanguage
from project.judging.problems import Case, Kind, Problem
from project.judging.program_cache import ProgramCache
from project.judging.results import Judgement
from project.judging.verdicts import Verdict
from project.sandbox.limits import MIB
from project.sandbox.pool import NATIVE_LEVEL, Sandboxes

CACHE_BYTES = 256 * MIB


class NativeJudge:
    """One judge that compiles each answer, and one with a cache of programs; both have the same sandboxes."""

    def __init__(self, sandboxes: Sandboxes, cache: Path) -> None:
        self._compilers = {
            work.COLD: Compiler(sandboxes),
            work.CACHED: Compiler(sandboxes, ProgramCache(cache, CACHE_BYTES)),
        }
        self._judges = {name: Judge(sandboxes, compiler=compiler) for name, compiler in self._compilers.items()}

    def try_out(self, language: NativeLanguage) -> str | None:
        """Return why a language does not work here; None if it does."""
        tool = language.missing_tool()
        if tool is not None:
            return f"{tool} is not installed ({_packages(language)})"
        judgement = self._judge(language, work.CACHED, 1)
        return None if judgement.verdict is Verdict.ACCEPTED else f"{judgement.verdict}: {judgement.cases[0].error}"

    def benchmarks(self, language: NativeLanguage) -> Iterator[Benchmark]:
        """Yield the benchmarks of a language that works."""
        actions: dict[str, Callable[[], None]] = {}
        if language.compile:
            actions |= {name: partial(self._compile, language, name) for name in (work.COLD, work.CACHED)}
        actions |= {
            work.ONE: partial(self._check, language, work.CACHED, 1),
            work.TEN: partial(self._check, language, work.CACHED, 10),
        }
        if language.compile:
            actions |= {
                work.COLD_ONE: partial(self._check, language, work.COLD, 1),
                work.COLD_TEN: partial(self._check, language, work.COLD, 10),
            }
        for name, action in actions.items():
            yield Benchmark(language.name, name, partial(repeat, action))

    def _compile(self, language: NativeLanguage, how: str) -> None:
        compilation = self._compilers[how].compile(language, language.files(language.smoke.source), math.inf)
        if compilation.program is None:
            raise BenchmarkError(f"{language.title}: {compilation.messages}")

    def _judge(self, language: NativeLanguage, how: str, cases: int) -> Judgement:
        smoke = language.smoke
        case = Case(name="smoke", kind=Kind.STDIN, input=smoke.input, expected=smoke.output)
        return self._judges[how].judge(Problem(cases=(case,) * cases, language=language.name), smoke.source)

    def _check(self, language: NativeLanguage, how: str, cases: int) -> None:
        judgement = self._judge(language, how, cases)
        if judgement.verdict is not Verdict.ACCEPTED:
            raise BenchmarkError(f"{language.title}: {judgement.verdict}, {judgement.cases[0].error}")


def _packages(language: NativeLanguage) -> str:
    return ", ".join(f"{tool}: {' '.join(packages)}" for tool, packages in language.install.items())


@contextmanager
def native_judge() -> Iterator[NativeJudge]:
    """Return a judge whose sandboxes and cache exist until the end of the block."""
    sandboxes = Sandboxes(minimum=NATIVE_LEVEL, warm=WARM_PER_SLOT * CORES)
    with data_directory() as cache, closing(sandboxes):
        yield NativeJudge(sandboxes, cache)
