"""Imports modules from sources in memory: the files of a test or of an answer."""

import importlib.abc
import importlib.machinery
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from .bare_asserts import BEFORE, MESSAGE, compile_explained, message


class SourceFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules from sources in memory."""

    def __init__(
        self, files: Mapping[str, str], tests: str = "", before_assert: Callable[[], None] = lambda: None
    ) -> None:
        """Set the sources by file name.

        `tests`: the module whose bare asserts get messages; `before_assert` is called before each of these.
        """
        self._tests = tests
        self._before_assert = before_assert
        self._sources = {name.removesuffix(".py"): source for name, source in files.items()}

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module among the sources."""
        if fullname not in self._sources:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=f"{fullname}.py")

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's source."""
        name = module.__name__
        if name == self._tests:
            module.__dict__.update({MESSAGE: message, BEFORE: self._before_assert})
            code = compile_explained(self._sources[name], f"{name}.py", announced=True)
        else:
            code = compile(self._sources[name], f"{name}.py", "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - the purpose of a loader
