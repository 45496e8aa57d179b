"""Detects JSON texts that are nested too deeply to be parsed.

`json` is recursive. A text of nothing but brackets exhausts Python's stack, and then unrelated code may fail, too: for
example finalizers that the garbage collector calls.
"""

import re

MAX_NESTING = 100

# An unterminated string extends to the end of the text: retrying at each quote in it would take quadratic time.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OPENING = frozenset(b"[{")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def is_nested_too_deeply(text: bytes) -> bool:
    """Whether arrays and objects are nested more than MAX_NESTING deep."""
    if text.count(b"[") + text.count(b"{") <= MAX_NESTING:
        return False
    depth = 0
    for bracket in _STRING.sub(b"", text).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in _OPENING else -1
        if depth > MAX_NESTING:
            return True
    return False
