"""The hostile programs in `attacks/`, with their correct verdicts.

They are data, and tools for Python must not find them: mypy, for example, never ends on 7**(10**9). The first line of
each names the verdicts that it may get. `BROKEN` in its output means that a restriction failed.
"""

from dataclasses import dataclass
from pathlib import Path

from project.sandbox.limits import MIB, Limits

FOLDER = Path(__file__).parent / "attacks"
# For programs that end only at the time limit. They make their attempts in the first milliseconds.
SHORT = Limits(cpu_ms=200, wall_ms=600)

# Programs that need seconds to fill the default limit.
SLOW_TO_FILL, LITTLE_MEMORY = ("304_memory",), Limits(memory_bytes=64 * MIB)
LONG = ("088_read_memory",)  # searches for secrets until the time limit

# What correct programs may not do at the lower levels.
NO_FILES = "there are no writable files below level 3"
NO_THREADS = "there the judge counts threads, and too many end the run"
NO_PATHS = "no call that takes a path is allowed at level 1"
AT_LOWER_LEVELS = {
    ("049_symlink_tricks", 2): ("runtime_error", NO_FILES),
    ("052_suid_exec", 2): ("runtime_error", NO_FILES),
    ("098_ok_files", 2): ("runtime_error", NO_FILES),
    ("049_symlink_tricks", 1): ("runtime_error", NO_FILES),
    ("052_suid_exec", 1): ("runtime_error", NO_FILES),
    ("098_ok_files", 1): ("runtime_error", NO_FILES),
    ("253_threads_of_all", 2): ("runtime_error", NO_THREADS),
    ("253_threads_of_all", 1): ("runtime_error", NO_THREADS),
}


@dataclass(frozen=True)
class Program:
    """A hostile answer; some are correct ones, for comparison."""

    name: str
    language: str
    source: str

    def expected(self, level):
        """Return the verdicts that are right at a level."""
        if (self.name, level) in AT_LOWER_LEVELS:
            return {AT_LOWER_LEVELS[self.name, level][0]}
        first = self.source.partition("\n")[0]
        return set(first.partition("expect:")[2].split())

    @property
    def limits(self):
        """Return limits that do not change the result, and keep the test short."""
        if self.name in SLOW_TO_FILL:
            return LITTLE_MEMORY
        return SHORT if "time_limit" in self.source.partition("\n")[0] and self.name not in LONG else Limits()


def _read(path):
    name, language = path.name.split(".")[:2]
    return Program(name, {"py": "python", "js": "javascript"}[language], path.read_text())


def _huge():
    """Return an unterminated string of 60 kB: too long for a file."""
    return Program("042_syntax_error_huge", "python", "# expect: syntax_error\nx = " + '"' + "A" * 60_000)


PROGRAMS = [*(_read(path) for path in sorted(FOLDER.glob("*.txt"))), _huge()]
