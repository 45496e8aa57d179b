"""From an exercise as it is stored to a problem for the judge."""

from collections.abc import Mapping
from typing import Any

from project.api.exercises.further_languages import limits_in
from project.api.exercises.stored_inputs import read_input
from project.judging.problems import Case, Problem, legacy_case
from project.sandbox.limits import Limits


def problem(row: Mapping[str, Any], language: str | None = None) -> Problem:
    """Return the problem of an exercise; `row` is one of exercises or exercise_versions.

    `language` is the chosen one of its languages. Without cases, test_code and test_code_solution are its only case.

    Raises:
        KeyError, TypeError, ValueError: the row was written in SQL, and cannot be judged.

    """
    cases = tuple(Case.from_json(case) for case in row["cases"])
    limits = Limits.from_json(row["limits"])
    if language not in (None, row["language"]):
        limits = limits_in(limits, row["languages"][language])
    return Problem(
        language=language or row["language"],
        cases=cases or (legacy_case(row["test_code"], row["test_code_solution"]),),
        limits=limits,
        stop_after_time_limits=row["stop_after_time_limits"],
        shared_sandbox=row["shared_sandbox"],
        support_files=row["support_files"],
        read_input=read_input,
    )


def limits_to_store(given: Mapping[str, int]) -> dict[str, int]:
    """Return the given limits without those that are as by default: `Limits.from_json` makes the same of both."""
    wanted = Limits.from_json(given).as_json()
    default_cpu = Limits().cpu_ms
    usual = Limits.from_json({"cpu_ms": wanted["cpu_ms"]}).as_json() | {"cpu_ms": default_cpu}
    return {name: value for name, value in wanted.items() if value != usual[name]}
