"""Parsing the lines of NDJSON and CSV.

A valid line in the usual form is parsed in about a microsecond. All others are validated by the schema of
`POST /scores`, so that both report a mistake in the same words.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

import orjson

from project.api.payload import parse_json, validate
from project.api.schemas import INT64_MAX, INT64_MIN, query_integer
from project.api.scores.bulk.schemas import EXPORTED, FIELDS, Line
from project.web.errors import InvalidPayload

# User, exercise, correct. A plain tuple: a NamedTuple for each of millions of lines would take too long.
ParsedLine = tuple[int, int, bool]
LineParser = Callable[[bytes], ParsedLine]

BOM = b"\xef\xbb\xbf"
# t and f are those of psql.
BOOLEANS = {"true": True, "false": False, "t": True, "f": False}
# So few digits that it is an int64.
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
QUOTES = 2 * len(FIELDS)  # in a line whose only strings are its keys, each of which comes once


class Format(StrEnum):
    """The formats of scores, with a line for each."""

    NDJSON = "ndjson"
    CSV = "csv"


MEDIA_TYPES = {
    "application/x-ndjson": Format.NDJSON,
    "application/ndjson": Format.NDJSON,
    "text/csv": Format.CSV,
}
EXPORT_MEDIA_TYPES = {Format.NDJSON: "application/x-ndjson", Format.CSV: "text/csv"}


class UnendedLine(bytes):
    """A last line without a line break, of a body that may have been cut off there."""

    __slots__ = ()


class BadLine(InvalidPayload):
    """A line that is no valid score; `errors` has the reasons, by field."""


def split_lines(blocks: Iterable[bytes], max_bytes: int, *, is_complete: bool) -> Iterator[list[bytes]]:
    """Yield the lines of a text in blocks, without their line breaks.

    A line that is longer than `max_bytes` is cut to one byte more. Unless the text is known to be complete, a last line
    without a line break is an `UnendedLine`.
    """
    rest = b""
    for number, block in enumerate(blocks):
        *lines, rest = (rest + (block if number else block.removeprefix(BOM))).split(b"\n")
        rest = rest[: max_bytes + 1]
        yield lines
    if rest:
        yield [rest if is_complete else UnendedLine(rest)]


def check_line(line: bytes, max_bytes: int) -> None:
    """Reject a line that is too long, or may be incomplete. Raises `BadLine`."""
    if len(line) > max_bytes:
        raise BadLine(errors={"line": [f"Must have at most {max_bytes} bytes."]})
    if isinstance(line, UnendedLine):
        raise BadLine(errors={"line": ["Has no end: the body may have been cut off. End it with a line break."]})


def parse_ndjson(line: bytes) -> ParsedLine:
    """Return the score in a line of NDJSON. Raises `BadLine`."""
    try:
        found = orjson.loads(line)
        user_id, exercise_id, correct = found["user_id"], found["exercise_id"], found["correct"]
    except (ValueError, KeyError, TypeError):
        return _validated_json(line)
    if (
        type(user_id) is int
        and type(exercise_id) is int
        and type(correct) is bool
        and INT64_MIN <= user_id <= INT64_MAX
        and INT64_MIN <= exercise_id <= INT64_MAX
        and len(found) == len(FIELDS)
        and line.count(b'"') == QUOTES
    ):
        return user_id, exercise_id, correct
    return _validated_json(line)


def _validated_json(line: bytes) -> ParsedLine:
    try:
        return _validated(parse_json(line))
    except ValueError as error:
        raise BadLine(errors={"line": [str(error)]}) from None


def _validated(values: object) -> ParsedLine:
    """Return the score, validated by the schema."""
    if not isinstance(values, dict):
        raise BadLine(errors={"line": ["Must be an object."]})
    if unknown := [name for name in values if name not in EXPORTED]:
        raise BadLine(errors={name[:64]: ["Is no field of a score."] for name in unknown[:10]})
    found = validate(Line, values, BadLine)
    return found.user_id, found.exercise_id, found.correct


def csv_parser(header: bytes) -> LineParser:
    """Return the parser of the lines below a CSV header. Raises `BadLine` if that has other columns than a score."""
    names = [name.strip() for name in _fields(header.removeprefix(BOM))]
    errors = {name: ["Must be a column."] for name in FIELDS if name not in names}
    errors |= {name[:64] or "header": ["Is no column of a score."] for name in names if name not in EXPORTED}
    errors |= {name: ["Must be a column once."] for name in names if names.count(name) > 1 and name in EXPORTED}
    if errors:
        raise BadLine(errors=errors)
    user, exercise, correct = (names.index(name) for name in FIELDS)

    def parse(line: bytes) -> ParsedLine:
        fields = _fields(line)
        if len(fields) != len(names):
            raise BadLine(errors={"line": [f"Must have {len(names)} fields, and has {len(fields)}."]})
        texts = fields[user], fields[exercise], fields[correct]
        if INTEGER.fullmatch(texts[0]) and INTEGER.fullmatch(texts[1]) and texts[2] in BOOLEANS:
            return int(texts[0]), int(texts[1]), BOOLEANS[texts[2]]
        return _validated(
            {
                "user_id": query_integer(texts[0]),
                "exercise_id": query_integer(texts[1]),
                "correct": BOOLEANS.get(texts[2], texts[2]),
            }
        )

    return parse


def _fields(line: bytes) -> list[str]:
    """Return the fields of a line of CSV. No field of a score has a line break, so each line is a record."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise BadLine(errors={"line": ["Must be CSV in UTF-8."]}) from None
    text = text.removesuffix("\r")
    if '"' not in text:
        return text.split(",")
    try:
        (fields,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError):
        raise BadLine(errors={"line": ["Is no CSV: a quote is wrong."]}) from None
    return fields
