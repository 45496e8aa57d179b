"""The answer as a module that the test imports: a proxy for the remote module."""

import builtins
import sys
from types import ModuleType
from typing import Any

from ..definitions import MAX_NAME, MAX_NAMES, missing
from .proxies import reference_of
from .references import RemoteReference

# The answer must not redefine names of a test: `import *` skips these, and all names that the importing module already
# has.
_KEPT = frozenset(
    {
        *(*dir(builtins), *sys.stdlib_module_names, "load_tests", "setUpModule", "tearDownModule"),
        *("pytest", "pytestmark", "setup_module", "teardown_module", "setup_function", "teardown_function"),
    }
)

MISSING = "__missing__"  # the attribute with the sentence about the last name that the answer does not define


class AnswerModule(ModuleType):
    """The answer. Each attribute is fetched from the module on the learner's side."""

    def __init__(self, name: str, module: Any) -> None:
        super().__init__(name)
        self.__dict__.update(__reference__=reference_of(module), _AnswerModule__module=module)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":  # for `import *`
            kept = _KEPT | sys._getframe(1).f_globals.keys()  # noqa: SLF001 - of the module that imports
            names = [name for name in dir(self.__module) if not name.startswith("_") and name not in kept]
            return [name for name in names if not name.startswith("Test") or not _has_tests(getattr(self, name))]
        if name.startswith("__"):
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        try:
            return getattr(self.__module, name)
        except AttributeError:
            self.__dict__[MISSING] = sentence = missing(name, _defined(self.__reference__))
            raise AttributeError(sentence, name=name, obj=self) from None

    def __dir__(self) -> list[str]:
        return dir(self.__module)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__module, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self.__module, name)


def _has_tests(value: Any) -> bool:
    """Whether this is a local class that would be collected as one of the test module."""
    return type(value) is type and any(name.startswith("test") for name in dir(value))


def _defined(module: RemoteReference) -> list[str]:
    names = module.call("defined")
    return [name[:MAX_NAME] for name in names[:MAX_NAMES] if type(name) is str] if type(names) is tuple else []
