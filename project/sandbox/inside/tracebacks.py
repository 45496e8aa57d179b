"""Tracebacks for learners: without the runner's frames, with Python's own suggestions, and cut where they are long.

They are made in the learner's process, whose code may have changed anything: whoever reads them believes nothing.
"""

import contextlib
import io
import os
import sys
import traceback
from types import TracebackType

MAX_FRAMES = 12
MAX_TEXT = 8192  # characters
_RUNNER = __file__.rpartition("/")[0]
_LIBRARY = f"{os.path.dirname(os.__file__)}/"
_SUGGESTION = ". Did you mean: '"


def describe(error: BaseException, *, chain: bool = True, limit: int = MAX_TEXT) -> str:
    """Return how Python shows an exception. `chain`: with those that it was raised from, or while handling."""
    try:
        shown = traceback.TracebackException.from_exception(error, limit=-200, lookup_lines=False)
        _trim(shown)
        text = "".join(shown.format(chain=chain))
        return shortened(_with_suggestion(text, error), limit)
    except BaseException:  # noqa: BLE001 - of an exception that cannot be shown
        return f"{type(error).__name__}\n"


def shortened(text: str, limit: int = MAX_TEXT) -> str:
    """Cut a text in its middle."""
    half = limit // 2
    return text if len(text) <= limit else f"{text[:half]}\n...\n{text[-half:]}"


def _trim(shown: traceback.TracebackException | None) -> None:
    """Take the runner's frames and the place of the standard library out of a traceback, and of those it follows."""
    seen: set[int] = set()
    while shown is not None and id(shown) not in seen:
        seen.add(id(shown))
        frames = [frame for frame in shown.stack if not frame.filename.startswith(_RUNNER)][-MAX_FRAMES:]
        for frame in frames:
            if frame.filename.startswith(_LIBRARY):
                frame.line  # noqa: B018 - read from the file before that has another name
                frame.filename = frame.filename.removeprefix(_LIBRARY)
        shown.stack[:] = frames
        shown = shown.__cause__ or shown.__context__


def _with_suggestion(text: str, error: BaseException) -> str:
    """Add "Did you mean", which Python 3.11 has only where it prints an uncaught exception itself."""
    if sys.version_info >= (3, 12) or not isinstance(error, NameError | AttributeError) or _SUGGESTION in text:
        return text
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        sys.__excepthook__(type(error), error, _last(error.__traceback__))
    said, found, suggestion = printed.getvalue().rstrip().rpartition(_SUGGESTION)
    last = said.rpartition("\n")[2]
    return f"{text.rstrip()}{found}{suggestion}\n" if found and text.rstrip().endswith(last) else text


def _last(entry: TracebackType | None) -> TracebackType | None:
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    return entry
