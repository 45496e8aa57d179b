"""Trying imported exercises. Tracks have no limits, so a reference solution that needs more time gets it."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from project.api.exercises.importing import own_format
from project.api.exercises.importing.folders import Folder
from project.api.exercises.problems import limits_to_store
from project.api.exercises.rules import most_time
from project.api.exercises.saving import refuse_if_wrong, stored_values
from project.api.exercises.schemas import DEFAULTS, ExercisePayload
from project.api.exercises.solutions import try_solutions

Values = dict[str, Any]


def alternatives(folder: Folder, payload: ExercisePayload) -> list[Values]:
    """Return the alternatives of an exercise: as it is, and for one of a track also with the longest time limits.

    Raises ExerciseRefused, as stored_values does.
    """
    values = stored_values(payload)
    most = most_time(current_app.config)
    if folder.has(own_format.TABLE) or most["cpu_ms"] < DEFAULTS.cpu_ms:
        return [values]
    return [values, values | {"limits": limits_to_store(most)}]


def first_in_time(alternatives: Sequence[Values]) -> Values:
    """Return the first alternative whose reference solution is within its time limits.

    Raises:
        SolutionRefused: with what is wrong.
        ServiceUnavailable: there is no sandbox, or it failed.

    """
    for values in alternatives:
        trial = try_solutions(values)
        if not trial.is_late:
            break
    refuse_if_wrong(trial)
    return values
