"""The runtimes of languages, by name. A new one needs a module here, and an entry in `judging/languages.py`."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Protocol

from .javascript import JavaScriptRuntime
from .python import PythonRuntime


class LanguageRuntime(Protocol):
    """Runs one answer in a language. Every method raises `Failure` when the learner's code fails."""

    def load(self, answer: str, name: str) -> None:
        """Run the body of the answer, as a module with this name."""

    def program(self, answer: str) -> None:
        """Run the answer as a program, which may exit with status 0."""

    def run(self, code: str) -> None:
        """Run test code in the namespace of the answer."""

    def call(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        """Call a function of the answer; return its value as JSON. Arguments and value may contain `forms`."""

    def construct(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> None:
        """Make an object of a class of the answer, and keep it for `method`."""

    def method(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        """Call a method of the object; return its value as JSON."""

    def module(self) -> ModuleType:
        """Return the answer as a module, for a tester in Python."""


RUNTIMES: Mapping[str, Callable[[], LanguageRuntime]] = {"python": PythonRuntime, "javascript": JavaScriptRuntime}
