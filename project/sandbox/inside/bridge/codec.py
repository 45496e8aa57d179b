"""Values to bytes and back. Nothing is evaluated, imported or looked up by name on the way.

A value is a tag of one byte and what belongs to it; numbers in it are four bytes, unsigned, the most significant first.

    N T F E n   None, True, False, Ellipsis, NotImplemented
    i b s a     length and bytes: an int (two's complement), bytes, a str (UTF-8, with lone surrogates), a bytearray
    f           8 bytes: a float
    t z         count and values: a tuple, a frozenset
    l S d       share, count and values: a list, a set, a dict (keys and values in turn); see `shares`
    A           share, length and bytes: a bytearray
    c           the name of a type in `values.COMPOSED` and a tuple of parts
    o           anything else: the value that its `Outside` makes of it

Only exact types cross like that: an instance of a subclass is "anything else".
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .errors import BridgeError, CannotCross, ProtocolViolation
from .values import COMPOSED, COMPOSED_NAMES

MAX_BYTES = 8 << 20  # of a message
MAX_DEPTH = 200  # of values in values: two frames of Python each, of the 1,000 that Python allows
MAX_WEIGHT = 2_000_000  # what a message may weigh once it is made of objects: one for a number, more for a container
CONTAINER_WEIGHT = 8

_NUMBER = struct.Struct(">I")
_FLOAT = struct.Struct(">d")
_CONSTANTS: Mapping[Any, bytes] = {None: b"N", True: b"T", False: b"F", Ellipsis: b"E", NotImplemented: b"n"}


class Outside(Protocol):
    """What the codec leaves to others."""

    def describe(self, value: Any) -> Any:
        """Return a value of the codec's that stands for `value`. Raises CannotCross."""

    def find(self, description: Any) -> Any:
        """Return what the description stands for. Raises ProtocolViolation."""

    def number(self, container: Any) -> int:
        """Return the number under which the container is shared, or 0."""

    def arrived(self, number: int, container: Any) -> Any:
        """Return the container that is shared under this number, now with the content of `container`."""


def encode(value: Any, outside: Outside) -> bytes:
    """Return the value's bytes. Raises CannotCross when it is too deep or too large."""
    encoder = _Encoder(outside)
    encoder.put(value, 0)
    if len(encoder.out) > MAX_BYTES:
        raise CannotCross("The value is too large.")
    return bytes(encoder.out)


def decode(data: bytes, outside: Outside) -> Any:
    """Return the value. Raises ProtocolViolation unless `data` is exactly one well-formed value."""
    decoder = _Decoder(data, outside)
    value = decoder.take(0)
    if decoder.at != len(data):
        raise ProtocolViolation("There is more than one value.")
    return value


class _Encoder:
    def __init__(self, outside: Outside) -> None:
        self.out = bytearray()
        self._outside = outside
        self._weight = 0

    def put(self, value: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise CannotCross("The value is nested too deeply.")
        kind = type(value)
        writer = _WRITERS.get(kind)
        self._weight += 1 if kind in _LIGHT else CONTAINER_WEIGHT
        if len(self.out) > MAX_BYTES or self._weight > MAX_WEIGHT:
            raise CannotCross("The value is too large.")
        if writer is not None:
            writer(self, value, depth)
        elif kind in COMPOSED:
            self.out += b"c"
            self.put(kind.__name__, depth)
            self.put(COMPOSED[kind].parts(value), depth + 1)
        else:
            self.out += b"o"
            self.put(self._outside.describe(value), depth + 1)

    def put_constant(self, value: Any, _depth: int) -> None:
        self.out += _CONSTANTS[value]

    def put_integer(self, value: int, _depth: int) -> None:
        self._bytes(b"i", value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))

    def put_text(self, value: str, _depth: int) -> None:
        self._bytes(b"s", value.encode("utf-8", "surrogatepass"))

    def put_binary(self, value: bytes, _depth: int) -> None:
        self._bytes(b"b", value)

    def put_float(self, value: float, _depth: int) -> None:
        self.out += b"f" + _FLOAT.pack(value)

    def put_bytearray(self, value: bytearray, _depth: int) -> None:
        self._bytes(b"A" + self._share(value), value)

    def put_list(self, value: list[Any], depth: int) -> None:
        self._items(b"l" + self._share(value), value, depth)

    def put_set(self, value: set[Any], depth: int) -> None:
        self._items(b"S" + self._share(value), value, depth)

    def put_tuple(self, value: tuple[Any, ...], depth: int) -> None:
        self._items(b"t", value, depth)

    def put_frozenset(self, value: frozenset[Any], depth: int) -> None:
        self._items(b"z", value, depth)

    def put_dict(self, value: dict[Any, Any], depth: int) -> None:
        self.out += b"d" + self._share(value) + _NUMBER.pack(len(value))
        for key, item in value.items():
            self.put(key, depth + 1)
            self.put(item, depth + 1)

    def _share(self, container: Any) -> bytes:
        return _NUMBER.pack(self._outside.number(container))

    def _bytes(self, head: bytes, data: bytes | bytearray) -> None:
        if len(data) > MAX_BYTES:
            raise CannotCross("The value is too large.")
        self.out += head + _NUMBER.pack(len(data)) + data

    def _items(self, head: bytes, items: Any, depth: int) -> None:
        self.out += head + _NUMBER.pack(len(items))
        for item in items:
            self.put(item, depth + 1)


_WRITERS: Mapping[type, Callable[[_Encoder, Any, int], None]] = {
    **{type(constant): _Encoder.put_constant for constant in _CONSTANTS},
    int: _Encoder.put_integer,
    float: _Encoder.put_float,
    str: _Encoder.put_text,
    bytes: _Encoder.put_binary,
    bytearray: _Encoder.put_bytearray,
    list: _Encoder.put_list,
    tuple: _Encoder.put_tuple,
    set: _Encoder.put_set,
    frozenset: _Encoder.put_frozenset,
    dict: _Encoder.put_dict,
}
_LIGHT = frozenset({*map(type, _CONSTANTS), int, float, str, bytes})
_LIGHT_TAGS = frozenset({*_CONSTANTS.values(), b"i", b"f", b"s", b"b"})


class _Decoder:
    def __init__(self, data: bytes, outside: Outside) -> None:
        self.at = 0
        self._data = data
        self._outside = outside
        self._weight = 0

    def take(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ProtocolViolation("A value is nested too deeply.")
        tag = self._read(1)
        reader = _READERS.get(tag)
        if reader is None:
            raise ProtocolViolation("A value has an unknown tag.")
        self._weight += 1 if tag in _LIGHT_TAGS else CONTAINER_WEIGHT
        if self._weight > MAX_WEIGHT:
            raise ProtocolViolation("A message holds too many values.")
        return reader(self, depth)

    def take_integer(self, _depth: int) -> int:
        return int.from_bytes(self._bytes(), "big", signed=True)

    def take_text(self, _depth: int) -> str:
        try:
            return self._bytes().decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise ProtocolViolation("A text is no UTF-8.") from None

    def take_binary(self, _depth: int) -> bytes:
        return self._bytes()

    def take_float(self, _depth: int) -> float:
        number: float = _FLOAT.unpack(self._read(_FLOAT.size))[0]
        return number

    def take_bytearray(self, _depth: int) -> Any:
        return self._outside.arrived(self._number(), bytearray(self._bytes()))

    def take_list(self, depth: int) -> Any:
        return self._outside.arrived(self._number(), self._items(depth))

    def take_set(self, depth: int) -> Any:
        return self._outside.arrived(self._number(), self._hashed(set, self._items(depth)))

    def take_tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._items(depth))

    def take_frozenset(self, depth: int) -> Any:
        return self._hashed(frozenset, self._items(depth))

    def take_dict(self, depth: int) -> Any:
        share = self._number()
        pairs = []
        for _ in range(self._number()):
            key = self.take(depth + 1)
            pairs.append((key, self.take(depth + 1)))
        return self._outside.arrived(share, self._hashed(dict, pairs))

    def take_composed(self, depth: int) -> Any:
        name, parts = self.take(depth + 1), self.take(depth + 1)
        if type(name) is not str or name not in COMPOSED_NAMES or type(parts) is not tuple:
            raise ProtocolViolation("A composed value is malformed.")
        try:
            return COMPOSED_NAMES[name].build(parts)
        except (TypeError, ValueError, ArithmeticError):
            raise ProtocolViolation(f"A {name} is malformed.") from None

    def take_outside(self, depth: int) -> Any:
        return self._outside.find(self.take(depth + 1))

    def _hashed(self, kind: Callable[[Any], Any], items: Any) -> Any:
        try:
            return kind(items)  # may ask the other side for the hashes of its objects
        except BridgeError:
            raise
        except BaseException:  # noqa: BLE001 - whatever their owner raises
            raise ProtocolViolation("What is in a set, or a key of a dict, has no hash.") from None

    def _items(self, depth: int) -> list[Any]:
        items = []
        for _ in range(self._number()):
            items.append(self.take(depth + 1))  # noqa: PERF401 - a comprehension is a frame more in Python 3.11
        return items

    def _number(self) -> int:
        number: int = _NUMBER.unpack(self._read(_NUMBER.size))[0]
        return number

    def _bytes(self) -> bytes:
        return self._read(self._number())

    def _read(self, count: int) -> bytes:
        data = self._data[self.at : self.at + count]
        self.at += count
        if len(data) != count:
            raise ProtocolViolation("A value ends too early.")
        return data


def _constant(value: Any) -> Callable[[_Decoder, int], Any]:
    return lambda _decoder, _depth: value


_READERS: Mapping[bytes, Callable[[_Decoder, int], Any]] = {
    **{tag: _constant(constant) for constant, tag in _CONSTANTS.items()},
    b"i": _Decoder.take_integer,
    b"f": _Decoder.take_float,
    b"s": _Decoder.take_text,
    b"b": _Decoder.take_binary,
    b"A": _Decoder.take_bytearray,
    b"l": _Decoder.take_list,
    b"t": _Decoder.take_tuple,
    b"S": _Decoder.take_set,
    b"z": _Decoder.take_frozenset,
    b"d": _Decoder.take_dict,
    b"c": _Decoder.take_composed,
    b"o": _Decoder.take_outside,
}
