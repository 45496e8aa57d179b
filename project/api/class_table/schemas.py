"""What the table of a class takes and answers."""

from typing import Annotated

from pydantic import BaseModel, Field

from project.api.schemas import MAX_NAME_LENGTH, NAME_PATTERN, ListQuery, Page

# Whether it is solved, the points, and the graded submissions. A list, as there may be 200,000 of them.
Cell = Annotated[
    tuple[bool, int | None, int],
    Field(description="Whether it is solved; the points, null where somebody only reported it; graded submissions."),
]


class TableQuery(ListQuery):
    """Which exercises, and which learners of them."""

    exercise_set: str | None = Field(
        None,
        pattern=NAME_PATTERN,
        max_length=MAX_NAME_LENGTH,
        description="Those of the set with this name; by default the first 1000 of the catalogue.",
    )


class ColumnData(BaseModel):
    """An exercise; what it has nothing of is null, also where it is not in this service's catalogue."""

    id: int
    title: str | None
    slug: str | None
    max_points: int | None


class RowData(BaseModel):
    """A learner, and their scores in the order of the exercises."""

    user_id: int
    username: str | None = Field(description="Null where the users are kept by a users-service.")
    scores: list[Cell | None] = Field(description="Null where the learner has none.")


class TableData(BaseModel):
    """The exercises, and the learners of a page."""

    exercises: list[ColumnData]
    learners: list[RowData]


class TableAnswer(Page):
    """A page of the table, by the learner's id."""

    data: TableData
