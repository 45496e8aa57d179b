"""What a run is told to do."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """Something that the runner shall do: inside/runner.py lists what. Its descriptors are handed over, and closed."""

    name: str
    content: Mapping[str, Any]
    descriptors: Sequence[int] = field(default=())

    def close(self) -> None:
        """Close the descriptors, which the runner has or will never get."""
        for descriptor in self.descriptors:
            os.close(descriptor)
