"""Ids in paths."""

import re

from werkzeug.routing import BaseConverter

from project.api.schemas import INT64_MAX
from project.web.errors import ApiError


def identifier(text: str, missing: type[ApiError]) -> int:
    """Return the id in a path. Raises `missing` for what cannot be an id, such as "7x" or 2**70."""
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > INT64_MAX:
        raise missing
    return int(text)


class ScoreId(BaseConverter):
    """The id in /scores/ID: anything but the words that have routes of their own."""

    regex = r"(?!(?:user|bulk|export|history|table)$)[^/]+"


class ExerciseId(BaseConverter):
    """The id in /exercises/ID: anything but the words that have routes of their own."""

    regex = r"(?!(?:stats|check)$)[^/]+"
