"""Regular expressions of authors, matched against outputs of learners.

The time of RE2 is linear in the length of the text, for every pattern: no output can block the judge, as it can with
the backtracking of `re`. docs/adr/0016 explains the choice. Features that need backtracking, such as references to
groups, are not supported.
"""

from functools import cache
from typing import Any

import re2

MAX_MEMORY = 8 * 2**20  # bytes of a compiled pattern and its cache


class NoPattern(ValueError):
    """The text is not a regular expression that RE2 supports."""


@cache
def _options() -> Any:
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    return options


def compiled(pattern: str) -> Any:
    """Compile a pattern. Raises NoPattern with the reason."""
    try:
        return re2.compile(pattern, _options())
    except re2.error as failure:
        reason = failure.args[0] if failure.args else ""
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise NoPattern(text) from None
    except UnicodeEncodeError:
        raise NoPattern("it has half of a surrogate pair") from None


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches the whole text; an invalid one matches nothing."""
    try:
        return compiled(pattern).fullmatch(text.encode(errors="replace").decode()) is not None
    except NoPattern:
        return False
