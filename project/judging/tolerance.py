"""Comparison of numbers with a tolerance."""

import math
import re
from dataclasses import dataclass

Number = int | float

WORDS = re.compile(r"[+-]?(?:inf|infinity|nan)", re.ASCII | re.IGNORECASE)
INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?", re.ASCII | re.IGNORECASE)
MAX_DIGITS = 4000  # Python refuses to read integers of more than 4300, as that takes quadratic time


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The allowed difference from the expected number: the larger of an absolute and a relative one.

    It is relative to the expected number only. If it were relative to the larger of both, as in `math.isclose`, a large
    number would increase its own tolerance.
    """

    absolute: float = 0.0
    relative: float = 0.0

    @classmethod
    def of(cls, both: float, absolute: float | None, relative: float | None) -> "Tolerance":
        """Return the tolerance of a case. `both` is used if neither of the others is given.

        It is the absolute tolerance, and also the relative one if it is less than 1: an author who sets 5 means
        100 ± 5, not 100 ± 500.
        """
        if absolute is None and relative is None:
            return cls(both, both if both < 1 else 0.0)
        return cls(absolute or 0.0, relative or 0.0)

    def allows(self, actual: Number, expected: Number) -> bool:
        """Whether a number is close enough. NaN is only close to NaN, and an infinity only to itself."""
        if actual == expected or (actual != actual and expected != expected):  # noqa: PLR0124 - NaN
            return True
        try:
            if not math.isfinite(actual) or not math.isfinite(expected):
                return False
            return abs(actual - expected) <= max(self.absolute, self.relative * abs(expected))
        except OverflowError:  # an integer beyond all floats
            return False


NONE = Tolerance()


def number(word: str) -> Number | None:
    """Parse a number such as `1e3`, `nan` or `Infinity`; None for `1_000` and other words."""
    if INTEGER.fullmatch(word):
        return int(word) if len(word) <= MAX_DIGITS else None
    if WORDS.fullmatch(word):
        return float(word)
    if DECIMAL.fullmatch(word) and math.isfinite(value := float(word)):
        return value
    return None


def words_match(actual: list[str], expected: list[str], tolerance: Tolerance) -> bool:
    """Whether the words are the expected ones; numbers may differ within the tolerance."""
    return len(actual) == len(expected) and all(
        mine == wanted or _close(number(mine), number(wanted), tolerance)
        for mine, wanted in zip(actual, expected, strict=True)
    )


def _close(mine: Number | None, wanted: Number | None, tolerance: Tolerance) -> bool:
    return mine is not None and wanted is not None and tolerance.allows(mine, wanted)
