"""How values are written as bytes, by `encoder`. Nothing is evaluated, imported or looked up by name on the way.

A value is a tag of one byte and what belongs to it; numbers in it are four bytes, unsigned, the most significant first.

    N T F E n   None, True, False, Ellipsis, NotImplemented
    i b s a     length and bytes: an int (two's complement), bytes, a str (UTF-8, with lone surrogates), a bytearray
    f           8 bytes: a float
    t z         count and values: a tuple, a frozenset
    l S d       share, count and values: a list, a set, a dict (keys and values in turn); see `shares`
    A           share, length and bytes: a bytearray
    q           share, the most that it holds or None, count and values: a deque
    p           a letter, length and bytes: a tuple of many ints; see `packing`
    P           share and the same: a list of them
    c           the name of a type in `values.COMPOSED` and a tuple of parts
    o           anything else: the value that its `Outside` makes of it

Only exact types cross like that: an instance of a subclass is "anything else".
"""

import struct
from collections.abc import Mapping
from typing import Any, Protocol

MAX_BYTES = 8 << 20  # of a message
MAX_DEPTH = 200  # of values in values: two frames of Python each, of the 1,000 that Python allows
MAX_WEIGHT = 2_000_000  # what a message may weigh once it is made of objects: one for a number, more for a container
CONTAINER_WEIGHT = 8

NUMBER = struct.Struct(">I")
FLOAT = struct.Struct(">d")
CONSTANTS: Mapping[Any, bytes] = {None: b"N", True: b"T", False: b"F", Ellipsis: b"E", NotImplemented: b"n"}
LIGHT = frozenset({*map(type, CONSTANTS), int, float, str, bytes})
LIGHT_TAGS = frozenset({*CONSTANTS.values(), b"i", b"f", b"s", b"b"})


class Outside(Protocol):
    """What encoder and decoder leave to others."""

    def describe(self, value: Any) -> Any:
        """Return a value that can be written and stands for `value`. Raises CannotCross."""

    def find(self, description: Any) -> Any:
        """Return what the description stands for. Raises ProtocolViolation."""

    def number(self, container: Any) -> int:
        """Return the number under which the container is shared, or 0."""

    def content(self, container: Any) -> Any:
        """Return what is sent as the content of a container that has got its number."""

    def arrived(self, number: int, container: Any) -> Any:
        """Return the container that is shared under this number, now with the content of `container`."""
