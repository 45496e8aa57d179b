"""The languages of an exercise that learners may choose in place of its default one.

The column `languages` has what differs in each, by name: `starter`, `cpu_factor` and `memory_factor`. Learners may read
it, and versions keep it. The column `reference_solutions` has the rest.
"""

from collections.abc import Mapping
from typing import Any

from project.api.exercises.language_fields import GivenLanguage
from project.judging.languages import LANGUAGES
from project.sandbox.limits import Limits


def columns(given: Mapping[str, GivenLanguage]) -> dict[str, Any]:
    """Return the values of both columns. What depends on the service's defaults is stored as it is now."""
    solutions = {name: one.reference_solution for name, one in given.items()}
    return {
        "languages": {name: {"starter": one.starter, **_factors(name, one)} for name, one in given.items()},
        "reference_solutions": {name: text for name, text in solutions.items() if text is not None},
    }


def _factors(name: str, given: GivenLanguage) -> dict[str, float]:
    usual = LANGUAGES[name]
    return {
        "cpu_factor": usual.cpu_factor if given.cpu_factor is None else given.cpu_factor,
        "memory_factor": usual.memory_factor if given.memory_factor is None else given.memory_factor,
    }


def limits_in(limits: Limits, stored: Mapping[str, Any]) -> Limits:
    """Return the limits in a language, which is a value of the column `languages`."""
    return limits.multiplied(stored["cpu_factor"], stored["memory_factor"])


def offered(row: Mapping[str, Any]) -> list[str]:
    """Return the names of all languages of an exercise, or of a version of it: its default one first."""
    return [row["language"], *row["languages"]]
