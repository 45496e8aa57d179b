"""What the scores API takes and answers."""

from typing import Annotated

from pydantic import BaseModel, Field

from project.api.schemas import (
    Int64,
    ListQuery,
    Message,
    Page,
    Payload,
    QueryBoolean,
    QueryInt64,
    QueryTime,
    Reason,
    Success,
    Timestamp,
)
from project.api.scores.sources import Action, Source

Correct = Annotated[bool, Field(description="Whether the exercise is solved.")]


class ScorePayload(Payload):
    """A score to record."""

    exercise_id: Int64 = Field(description="Need not be in this service's catalogue.", examples=[1])
    correct: Correct = Field(examples=[True])
    user_id: Int64 | None = Field(None, description="Whose score it is, if not the caller's. Graders and admins only.")
    reason: Reason | None = Field(None, description="Kept in the history. Graders and admins only.")


class ScoreQuery(ListQuery):
    """Which scores to list."""

    exercise_id: QueryInt64 | None = None
    correct: QueryBoolean | None = None
    since: QueryTime | None = Field(None, description="Created at or after this time.")
    until: QueryTime | None = Field(None, description="Created before this time.")
    updated_since: QueryTime | None = Field(None, description="Changed at or after this time.")


class AllScoresQuery(ScoreQuery):
    """Which scores of all users to list."""

    user_id: QueryInt64 | None = None


class ScoreData(BaseModel):
    """A score."""

    id: int
    user_id: int
    exercise_id: int
    correct: Correct
    source: Source
    points: int | None = Field(description="Of the graded submission that decided; null when somebody reported it.")
    max_points: int | None
    attempts: int = Field(description="How many submissions were graded.")
    created_at: Timestamp
    updated_at: Timestamp


class ScoreAnswer(Success):
    """One score."""

    data: ScoreData


class ScoreWritten(Message):
    """The score as it was written."""

    data: ScoreData


class Scores(BaseModel):
    """The scores of a page."""

    scores: list[ScoreData]


class ScoresAnswer(Page):
    """A page of scores."""

    data: Scores


class ScoreChangeData(BaseModel):
    """One entry of a score's history."""

    id: int
    action: Action
    correct: bool = Field(description="As of this entry; of a deleted score, its last.")
    source: Source
    recorded_by: int | None = Field(
        description="Whose token it was; null when the service graded, or for a change in the database itself."
    )
    recorded_at: Timestamp
    points: int | None
    max_points: int | None
    attempts: int
    submission_id: int | None = Field(description="The submission that was counted, if it was one.")
    rejudge_id: int | None = Field(description="The rejudge that was applied or undone, if it was one.")
    reason: str | None = Field(description="That a grader or an admin gave.")


class Changes(BaseModel):
    """The entries of a page."""

    history: list[ScoreChangeData]


class HistoryAnswer(Page):
    """A page of a score's history, oldest first."""

    data: Changes


class UserHistoryQuery(ListQuery):
    """Whose history to list."""

    user_id: QueryInt64 | None = Field(None, description="By default the caller. Learners see their own only.")
    exercise_id: QueryInt64 | None = None


class UserChangeData(ScoreChangeData):
    """One entry of a learner's history."""

    score_id: int
    user_id: int
    exercise_id: int


class UserChanges(BaseModel):
    """The entries of a page."""

    history: list[UserChangeData]


class UserHistoryAnswer(Page):
    """A page of a learner's history, newest first."""

    data: UserChanges
