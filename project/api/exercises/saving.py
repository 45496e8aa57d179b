"""From an author's exercise to its stored columns: the rules, and the trial of the solutions. For API and imports."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from flask import current_app

from project.api.exercises import queries
from project.api.exercises.further_languages import columns
from project.api.exercises.problems import limits_to_store
from project.api.exercises.rules import broken_rules
from project.api.exercises.schemas import ExercisePayload
from project.api.exercises.solutions import Trial, try_solutions
from project.api.exercises.stored_inputs import find_inputs, separate
from project.extensions import db
from project.web.errors import ApiError


class ExerciseRefused(ApiError):
    """The parts of the exercise do not fit together, or go over the ceilings of the settings; `errors` names them."""

    http_status = 400
    status: ClassVar[Literal["fail", "error"]] = "fail"
    message = "Sorry. That exercise cannot be judged."


class SolutionRefused(ExerciseRefused):
    """The reference solution is not accepted, or the starter is; `errors` says why."""

    message = "Sorry. The reference solution must be accepted, and the starter must not."


def stored_values(payload: ExercisePayload) -> dict[str, Any]:
    """Return the columns of an exercise whose rules hold, with new large inputs still in their cases.

    Raises:
        ExerciseRefused: with the fields that are wrong.

    """
    if errors := broken_rules(payload, current_app.config):
        raise ExerciseRefused(errors=errors)
    limits = limits_to_store(payload.limits.model_dump(exclude_unset=True))
    values = payload.model_dump() | {"limits": limits} | columns(payload.languages)
    values["cases"], errors = find_inputs(values["cases"])
    if errors:
        raise ExerciseRefused(errors=errors)
    return values


def store_inputs(values: Mapping[str, Any]) -> dict[str, Any]:
    """Store the large inputs of an exercise in the transaction of the caller, and return its columns without them."""
    cases, inputs = separate(values["cases"])
    for digest in sorted(inputs):  # in the same order in all transactions, against deadlocks
        db.session.execute(queries.add_input(digest, inputs[digest]))
    return {**values, "cases": cases}


def check_solutions(values: Mapping[str, Any]) -> None:
    """Try the solutions of an exercise.

    This runs the solutions, which may take long: no transaction should be open.

    Raises:
        SolutionRefused: with what is wrong.
        ServiceUnavailable: there is a solution, but no sandbox to try it in.

    """
    refuse_if_wrong(try_solutions(values))


def refuse_if_wrong(trial: Trial) -> None:
    """Raise `SolutionRefused` with what is wrong, if anything is."""
    if errors := trial.errors():
        raise SolutionRefused(errors=errors)
