"""The limits of one sandboxed process."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

MAX_ANSWER_BYTES = 64 * 1024
WALL_PER_CPU = 3  # a process that waits, or shares its core, has more wall time than CPU time
# An idle process occupies a slot: its wall time is limited to this, or to its CPU time if that is less.
IDLE_MS = 2_000
MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one process. It may never start others."""

    cpu_ms: int = 2_000  # of all its threads together
    wall_ms: int = 6_000
    memory_bytes: int = 256 * MIB  # address space in addition to that of the interpreter itself
    output_bytes: int = 64 * 1024  # of each output; more ends the process
    scratch_bytes: int = 8 * MIB  # files in /tmp, which are deleted with the process
    scratch_inodes: int = 256
    descriptors: int = 32
    threads: int = 32

    @property
    def idle_ms(self) -> int:
        """The wall time of an idle process: all of it if the wall time was set explicitly."""
        return self.wall_ms if self.wall_ms != WALL_PER_CPU * self.cpu_ms else min(self.cpu_ms, IDLE_MS)

    def multiplied(self, cpu_factor: float, memory_factor: float) -> Self:
        """Return limits for a slower or faster language. The wall time follows the CPU time."""
        cpu_ms = round(self.cpu_ms * cpu_factor)
        follows = self.wall_ms == WALL_PER_CPU * self.cpu_ms
        wall_ms = WALL_PER_CPU * cpu_ms if follows else round(self.wall_ms * cpu_factor)
        return replace(self, cpu_ms=cpu_ms, wall_ms=wall_ms, memory_bytes=round(self.memory_bytes * memory_factor))

    def as_json(self) -> dict[str, int]:
        """Return the limits by name."""
        return {name: getattr(self, name) for name in NAMES}

    @classmethod
    def from_json(cls, given: Mapping[str, int]) -> "Limits":
        """Return the default limits with some changes; if only CPU time is given, it also determines the wall time.

        Raises:
            ValueError: an unknown limit, or a value that is not a positive integer.

        """
        for name, value in given.items():
            if name not in NAMES:
                raise ValueError(f"{name} is no limit")
            if type(value) is not int or value < 1:
                raise ValueError(f"{name} must be a positive integer")
        wall = {"wall_ms": given["cpu_ms"] * WALL_PER_CPU} if "cpu_ms" in given else {}
        return cls(**{**wall, **given})


NAMES = tuple(field.name for field in fields(Limits))
