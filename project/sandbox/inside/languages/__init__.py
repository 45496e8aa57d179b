"""The languages that a run can speak, by name. A new one: a module here, and its line in `judging/languages.py`."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Protocol

from .javascript import JavaScript
from .python import Python


class Language(Protocol):
    """One answer in a language. Every method raises `Failure` when the learner's code fails."""

    def load(self, answer: str, name: str) -> None:
        """Run the answer's body, as a module of this name."""

    def program(self, answer: str) -> None:
        """Run the answer as a program, which may end itself with status 0."""

    def run(self, code: str) -> None:
        """Run test code where the answer's names are known."""

    def call(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        """Call a function of the answer; return its value as JSON. Arguments and value may have `forms`."""

    def construct(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> None:
        """Make an object of a class of the answer, and keep it for `method`."""

    def method(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        """Call a method of the object; return its value as JSON."""

    def module(self) -> ModuleType:
        """Return the answer for a tester in Python."""


LANGUAGES: Mapping[str, Callable[[], Language]] = {"python": Python, "javascript": JavaScript}
