"""Detects whether code of this process may be in the middle of reading containers.

A container must not change while code iterates over it: CPython compares the sizes of two dicts once, and then entry by
entry, each possibly with a remote call. C code has no frame, but its caller can be detected: by the current instruction
of a frame, by the special method or assertion that is running, and by the iterators that exist.
"""

import array
import gc
import opcode
import sys
from collections import deque
from collections.abc import Iterable
from types import FrameType
from typing import Any

from .special_methods import IMPLICIT

_COMPARING = frozenset({opcode.opmap["COMPARE_OP"], opcode.opmap["CONTAINS_OP"]})
# These call code of the test or of the answer, and compare nothing before it has returned.
_CALLING = frozenset(
    "assertRaises assertRaisesRegex assertWarns assertWarnsRegex assertLogs assertNoLogs".split(),
)
_REVERSIBLE: tuple[Any, ...] = ([], {}, {}.values(), {}.items(), deque())
_CONTAINERS: tuple[Any, ...] = (*_REVERSIBLE, set(), bytearray(), array.array("b"))
_ITERATORS = frozenset({*(type(iter(one)) for one in _CONTAINERS), *(type(reversed(one)) for one in _REVERSIBLE)})


def is_comparing() -> bool:
    """Whether any thread is within a comparison, a special method like `__eq__` or `__repr__`, or an assertion."""
    return any(_compares(frame) for frame in sys._current_frames().values())  # noqa: SLF001 - documented


def iterated(containers: Iterable[Any]) -> set[int]:
    """Return the ids of those containers over which an iterator exists."""
    listed = list(containers)
    iterators = [holder for holder in gc.get_referrers(*listed) if type(holder) in _ITERATORS]
    iterated_over = {id(one) for iterator in iterators for one in gc.get_referents(iterator)}
    return iterated_over & {id(one) for one in listed}


def exclude_existing_objects() -> None:
    """Exclude the existing objects from later searches for iterators, unless there are iterators among them."""
    if not any(type(one) in _ITERATORS for one in gc.get_objects()):
        gc.freeze()


def _compares(frame: FrameType | None) -> bool:
    while frame is not None:
        code = frame.f_code
        if frame.f_lasti >= 0 and code.co_code[frame.f_lasti] in _COMPARING:
            return True
        if code.co_name in IMPLICIT or (
            code.co_name.startswith("assert")
            and code.co_name not in _CALLING
            and frame.f_globals.get("__name__") == "unittest.case"
        ):
            return True
        frame = frame.f_back
    return False
