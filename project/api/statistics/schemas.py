"""What the statistics of exercises answer."""

from pydantic import BaseModel, Field

from project.api.schemas import Page, Success
from project.judging.verdicts import Verdict


class StatisticsData(BaseModel):
    """How learners fare with an exercise."""

    exercise_id: int
    attempts: int = Field(description="Submissions that were graded.")
    learners: int = Field(description="Learners with a score for it.")
    solved: int = Field(description="Learners who solved it.")
    solve_rate: float | None = Field(description="Solved by learners; null where nobody tried.")
    median_attempts: float | None = Field(description="Of learners with graded submissions; null where there are none.")


class CaseFailures(BaseModel):
    """How often a test case was not passed."""

    name: str
    hidden: bool
    submissions: int = Field(description="Those in which it ran.")
    failed: int
    failure_rate: float


class VerdictsData(BaseModel):
    """How the latest submissions to an exercise ended."""

    exercise_id: int
    submissions: int = Field(description="At most the latest 1000 that were graded; all else is of these.")
    verdicts: dict[Verdict, int] = Field(description="Only those that there were.")
    cases: list[CaseFailures] = Field(description="The hardest first.")


class VerdictsAnswer(Success):
    """The verdicts of one exercise."""

    data: VerdictsData


class StatisticsAnswer(Success):
    """The figures of one exercise."""

    data: StatisticsData


class Statistics(BaseModel):
    """The figures of a page."""

    statistics: list[StatisticsData]


class StatisticsListAnswer(Page):
    """A page of figures, by the exercise's id."""

    data: Statistics
