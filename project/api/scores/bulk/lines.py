"""From bytes to scores: what a line of NDJSON or CSV says, and what is wrong with it.

A good line takes the short way, about a microsecond. Whatever that does not take goes through the checks of
`POST /scores`, so that both say the same about the same mistake.
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

Row = tuple[int, int, bool]
Parse = Callable[[bytes], Row]

BOM = b"\xef\xbb\xbf"
# psql writes t and f.
BOOLEANS = {"true": True, "false": False, "t": True, "f": False}
# So few digits that it is an int64.
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
QUOTES = 2 * len(FIELDS)  # in a line whose only strings are its keys, each of which comes once


class Format(StrEnum):
    """How scores are written down, a line for each."""

    NDJSON = "ndjson"
    CSV = "csv"


MEDIA_TYPES = {
    "application/x-ndjson": Format.NDJSON,
    "application/ndjson": Format.NDJSON,
    "text/csv": Format.CSV,
}
WRITTEN_AS = {Format.NDJSON: "application/x-ndjson", Format.CSV: "text/csv"}


class Cut(bytes):
    """A last line without an end, of a body that may have been cut off there."""

    __slots__ = ()


class BadLine(InvalidPayload):
    """A line that is no score; `errors` says why, by field."""


def split(blocks: Iterable[bytes], longest: int, *, whole: bool) -> Iterator[list[bytes]]:
    """Yield the lines of a text that comes in blocks, without their ends.

    Of a line that is longer than `longest`, a byte more than that is kept. When the text is not known to be `whole`, a
    last line without an end is a `Cut`.
    """
    rest = b""
    for number, block in enumerate(blocks):
        *lines, rest = (rest + (block if number else block.removeprefix(BOM))).split(b"\n")
        rest = rest[: longest + 1]
        yield lines
    if rest:
        yield [rest if whole else Cut(rest)]


def check(line: bytes, longest: int) -> None:
    """Refuse a line that nobody should look into. Raises `BadLine`."""
    if len(line) > longest:
        raise BadLine(errors={"line": [f"Must have at most {longest} bytes."]})
    if isinstance(line, Cut):
        raise BadLine(errors={"line": ["Has no end: the body may have been cut off. End it with a line break."]})


def ndjson(line: bytes) -> Row:
    """Return the score in a line of NDJSON. Raises `BadLine`."""
    try:
        found = orjson.loads(line)
        user_id, exercise_id, correct = found["user_id"], found["exercise_id"], found["correct"]
    except (ValueError, KeyError, TypeError):
        return _checked_json(line)
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
    return _checked_json(line)


def _checked_json(line: bytes) -> Row:
    try:
        return _checked(parse_json(line))
    except ValueError as error:
        raise BadLine(errors={"line": [str(error)]}) from None


def _checked(values: object) -> Row:
    """Return the score as the schema reads it."""
    if not isinstance(values, dict):
        raise BadLine(errors={"line": ["Must be an object."]})
    if unknown := [name for name in values if name not in EXPORTED]:
        raise BadLine(errors={name[:64]: ["Is no field of a score."] for name in unknown[:10]})
    found = validate(Line, values, BadLine)
    return found.user_id, found.exercise_id, found.correct


def csv_parser(header: bytes) -> Parse:
    """Return what reads the lines below a CSV header. Raises `BadLine` when that has other columns than a score's."""
    names = [name.strip() for name in _fields(header.removeprefix(BOM))]
    errors = {name: ["Must be a column."] for name in FIELDS if name not in names}
    errors |= {name[:64] or "header": ["Is no column of a score."] for name in names if name not in EXPORTED}
    errors |= {name: ["Must be a column once."] for name in names if names.count(name) > 1 and name in EXPORTED}
    if errors:
        raise BadLine(errors=errors)
    user, exercise, correct = (names.index(name) for name in FIELDS)

    def parse(line: bytes) -> Row:
        fields = _fields(line)
        if len(fields) != len(names):
            raise BadLine(errors={"line": [f"Must have {len(names)} fields, and has {len(fields)}."]})
        texts = fields[user], fields[exercise], fields[correct]
        if INTEGER.fullmatch(texts[0]) and INTEGER.fullmatch(texts[1]) and texts[2] in BOOLEANS:
            return int(texts[0]), int(texts[1]), BOOLEANS[texts[2]]
        return _checked(
            {
                "user_id": query_integer(texts[0]),
                "exercise_id": query_integer(texts[1]),
                "correct": BOOLEANS.get(texts[2], texts[2]),
            }
        )

    return parse


def _fields(line: bytes) -> list[str]:
    """Return the fields of a line of CSV. No score has a line break in it, so a line is a record."""
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
