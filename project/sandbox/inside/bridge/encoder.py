"""Encodes values as bytes; `wire` describes the format."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import packing
from .errors import MarshallingError
from .values import COMPOSED
from .wire import (
    CONSTANTS,
    CONTAINER_WEIGHT,
    FLOAT,
    LIGHT,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_WEIGHT,
    NUMBER,
    ReferenceMarshaller,
)


def encode(value: Any, marshaller: ReferenceMarshaller) -> bytes:
    """Encode a value. Raises MarshallingError if it is nested too deeply or too large."""
    encoder = _Encoder(marshaller)
    encoder.put(value, 0)
    if len(encoder.out) > MAX_BYTES:
        raise MarshallingError("The value is too large.")
    return bytes(encoder.out)


class _Encoder:
    def __init__(self, marshaller: ReferenceMarshaller) -> None:
        self.out = bytearray()
        self._marshaller = marshaller
        self._weight = 0

    def put(self, value: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise MarshallingError("The value is nested too deeply.")
        kind = type(value)
        writer = _WRITERS.get(kind)
        self._weight += 1 if kind in LIGHT else CONTAINER_WEIGHT
        if len(self.out) > MAX_BYTES or self._weight > MAX_WEIGHT:
            raise MarshallingError("The value is too large.")
        if writer is not None:
            writer(self, value, depth)
        elif kind in COMPOSED:
            self.out += b"c"
            self.put(kind.__name__, depth)
            self.put(COMPOSED[kind].parts(value), depth + 1)
        else:
            self.out += b"o"
            self.put(self._marshaller.marshal(value), depth + 1)

    def put_constant(self, value: Any, _depth: int) -> None:
        self.out += CONSTANTS[value]

    def put_integer(self, value: int, _depth: int) -> None:
        self._bytes(b"i", value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))

    def put_text(self, value: str, _depth: int) -> None:
        self._bytes(b"s", value.encode("utf-8", "surrogatepass"))

    def put_binary(self, value: bytes, _depth: int) -> None:
        self._bytes(b"b", value)

    def put_float(self, value: float, _depth: int) -> None:
        self.out += b"f" + FLOAT.pack(value)

    def put_bytearray(self, value: bytearray, _depth: int) -> None:
        share, value = self._shared(value)
        self._bytes(b"A" + share, value)

    def put_list(self, value: list[Any], depth: int) -> None:
        share, value = self._shared(value)
        if not self._packed(b"P" + share, value):
            self._items(b"l" + share, value, depth)

    def put_set(self, value: set[Any], depth: int) -> None:
        share, value = self._shared(value)
        self._items(b"S" + share, value, depth)

    def put_deque(self, value: deque[Any], depth: int) -> None:
        share, value = self._shared(value)
        self.out += b"q" + share
        self.put(value.maxlen, depth)
        self._items(b"", value, depth)

    def put_tuple(self, value: tuple[Any, ...], depth: int) -> None:
        if not self._packed(b"p", value):
            self._items(b"t", value, depth)

    def put_frozenset(self, value: frozenset[Any], depth: int) -> None:
        self._items(b"z", value, depth)

    def put_dict(self, value: dict[Any, Any], depth: int) -> None:
        share, value = self._shared(value)
        self.out += b"d" + share + NUMBER.pack(len(value))
        for key, item in value.items():
            self.put(key, depth + 1)
            self.put(item, depth + 1)

    def _shared(self, container: Any) -> tuple[bytes, Any]:
        """Return the encoded number of a container, and the content to be sent."""
        number = self._marshaller.share_number(container)
        return NUMBER.pack(number), self._marshaller.shared_content(container)

    def _bytes(self, head: bytes, data: bytes | bytearray) -> None:
        if len(data) > MAX_BYTES:
            raise MarshallingError("The value is too large.")
        self.out += head + NUMBER.pack(len(data)) + data

    def _packed(self, head: bytes, items: Sequence[Any]) -> bool:
        """Encode the items as packed ints; return False if they are no ints."""
        packed = packing.pack(items)
        if packed is None:
            return False
        self._weight += len(items)
        if self._weight > MAX_WEIGHT:
            raise MarshallingError("The value is too large.")
        letter, data = packed
        self._bytes(head + letter.encode(), data)
        return True

    def _items(self, head: bytes, items: Any, depth: int) -> None:
        self.out += head + NUMBER.pack(len(items))
        for item in items:
            self.put(item, depth + 1)


_WRITERS: Mapping[type, Callable[[_Encoder, Any, int], None]] = {
    **{type(constant): _Encoder.put_constant for constant in CONSTANTS},
    int: _Encoder.put_integer,
    float: _Encoder.put_float,
    str: _Encoder.put_text,
    bytes: _Encoder.put_binary,
    bytearray: _Encoder.put_bytearray,
    list: _Encoder.put_list,
    deque: _Encoder.put_deque,
    tuple: _Encoder.put_tuple,
    set: _Encoder.put_set,
    frozenset: _Encoder.put_frozenset,
    dict: _Encoder.put_dict,
}
