"""Whether code of this process may be in the middle of reading containers.

A container must not change while code walks over it: CPython compares the sizes of two dicts once, and then one entry
after the other, each perhaps with a question to the other side. C code leaves no frame, but what leads to it can be
seen: the instruction that a frame has come to, the special method or the assertion that runs, and the iterators that
are alive.
"""

import array
import gc
import opcode
import sys
from collections import deque
from collections.abc import Iterable
from types import FrameType
from typing import Any

from .specials import IMPLICIT

_COMPARING = frozenset({opcode.opmap["COMPARE_OP"], opcode.opmap["CONTAINS_OP"]})
# These call the test's or the answer's code, and compare nothing before they have returned from it.
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
    """Return the ids of those containers over which an iterator that is alive goes."""
    listed = list(containers)
    iterators = [holder for holder in gc.get_referrers(*listed) if type(holder) in _ITERATORS]
    walked = {id(one) for iterator in iterators for one in gc.get_referents(iterator)}
    return walked & {id(one) for one in listed}


def freeze() -> None:
    """Leave what there is out of later searches for iterators, unless it has some."""
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
