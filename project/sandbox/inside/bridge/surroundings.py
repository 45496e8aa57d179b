"""What a test puts in the place of `input`, `random.choice` and the like, so that the answer meets it too.

The environment variables are taken over when they change. While the test listens to warnings, by whatever is built on
`warnings.catch_warnings`, those of the answer are raised again in the tester.
"""

import builtins
import operator
import os
import random
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from .environment import Environment
from .peer import Peer

# Nothing that this package itself calls while it talks.
_PLACES = tuple(
    (module, name)
    for module, names in (
        (builtins, "input print open"),
        (sys, "stdin stdout stderr argv"),
        (random, "random randint randrange uniform gauss choice choices sample shuffle"),
        (time, "sleep time monotonic perf_counter"),
        (os, "environ"),
        (warnings, "filters"),  # which `catch_warnings` replaces by a copy
    )
    for name in names.split()
)
_FILTERS = _PLACES.index((warnings, "filters"))
_VARIABLES = len(_PLACES)  # in the place of a place: all environment variables


class Surroundings:
    """Those of this process: as they were, and as they are."""

    def __init__(self) -> None:
        self._before = [getattr(module, name) for module, name in _PLACES]
        self._noted = list(self._before)
        self._version = 0
        self._listening: warnings.catch_warnings[Any] | None = None

    def changes(self) -> dict[int, tuple[Any, ...]]:
        """Return what has changed since the last time: by place, (what is there now,) or () if it is as it was."""
        now = [getattr(module, name) for module, name in _PLACES]
        version = getattr(os.environ, "version", self._version)
        if all(map(operator.is_, now, self._noted)) and version == self._version:
            return {}
        changes = {
            place: () if now[place] is self._before[place] else (now[place] if place != _FILTERS else _warn_again,)
            for place in range(len(_PLACES))
            if now[place] is not self._noted[place]
        }
        if version != self._version:
            changes[_VARIABLES] = (dict(os.environ),)
        self._noted, self._version = now, version
        return changes

    def take_over(self, changes: dict[int, tuple[Any, ...]]) -> None:
        """Put into this process what has changed in the other."""
        for place, value in changes.items():
            if place == _VARIABLES:
                os.environ.clear()
                os.environ.update(*value)
            elif place == _FILTERS:
                self._listen(*value)
            else:
                module, name = _PLACES[place]
                setattr(module, name, value[0] if value else self._before[place])

    def restore(self) -> None:
        """Put everything back as it was. A test need not: many end inside a `with` that captures what is printed."""
        self._listen()
        for (module, name), value in zip(_PLACES, self._before, strict=True):
            setattr(module, name, value)

    def _listen(self, warn_again: Callable[..., Any] | None = None) -> None:
        """Hand all warnings to a function from now on, or to none any more."""
        if self._listening is not None:
            self._listening.__exit__(None, None, None)
            self._listening = None
        if warn_again is None:
            return
        self._listening = warnings.catch_warnings()
        self._listening.__enter__()
        warnings.simplefilter("always")

        def showwarning(message: Any, _category: Any, filename: str, lineno: int, *_: Any) -> None:
            warn_again(message, filename, lineno)

        warnings.showwarning = showwarning  # type: ignore[assignment] # it is called by position


def _warn_again(message: Warning, filename: str, lineno: int) -> None:
    """Issue a warning of the answer's in this process: what comes of it is for the test's own filters to say."""
    if not isinstance(message, Warning):
        raise TypeError("A warning is none.")
    warnings.warn_explicit(message, None, filename, lineno)


class SurroundingPeer(Peer):
    """The tester's side, which before each question tells what has changed."""

    _surroundings: Surroundings | None = None

    def surround(self) -> None:
        """Take things as they are for what they should be."""
        os.environ = Environment()  # type: ignore[assignment] # noqa: B003 - which counts changes, and clears nothing
        self._surroundings = Surroundings()

    def ask(self, operation: str, remote: Any, *arguments: Any) -> Any:
        """Ask as a peer does. Raises BridgeError."""
        changes = self._surroundings.changes() if self._surroundings else {}
        if changes:
            super().ask("surround", None, changes)
        return super().ask(operation, remote, *arguments)
