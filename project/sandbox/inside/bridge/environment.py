"""The environment variables of the tester. Changes are counted, so that they can be copied to the answer's process."""

import os
from collections.abc import Iterator, MutableMapping


class Environment(MutableMapping[str, str]):
    """A replacement for `os.environ` that delegates to it."""

    def __init__(self) -> None:
        self._variables = os.environ
        self.version = 0

    def __getitem__(self, name: str) -> str:
        return self._variables[name]

    def __setitem__(self, name: str, value: str) -> None:
        self._variables[name] = value
        self.version += 1

    def __delitem__(self, name: str) -> None:
        del self._variables[name]
        self.version += 1

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def copy(self) -> dict[str, str]:
        """Return a dict with the same variables."""
        return dict(self._variables)
