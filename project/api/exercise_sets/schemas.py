"""Requests and responses of the exercise sets."""

from pydantic import BaseModel, Field

from project.api.schemas import Int64, Message, Page, Payload, Success, Timestamp

MAX_EXERCISES = 1000


class ExerciseSetPayload(Payload):
    """The exercises of a set."""

    exercise_ids: list[Int64] = Field(
        min_length=1,
        max_length=MAX_EXERCISES,
        description="Need not be in this service's catalogue.",
        examples=[[1, 2, 3]],
    )


class ExerciseSetData(BaseModel):
    """A named set of exercises."""

    id: int
    name: str
    exercise_ids: list[int]
    created_at: Timestamp
    updated_at: Timestamp


class ExerciseSetAnswer(Success):
    """One exercise set."""

    data: ExerciseSetData


class ExerciseSetWritten(Message):
    """The exercise set as it was written."""

    data: ExerciseSetData


class ExerciseSets(BaseModel):
    """The exercise sets of a page."""

    exercise_sets: list[ExerciseSetData]


class ExerciseSetsAnswer(Page):
    """A page of exercise sets."""

    data: ExerciseSets
