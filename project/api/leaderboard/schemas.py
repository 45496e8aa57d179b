"""The requests and responses of the leaderboard."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from project.api.schemas import (
    INT64_MAX,
    INT64_MIN,
    MAX_LIMIT,
    MAX_NAME_LENGTH,
    NAME_PATTERN,
    Page,
    Payload,
    Success,
    Timestamp,
    query_integer,
)

DEFAULT_LIMIT = 50
MAX_EXERCISES = 100  # of a board that is computed for the request
MAX_NEIGHBOURS = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PACKED_POSITION = struct.Struct(">iqq")


class BoardPosition(NamedTuple):
    """A position on a board: minus the number of solved exercises, when that number was reached, and the learner."""

    descending: int
    reached_at: datetime
    user_id: int


def encode_position(position: BoardPosition) -> str:
    """Return the opaque cursor of the page after a position."""
    microseconds = (position.reached_at - EPOCH) // timedelta(microseconds=1)
    packed = PACKED_POSITION.pack(position.descending, microseconds, position.user_id)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _decode_position(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        packed = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
        descending, microseconds, user_id = PACKED_POSITION.unpack(packed)
        position = BoardPosition(descending, EPOCH + timedelta(microseconds=microseconds), user_id)
    except (binascii.Error, ValueError, struct.error, OverflowError):
        position = None
    if position is None or encode_position(position) != text:
        raise ValueError("Must be a cursor that came with an earlier page")
    return position


def _parse_exercise_ids(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    numbers = [query_integer(part) for part in text.split(",")]
    if not all(isinstance(number, int) and INT64_MIN <= number <= INT64_MAX for number in numbers):
        raise ValueError("Must be integers of 64 bits with commas between, such as 1,2,3")
    distinct = sorted(set(numbers))
    if len(distinct) > MAX_EXERCISES:
        raise ValueError(f"Must be at most {MAX_EXERCISES}")
    return distinct


ExerciseIds = Annotated[
    list[int],
    BeforeValidator(_parse_exercise_ids),
    WithJsonSchema({"type": "string", "pattern": "^-?[0-9]{1,18}(,-?[0-9]{1,18}){0,99}$"}),
]
PositionCursor = Annotated[
    BoardPosition,
    BeforeValidator(_decode_position),
    # `[AQgw]A`: the first bits of a time are zero until the year 9999. The last bits of the last character are padding.
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]{5}[AQgw]A[A-Za-z0-9_-]{19}[AEIMQUYcgkosw048]$"}),
]


class BoardQuery(Payload):
    """Which board is meant: by default that of all exercises."""

    exercise_ids: ExerciseIds | None = Field(None, description="Of these exercises only.")
    exercise_set: str | None = Field(
        None,
        pattern=NAME_PATTERN,
        max_length=MAX_NAME_LENGTH,
        description="Of the exercises of the set with this name.",
    )


class LeaderboardQuery(BoardQuery):
    """Which part of a board to list."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT), BeforeValidator(query_integer)] = DEFAULT_LIMIT
    cursor: PositionCursor | None = Field(None, description="From `next` of the page before.")


class OwnRankQuery(BoardQuery):
    """How much of a board to show around the caller."""

    neighbours: Annotated[int, Field(ge=0, le=MAX_NEIGHBOURS), BeforeValidator(query_integer)] = Field(
        2, description="So many learners before and as many behind the caller."
    )


class RankData(BaseModel):
    """A learner's place on a board."""

    rank: int = Field(description="From 1. Most solved first; of equals, who got there first.")
    user_id: int
    username: str | None = Field(description="Null where the users are kept by a users-service.")
    solved: int
    reached_at: Timestamp = Field(description="When the last of the exercises that count was first solved.")


class Ranks(BaseModel):
    """The learners of a page."""

    leaderboard: list[RankData]


class LeaderboardAnswer(Page):
    """A page of a board."""

    data: Ranks


class OwnRankData(BaseModel):
    """The caller's place on a board."""

    rank: int | None = Field(description="Null for one who has solved nothing.")
    learners: int = Field(description="How many have solved something.")
    solved: int
    reached_at: Timestamp | None
    before: list[RankData]
    after: list[RankData]


class OwnRankAnswer(Success):
    """The caller's rank and neighbours."""

    data: OwnRankData
