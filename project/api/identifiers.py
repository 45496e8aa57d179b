"""Ids in addresses."""

import re

from werkzeug.routing import BaseConverter

from project.api.schemas import INT64_MAX
from project.web.errors import ApiError


def identifier(text: str, missing: type[ApiError]) -> int:
    """Return the id that an address names. Raises `missing` for what no row can have, such as "7x" or 2**70."""
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > INT64_MAX:
        raise missing
    return int(text)


class ScoreId(BaseConverter):
    """What stands for an id in /scores/ID: anything but the words that are addresses of their own."""

    regex = r"(?!(?:user|bulk|export|history|table)$)[^/]+"


class ExerciseId(BaseConverter):
    """What stands for an id in /exercises/ID: anything but the words that are addresses of their own."""

    regex = r"(?!(?:stats|check)$)[^/]+"
