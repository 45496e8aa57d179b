"""What a test puts in the place of `input`, `random.choice` and the like, so that the answer meets it too."""

import builtins
import operator
import random
import sys
import time
from typing import Any

from .peer import Peer

# Nothing that this package itself calls while it talks.
_PLACES = tuple(
    (module, name)
    for module, names in (
        (builtins, "input print open"),
        (sys, "stdin stdout stderr argv"),
        (random, "random randint randrange uniform gauss choice choices sample shuffle"),
        (time, "sleep time monotonic perf_counter"),
    )
    for name in names.split()
)


class Surroundings:
    """Those of this process: as they were, and as they are."""

    def __init__(self) -> None:
        self._before = [getattr(module, name) for module, name in _PLACES]
        self._noted = list(self._before)

    def changes(self) -> dict[int, tuple[Any, ...]]:
        """Return what has changed since the last time: by place, (what is there now,) or () if it is as it was."""
        now = [getattr(module, name) for module, name in _PLACES]
        if all(map(operator.is_, now, self._noted)):
            return {}
        changes = {
            place: () if now[place] is self._before[place] else (now[place],)
            for place in range(len(_PLACES))
            if now[place] is not self._noted[place]
        }
        self._noted = now
        return changes

    def take_over(self, changes: dict[int, tuple[Any, ...]]) -> None:
        """Put into this process what has changed in the other."""
        for place, value in changes.items():
            module, name = _PLACES[place]
            setattr(module, name, value[0] if value else self._before[place])

    def restore(self) -> None:
        """Put everything back as it was. A test need not: many end inside a `with` that captures what is printed."""
        for (module, name), value in zip(_PLACES, self._before, strict=True):
            setattr(module, name, value)


class SurroundingPeer(Peer):
    """The tester's side, which before each question tells what has changed."""

    _surroundings: Surroundings | None = None

    def surround(self) -> None:
        """Take things as they are for what they should be."""
        self._surroundings = Surroundings()

    def ask(self, operation: str, remote: Any, *arguments: Any) -> Any:
        """Ask as a peer does. Raises BridgeError."""
        changes = self._surroundings.changes() if self._surroundings else {}
        if changes:
            super().ask("surround", None, changes)
        return super().ask(operation, remote, *arguments)
