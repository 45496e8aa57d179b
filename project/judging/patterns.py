"""Regular expressions of authors against outputs of learners.

RE2 takes time that grows with the length of the text alone, whatever the pattern: no output can hold up the judge, as
it can with the backtracking of `re`. docs/adr/0016 says why it was chosen. What needs backtracking, as a reference to
a group does, is no pattern here.
"""

from functools import cache
from typing import Any

import re2

MAX_MEMORY = 8 * 2**20  # bytes of a compiled pattern and its cache


class NoPattern(ValueError):
    """The text is no regular expression that RE2 has."""


@cache
def _options() -> Any:
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    return options


def compiled(pattern: str) -> Any:
    """Return a pattern, ready for use. Raises NoPattern, with what is wrong."""
    try:
        return re2.compile(pattern, _options())
    except re2.error as failure:
        reason = failure.args[0] if failure.args else ""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise NoPattern(text) from None
    except UnicodeEncodeError:
        raise NoPattern("it has half of a surrogate pair") from None


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches a whole text; one that is none matches nothing."""
    try:
        return compiled(pattern).fullmatch(text.encode(errors="replace").decode()) is not None
    except NoPattern:
        return False
