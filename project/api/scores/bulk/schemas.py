"""The requests and responses of bulk loads and exports."""

from typing import Literal

from pydantic import BaseModel, Field

from project.api.schemas import Int64, Message, Payload, QueryBoolean, QueryInt64, QueryTime
from project.api.scores.schemas import Correct

FIELDS = ("user_id", "exercise_id", "correct")
# What an export has besides is known, and passed over: how a score came about is recorded anew.
EXPORTED = (
    *("id", "user_id", "exercise_id", "correct", "source", "points", "max_points", "attempts"),
    *("created_at", "updated_at"),
)


class Line(Payload):
    """A line of a bulk load."""

    user_id: Int64
    exercise_id: Int64
    correct: Correct


class BulkQuery(Payload):
    """How to load."""

    atomic: QueryBoolean = Field(default=False, description="All or nothing: one bad line, and nothing is written.")


class ExportQuery(Payload):
    """Which scores to export, and how."""

    format: Literal["ndjson", "csv"] = "ndjson"
    user_id: QueryInt64 | None = None
    exercise_id: QueryInt64 | None = None
    correct: QueryBoolean | None = None
    since: QueryTime | None = Field(None, description="Created at or after this time.")
    until: QueryTime | None = Field(None, description="Created before this time.")
    updated_since: QueryTime | None = Field(None, description="Changed at or after this time.")


class LineError(BaseModel):
    """What is wrong with a line."""

    line: int = Field(description="Its number, from 1; a CSV header is line 1.")
    field: str = Field(description="The field, or `line` when it is the line as a whole.")
    reason: str


class BulkSummary(BaseModel):
    """What became of the lines. Blank ones count for nothing but the numbers of the others."""

    lines: int = Field(description="Lines that were read and are not blank, without a CSV header.")
    inserted: int
    updated: int
    unchanged: int = Field(description="Scores that said so already, by somebody trusted. They are left as they are.")
    duplicates: int = Field(description="Good lines that a later one of the same chunk replaced.")
    failed: int = Field(description="Bad lines.")
    written_through: int = Field(
        description="Everything up to this line is written, but for bad lines; nothing after it."
    )
    unknown_through: int | None = Field(
        description="Not null when the database was lost while it committed: the lines up to this one are all "
        "written, or none of them."
    )
    errors: list[LineError] = Field(description="Of the first 1,000 bad lines.")


class BulkAnswer(Message):
    """The load has ended."""

    data: BulkSummary
