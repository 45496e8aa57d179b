"""What the exercises API takes and answers."""

from pydantic import BaseModel, Field

from project.api.exercises.grading import Grading
from project.api.schemas import Message, Page, Payload, Success, Text, Timestamp


class ExercisePayload(Payload):
    """An exercise to add."""

    exercise_body: Text = Field(min_length=1, description="What the learner reads.", examples=["Write `add(a, b)`."])
    test_code: Text = Field(description="The call that is judged.", examples=["print(add(2, 3))"])
    test_code_solution: Text = Field(description="What it must print.", examples=["5"])
    grading: Grading = Field(
        Grading.SELF, strict=False, description="`self`: the learner reports his score. `server`: the service decides."
    )


class PublicExercise(BaseModel):
    """An exercise as a learner sees it."""

    id: int
    exercise_body: str
    grading: Grading
    created_at: Timestamp


class ExerciseData(PublicExercise):
    """An exercise; what only admins see is absent for everybody else."""

    test_code: str | None = Field(None, description="For admins.")
    test_code_solution: str | None = Field(None, description="For admins.")


class ExerciseAnswer(Success):
    """One exercise."""

    data: ExerciseData


class ExerciseWritten(Message):
    """The exercise as it was written."""

    data: ExerciseData


class Exercises(BaseModel):
    """The exercises of a page."""

    exercises: list[ExerciseData]


class ExercisesAnswer(Page):
    """A page of exercises."""

    data: Exercises
