"""Whether a JSON text may be read at all.

`json` recurses. A text of nothing but brackets uses up Python's stack, and whatever happens to run there fails with it:
the collector's finalizers too, of objects that have nothing to do with that text.
"""

import re

MAX_NESTING = 100

# One that never ends reaches to the end: to try again at each quote in it would take quadratic time.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OPENING = frozenset(b"[{")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def is_nested_too_deeply(text: bytes) -> bool:
    """Whether arrays and objects lie within one another more than MAX_NESTING deep."""
    if text.count(b"[") + text.count(b"{") <= MAX_NESTING:
        return False
    depth = 0
    for bracket in _STRING.sub(b"", text).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in _OPENING else -1
        if depth > MAX_NESTING:
            return True
    return False
