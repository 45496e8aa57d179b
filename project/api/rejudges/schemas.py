"""What the rejudges API answers."""

from pydantic import BaseModel, Field

from project.api.rejudges.states import RejudgeState
from project.api.schemas import Message, Page, Success, Timestamp


class RejudgeData(BaseModel):
    """A rejudge."""

    id: int
    exercise_id: int
    exercise_version: int = Field(description="By which the submissions are judged anew.")
    requested_by: int
    state: RejudgeState
    submissions: int = Field(description="How many are judged.")
    judged: int = Field(description="How many of them have been so far.")
    applied: int | None = Field(description="How many scores were changed.")
    skipped: int | None = Field(description="How many were left alone, since they had changed meanwhile.")
    restored: int | None = Field(description="How many were changed back.")
    created_at: Timestamp
    ready_at: Timestamp | None
    applied_at: Timestamp | None
    undone_at: Timestamp | None


class RejudgeAnswer(Success):
    """One rejudge."""

    data: RejudgeData


class RejudgeQueued(Message):
    """The rejudge has been queued: read how far it is at the address in `Location`."""

    data: RejudgeData


class RejudgeWritten(Message):
    """The rejudge, and how many scores were changed."""

    data: RejudgeData


class Rejudges(BaseModel):
    """The rejudges of a page."""

    rejudges: list[RejudgeData]


class RejudgesAnswer(Page):
    """A page of rejudges, newest first."""

    data: Rejudges


class ScoreResult(BaseModel):
    """What a score says."""

    correct: bool
    points: int | None
    max_points: int | None
    submission_id: int = Field(description="The one that decides.")


class ChangeData(BaseModel):
    """A score that would be another one."""

    score_id: int
    user_id: int
    username: str | None = Field(description="Null where the users are kept by a users-service.")
    before: ScoreResult
    after: ScoreResult


class Changes(BaseModel):
    """The changes of a page."""

    changes: list[ChangeData]


class ChangesAnswer(Page):
    """A page of changes, by the score's id."""

    data: Changes
