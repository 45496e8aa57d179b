"""What the progress API takes and answers."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from project.api.schemas import Payload, QueryInt64, Success, Timestamp

DEFAULT_DAYS, MAX_DAYS = 30, 366


def _day(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return date.fromisoformat(text if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else "")
    except ValueError:
        raise ValueError("Must be a day such as 2026-11-22") from None


QueryDay = Annotated[date, BeforeValidator(_day)]


class ProgressQuery(Payload):
    """Whose progress, and which days."""

    user_id: QueryInt64 | None = Field(None, description="If not the caller's own. Graders and admins only.")
    since: QueryDay | None = Field(None, description=f"The first day, in UTC; by default {DEFAULT_DAYS - 1} before.")
    until: QueryDay | None = Field(None, description="The last day; by default today.")


class DayData(BaseModel):
    """A day on which something happened."""

    day: date
    solved: int = Field(description="Exercises that were first solved on that day, and still count as solved.")
    submissions: int = Field(description="Submissions that were graded.")


class ProgressData(BaseModel):
    """How a learner is doing."""

    user_id: int
    solved: int
    attempted: int = Field(description="Exercises with a score.")
    reached_at: Timestamp | None = Field(description="When the last of the solved exercises was first solved.")
    last_activity_at: Timestamp | None = Field(description="When a score last changed.")
    today: date = Field(description="In UTC.")
    current_streak: int = Field(description="Days in a row with a solved exercise, up to today or yesterday.")
    longest_streak: int
    days: list[DayData] = Field(description="Those on which something happened.")


class ProgressAnswer(Success):
    """A learner's progress."""

    data: ProgressData
