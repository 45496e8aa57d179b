"""Patches of `input`, `random.choice` and the like by a test, which are applied in the answer's process, too.

Changed environment variables are copied. While the test records warnings, with anything based on
`warnings.catch_warnings`, those of the answer are issued again in the tester.
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

# Nothing that this package itself calls during a remote call.
_PLACES = tuple(
    (module, name)
    for module, names in (
        (builtins, "input print open"),
        (sys, "stdin stdout stderr argv"),
        (random, "random randint randrange uniform gauss choice choices sample shuffle"),
        (time, "sleep time monotonic perf_counter"),
        (os, "environ"),
        (warnings, "filters"),  # `catch_warnings` replaces it by a copy
    )
    for name in names.split()
)
_FILTERS = _PLACES.index((warnings, "filters"))
_VARIABLES = len(_PLACES)  # the number that stands for all environment variables


class PatchedGlobals:
    """The original and the current values in this process."""

    def __init__(self) -> None:
        self._before = [getattr(module, name) for module, name in _PLACES]
        self._noted = list(self._before)
        self._version = 0
        self._forwarding: warnings.catch_warnings[Any] | None = None

    def changes(self) -> dict[int, tuple[Any, ...]]:
        """Return what has changed since the last call, by its number: (new value,), or () if it is the original."""
        now = [getattr(module, name) for module, name in _PLACES]
        version = getattr(os.environ, "version", self._version)
        if all(map(operator.is_, now, self._noted)) and version == self._version:
            return {}
        changes = {
            place: () if now[place] is self._before[place] else (now[place] if place != _FILTERS else _reissue_warning,)
            for place in range(len(_PLACES))
            if now[place] is not self._noted[place]
        }
        if version != self._version:
            changes[_VARIABLES] = (dict(os.environ),)
        self._noted, self._version = now, version
        return changes

    def apply(self, changes: dict[int, tuple[Any, ...]]) -> None:
        """Apply the changes of the other process in this one."""
        for place, value in changes.items():
            if place == _VARIABLES:
                os.environ.clear()
                os.environ.update(*value)
            elif place == _FILTERS:
                self._forward_warnings(*value)
            else:
                module, name = _PLACES[place]
                setattr(module, name, value[0] if value else self._before[place])

    def restore(self) -> None:
        """Restore the original values. Not all tests do: many end inside a `with` that captures output."""
        self._forward_warnings()
        for (module, name), value in zip(_PLACES, self._before, strict=True):
            setattr(module, name, value)

    def _forward_warnings(self, reissue_warning: Callable[..., Any] | None = None) -> None:
        """Pass all warnings to a function from now on, or to none."""
        if self._forwarding is not None:
            self._forwarding.__exit__(None, None, None)
            self._forwarding = None
        if reissue_warning is None:
            return
        self._forwarding = warnings.catch_warnings()
        self._forwarding.__enter__()
        warnings.simplefilter("always")

        def showwarning(message: Any, _category: Any, filename: str, lineno: int, *_: Any) -> None:
            reissue_warning(message, filename, lineno)

        warnings.showwarning = showwarning  # type: ignore[assignment] # it is called by position


def _reissue_warning(message: Warning, filename: str, lineno: int) -> None:
    """Issue a warning of the answer in this process, where the filters of the test apply."""
    if not isinstance(message, Warning):
        raise TypeError("The object is not a warning.")
    warnings.warn_explicit(message, None, filename, lineno)


class PatchingPeer(Peer):
    """The tester's side, which sends new patches before each remote call."""

    _patched_globals: PatchedGlobals | None = None

    def track_patches(self) -> None:
        """Record the current values as the original ones."""
        os.environ = Environment()  # type: ignore[assignment] # noqa: B003 - which counts changes, and clears nothing
        self._patched_globals = PatchedGlobals()

    def call(self, operation: str, reference: Any, *arguments: Any) -> Any:
        """Make a remote call. Raises BridgeError."""
        changes = self._patched_globals.changes() if self._patched_globals else {}
        if changes:
            super().call("patch", None, changes)
        return super().call(operation, reference, *arguments)
