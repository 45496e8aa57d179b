"""What the statistics of exercises answer."""

from pydantic import BaseModel, Field

from project.api.schemas import Page, Success


class StatisticsData(BaseModel):
    """How learners fare with an exercise."""

    exercise_id: int
    attempts: int = Field(description="Submissions that were graded.")
    learners: int = Field(description="Learners with a score for it.")
    solved: int = Field(description="Learners who solved it.")
    solve_rate: float | None = Field(description="Solved by learners; null where nobody tried.")
    median_attempts: float | None = Field(description="Of learners with graded submissions; null where there are none.")


class StatisticsAnswer(Success):
    """The figures of one exercise."""

    data: StatisticsData


class Statistics(BaseModel):
    """The figures of a page."""

    statistics: list[StatisticsData]


class StatisticsListAnswer(Page):
    """A page of figures, by the exercise's id."""

    data: Statistics
