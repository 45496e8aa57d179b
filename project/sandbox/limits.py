"""What one run may use."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

MAX_ANSWER_BYTES = 64 * 1024
WALL_PER_CPU = 3  # a run that waits, or shares its core, takes longer than it computes
# A run that hardly computes keeps others from its slot: it has this, or its CPU time if that is less, as wall time.
IDLE_MS = 2_000
MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one run; no processes are allowed at any setting."""

    cpu_ms: int = 2_000  # of all its threads together
    wall_ms: int = 6_000
    memory_bytes: int = 256 * MIB  # address space beyond what the interpreter itself takes
    output_bytes: int = 64 * 1024  # of each stream; more ends the run
    scratch_bytes: int = 8 * MIB  # files below /tmp, gone with the run
    scratch_inodes: int = 256
    descriptors: int = 32
    threads: int = 32

    @property
    def idle_ms(self) -> int:
        """The wall time of a run that uses hardly any CPU time: all of it if that was set by itself."""
        return self.wall_ms if self.wall_ms != WALL_PER_CPU * self.cpu_ms else min(self.cpu_ms, IDLE_MS)

    def as_json(self) -> dict[str, int]:
        """Return the limits by name."""
        return {name: getattr(self, name) for name in NAMES}

    @classmethod
    def from_json(cls, given: Mapping[str, int]) -> "Limits":
        """Return the defaults with some limits changed; wall time follows CPU time if only that is given.

        Raises:
            ValueError: an unknown limit, or one that is no positive integer.

        """
        for name, value in given.items():
            if name not in NAMES:
                raise ValueError(f"{name} is no limit")
            if type(value) is not int or value < 1:
                raise ValueError(f"{name} must be a positive integer")
        wall = {"wall_ms": given["cpu_ms"] * WALL_PER_CPU} if "cpu_ms" in given else {}
        return cls(**{**wall, **given})


NAMES = tuple(field.name for field in fields(Limits))
