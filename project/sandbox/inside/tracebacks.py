"""Tracebacks for learners: without the runner's frames, with Python's suggestions, and shortened.

They are formatted in the learner's process, whose code may have changed anything, so the judge does not trust them.
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
    """Format an exception as Python does. `chain`: with its causes and contexts."""
    try:
        shown = traceback.TracebackException.from_exception(error, limit=-200, lookup_lines=False)
        _trim(shown)
        text = "".join(shown.format(chain=chain))
        return shortened(_with_suggestion(text, error), limit)
    except BaseException:  # noqa: BLE001 - its methods may raise anything
        return f"{type(error).__name__}\n"


def shortened(text: str, limit: int = MAX_TEXT) -> str:
    """Cut a text in its middle."""
    half = limit // 2
    return text if len(text) <= limit else f"{text[:half]}\n...\n{text[-half:]}"


def _trim(shown: traceback.TracebackException | None) -> None:
    """Remove the runner's frames and the path of the standard library from a traceback and those chained to it."""
    seen: set[int] = set()
    while shown is not None and id(shown) not in seen:
        seen.add(id(shown))
        frames = [frame for frame in shown.stack if not frame.filename.startswith(_RUNNER)][-MAX_FRAMES:]
        for frame in frames:
            if frame.filename.startswith(_LIBRARY):
                frame.line  # noqa: B018 - reads the line, before the file name is changed
                frame.filename = frame.filename.removeprefix(_LIBRARY)
        shown.stack[:] = frames
        shown = shown.__cause__ or shown.__context__


def _with_suggestion(text: str, error: BaseException) -> str:
    """Add "Did you mean", which Python 3.11 only shows when it prints an uncaught exception itself."""
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
