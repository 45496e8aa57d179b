"""The limit of the texts of a submission: output, errors, returned and expected values of all cases together."""

from collections.abc import Sequence
from dataclasses import replace

from project.judging.results import CaseResult

# Of UTF-8. One case alone may have 64 KiB, so that fifty would make three megabytes of each submission.
MAX_TEXT_BYTES = 256 * 1024
CUT = "\n... the rest was left out: the texts of this submission are too long together ..."
# The most helpful first: the last ones are cut.
FIELDS = ("error", "actual", "expected", "output")


def capped(results: Sequence[CaseResult], most: int = MAX_TEXT_BYTES) -> tuple[CaseResult, ...]:
    """Return the results with at most `most` bytes of text, not counting the marks for omitted text.

    Cases with short texts keep them; all others get the same share.
    """
    sizes = [_size(result) for result in results]
    if sum(sizes) <= most:
        return tuple(results)
    share = _share(sizes, most)
    return tuple(result if size <= share else _cut(result, share) for result, size in zip(results, sizes, strict=True))


def _share(sizes: Sequence[int], most: int) -> int:
    """Return the share of each in `most`, if cases that need less leave the rest to the others."""
    left, waiting = most, len(sizes)
    for size in sorted(sizes):
        if size * waiting > left:
            break
        left, waiting = left - size, waiting - 1
    return left // max(1, waiting)


def _texts(result: CaseResult) -> list[str]:
    return [getattr(result, name) or "" for name in FIELDS] + [text for test in result.tests for text in test.values()]


def _size(result: CaseResult) -> int:
    return sum(len(text.encode()) for text in _texts(result))


def _cut(result: CaseResult, room: int) -> CaseResult:
    """Return the result with its texts cut. Names and outcomes of tests, which are short, are kept."""
    kept: dict[str, str | None] = {}
    for name in FIELDS:
        text: str | None = getattr(result, name)
        kept[name] = text if text is None else _beginning(text, room)
        room = max(0, room - len((text or "").encode()))
    tests = []
    for test in result.tests:
        message = test.get("message", "")
        tests.append(test | {"message": _beginning(message, room)})
        room = max(0, room - len(message.encode()))
    return replace(result, **kept, tests=tests)  # type: ignore[arg-type]


def _beginning(text: str, room: int) -> str:
    data = text.encode()
    return text if len(data) <= room else data[:room].decode(errors="ignore") + CUT
