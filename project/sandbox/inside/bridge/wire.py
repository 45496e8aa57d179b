"""The format of encoded values. Decoding evaluates nothing, imports nothing, and looks up no names.

A value is a tag of one byte followed by its content. Numbers in it are four bytes, unsigned, most significant first.

    N T F E n   None, True, False, Ellipsis, NotImplemented
    i b s a     length and bytes: an int (two's complement), bytes, a str (UTF-8, with lone surrogates), a bytearray
    f           8 bytes: a float
    t z         count and values: a tuple, a frozenset
    l S d       share number, count and values: a list, a set, a dict (keys and values in turn); see `shared_containers`
    A           share number, length and bytes: a bytearray
    q           share number, maximum length or None, count and values: a deque
    p           a letter, length and bytes: a tuple of many ints; see `packing`
    P           share number and the same: a list of them
    c           the name of a type in `values.COMPOSED` and a tuple of parts
    o           anything else: the value to which the `ReferenceMarshaller` marshals it

Only exact types are encoded like that: an instance of a subclass is "anything else".
"""

import struct
from collections.abc import Mapping
from typing import Any, Protocol

MAX_BYTES = 8 << 20  # of a message
MAX_DEPTH = 200  # of values in values: two frames of Python each, of the 1,000 that Python allows
MAX_WEIGHT = 2_000_000  # limits the memory of a decoded message: a number weighs 1, a container more
CONTAINER_WEIGHT = 8

NUMBER = struct.Struct(">I")
FLOAT = struct.Struct(">d")
CONSTANTS: Mapping[Any, bytes] = {None: b"N", True: b"T", False: b"F", Ellipsis: b"E", NotImplemented: b"n"}
LIGHT = frozenset({*map(type, CONSTANTS), int, float, str, bytes})
LIGHT_TAGS = frozenset({*CONSTANTS.values(), b"i", b"f", b"s", b"b"})


class ReferenceMarshaller(Protocol):
    """Marshals objects that are not plain values, and numbers shared containers."""

    def marshal(self, value: Any) -> Any:
        """Return a value that can be encoded and refers to `value`. Raises MarshallingError."""

    def unmarshal(self, marshalled: Any) -> Any:
        """Return the object that a marshalled value refers to. Raises ProtocolViolation."""

    def share_number(self, container: Any) -> int:
        """Return the number of a shared container, or 0 if it is not shared."""

    def shared_content(self, container: Any) -> Any:
        """Return the content to be sent for a container."""

    def receive_shared(self, number: int, container: Any) -> Any:
        """Return the local copy of the container with this number, updated with the received content."""
