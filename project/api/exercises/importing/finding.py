"""Finding exercises below a folder: one exercise, a folder of exercises, or a track."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from project.api.exercises.importing import exercism, own_format
from project.api.exercises.importing.folders import Folder, Unusable
from project.api.exercises.schemas import ExercisePayload

Reader = Callable[[Folder, str], dict[str, Any]]

COLLECTIONS = ("exercises/practice", "exercises/concept", "practice", "concept")


def find_exercises(root: Folder) -> list[Folder]:
    """Return the folders that are, or should be, exercises. Raises Unusable if the root cannot be read."""
    if root.has(own_format.TABLE):
        return [root]
    collections = [root.folder(name) for name in COLLECTIONS if root.has(name) and not root.has(f"{name}/.meta")]
    collections = [folder for folder in collections if not folder.has(own_format.TABLE)]
    if not collections and exercism.is_exercise(root):
        return [root]
    return [folder.folder(name) for folder in collections or [root] for name in folder.folders()]


def read_exercise(folder: Folder, language: str) -> ExercisePayload:
    """Return the exercise in a folder. Raises Unusable with the reason if it cannot be imported."""
    try:
        return ExercisePayload.model_validate(_reader(folder)(folder, language))
    except ValidationError as failure:
        sentences = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in failure.errors()]
        raise Unusable("; ".join(sentences)) from None


def _reader(folder: Folder) -> Reader:
    if folder.has(own_format.TABLE):
        return own_format.read
    if exercism.is_exercise(folder):
        return exercism.read
    raise Unusable(f"is no exercise: it has neither {own_format.TABLE} nor a test module")
