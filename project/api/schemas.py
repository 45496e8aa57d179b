"""The types in all schemas. They validate what /openapi.json describes."""

import base64
import binascii
import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
MAX_DIGITS = 20  # of an integer in a query: more than any that there can be
DEFAULT_LIMIT, MAX_LIMIT = 100, 1000

# The names of resources in paths.
NAME_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_NAME_LENGTH = 100


class Payload(BaseModel):
    """What a client sends. Types are exact: "5" is no integer and 1 no boolean. Unknown keys are passed over."""

    model_config = ConfigDict(strict=True, frozen=True)


class Success(BaseModel):
    """What every success has."""

    status: Literal["success"] = "success"
    request_id: str = Field(description="The request's id, also in the header X-Request-ID.")


class Message(Success):
    """A success that says a sentence."""

    message: str


class Page(Success):
    """What every list has."""

    next: str | None = Field(description="The address of the next page, or null on the last one.")


NO_NUL = r"^[^\u0000]*$"


def _storable(text: str) -> str:
    """Refuse the two things that PostgreSQL cannot store; all other text is stored byte for byte."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Must have no lone half of a surrogate pair") from None
    if "\0" in text:
        raise ValueError("Must have no NUL character")
    return text


Text = Annotated[str, AfterValidator(_storable), Field(json_schema_extra={"pattern": NO_NUL})]
# Without control characters, which would have effects on a terminal.
Reason = Annotated[
    str,
    Field(min_length=1, max_length=500, pattern=r"^[^\u0000-\u001f\u007f-\u009f]*$"),
    AfterValidator(_storable),
]
JSON_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
MAX_EXACT = 2**53  # beyond it, a number that was written with a fraction or an exponent may have lost digits


def read_integer(value: Any) -> Any:
    """Read 23.0 as 23: to JSON Schema, and so to /openapi.json, both are the same integer."""
    if isinstance(value, float) and value.is_integer():
        if abs(value) > MAX_EXACT:
            raise ValueError("Must be written without a fraction or an exponent")
        return int(value)
    return value


Integer = Annotated[int, BeforeValidator(read_integer)]
# The limits precede the validator, or the published schema would lack them.
Int64 = Annotated[
    int, Field(ge=INT64_MIN, le=INT64_MAX, json_schema_extra={"format": "int64"}), BeforeValidator(read_integer)
]
Timestamp = Annotated[datetime, Field(examples=["2026-11-22T09:00:00.123456+00:00"])]


def query_integer(text: Any) -> Any:
    """Read an integer of a query, also one that is written 23.0. Pydantic refuses everything else."""
    if not isinstance(text, str) or not JSON_NUMBER.fullmatch(text):
        return text
    number = Decimal(text)
    return int(number) if number.adjusted() < MAX_DIGITS and number == number.to_integral_value() else text


def _boolean(text: Any) -> Any:
    return {"true": True, "false": False}.get(text, text) if isinstance(text, str) else text


def _time(text: Any) -> Any:
    """Read a time with an offset. A plus sign that was not percent-encoded arrives as a space."""
    if not isinstance(text, str):
        return text
    try:
        # Python's parser ignores a NUL after the offset.
        plain = text if re.fullmatch(r"[0-9T:.,Z +-]+", text) else ""
        return datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", plain))
    except ValueError:
        raise ValueError("Must be a time in ISO 8601 with an offset, such as 2026-11-22T09:00:00+00:00") from None


def encode_cursor(last_id: int) -> str:
    """Return the opaque cursor of the page after the row with this id."""
    return base64.urlsafe_b64encode(last_id.to_bytes(8, "big", signed=True)).decode().rstrip("=")


def _cursor(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        last_id = int.from_bytes(base64.urlsafe_b64decode(f"{text}="), "big", signed=True)
    except (binascii.Error, ValueError):
        last_id = INT64_MAX + 1
    if abs(last_id) > INT64_MAX or encode_cursor(last_id) != text:
        raise ValueError("Must be a cursor that came with an earlier page")
    return last_id


QueryInt64 = Annotated[Int64, BeforeValidator(query_integer)]
QueryBoolean = Annotated[bool, BeforeValidator(_boolean)]
QueryTime = Annotated[AwareDatetime, BeforeValidator(_time)]
Cursor = Annotated[
    int,
    BeforeValidator(_cursor),
    Field(json_schema_extra={"type": "string", "pattern": "^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$"}),
]


class ListQuery(Payload):
    """The parameters of every list."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT), BeforeValidator(query_integer)] = DEFAULT_LIMIT
    cursor: Cursor | None = Field(None, description="From `next` of the page before.")
