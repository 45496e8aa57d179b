"""The attacks in `attacks/`, and those on the compiler in `compile_attacks/`, with their correct verdicts.

Most are in C. Those in Java and in Go attempt what their own libraries and compilers make possible.

The first line of each names the verdicts that it may get. `BROKEN` in its output means that a restriction failed.
"""

from dataclasses import dataclass
from pathlib import Path

from project.sandbox.limits import MIB, Limits

FOLDER = Path(__file__).parent
PRELUDE = (FOLDER / "attacks" / "prelude.h").read_text()
# For programs that end only at a limit. They make their attempts in the first milliseconds.
SHORT = Limits(cpu_ms=300, wall_ms=900)
# For those that use up CPU time in many processes: only the limit of CPU time can end them in time.
ONLY_CPU = Limits(cpu_ms=300, wall_ms=10_000)
# The memory of the machine is shared with other tests.
SMALL = Limits(memory_bytes=64 * MIB, cpu_ms=4000, wall_ms=12_000)
LANGUAGES = {".c": "c", ".cpp": "cpp", ".java": "java", ".go": "go"}


@dataclass(frozen=True)
class NativeAttack:
    """A hostile program, or one that only its compiler sees."""

    name: str
    language: str
    source: str
    verdicts: frozenset[str]

    @property
    def limits(self):
        """Return limits that do not change the result, and keep the test short."""
        if "cpu" in self.name:
            return ONLY_CPU
        if "time_limit" in self.verdicts:
            return SHORT
        return SMALL if self.name.startswith("3") else Limits()


def _read(path, prelude=""):
    text = path.read_text()
    verdicts = frozenset(text.partition("\n")[0].partition("expect:")[2].split())
    return NativeAttack(path.stem, LANGUAGES[path.suffix], f"{prelude}\n#line 1\n{text}" if prelude else text, verdicts)


ATTACKS = [
    *(_read(path, PRELUDE) for path in sorted((FOLDER / "attacks").glob("*.c"))),
    *(_read(path) for suffix in ("java", "go") for path in sorted((FOLDER / "attacks").glob(f"*.{suffix}"))),
]
COMPILE_ATTACKS = [_read(path) for path in sorted((FOLDER / "compile_attacks").glob("*.c*"))]
BY_NAME = {attack.name: attack for attack in ATTACKS}
