"""What is measured for each language, by what it consists of."""

from typing import NamedTuple


class Work(NamedTuple):
    """How often a figure's work compiles a program and runs it."""

    compilations: int
    runs: int


BARE, BUBBLEWRAP = "bare", "bubblewrap"
# The yardsticks
COMPILER, PROGRAM = "the compiler", "the program"
# What we do. Its name says what a row consists of; the others are compiled before.
COLD, CACHED = "compile", "compile, from the cache"
ONE, TEN = "one case", "ten cases"
COLD_ONE, COLD_TEN = "compile, one case", "compile, ten cases"

WORK = {
    COLD: Work(1, 0),
    CACHED: Work(1, 0),
    ONE: Work(0, 1),
    TEN: Work(0, 10),
    COLD_ONE: Work(1, 1),
    COLD_TEN: Work(1, 10),
}


def yardstick(what: str, how: str) -> str:
    """Return the name of a yardstick."""
    return f"{what}, {how}"
