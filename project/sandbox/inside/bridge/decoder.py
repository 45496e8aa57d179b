"""Bytes to values. What is not exactly as `wire` says is refused."""

import sys
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from . import packing
from .costs import FEW_KEYS, Costs
from .errors import BridgeError, ProtocolViolation
from .values import COMPOSED_NAMES
from .wire import CONSTANTS, CONTAINER_WEIGHT, FLOAT, LIGHT_TAGS, MAX_DEPTH, MAX_WEIGHT, NUMBER, Outside

# A text that a test gives to the answer and gets back is the same object for the test again, if it was one of its names
# or short literals, as in one process: `assertIs` is used on such. Python keeps those by their content.
MAX_INTERNED = 64  # bytes


def decode(data: bytes, outside: Outside, costs: Costs | None = None) -> Any:
    """Return the value. Raises ProtocolViolation unless `data` is exactly one well-formed value, and cheap enough."""
    decoder = _Decoder(data, outside, costs)
    value = decoder.take(0)
    if decoder.at != len(data):
        raise ProtocolViolation("There is more than one value.")
    return value


class _Decoder:
    def __init__(self, data: bytes, outside: Outside, costs: Costs | None) -> None:
        self.at = 0
        self._costs = costs
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
        self._weigh(1 if tag in LIGHT_TAGS else CONTAINER_WEIGHT)
        return reader(self, depth)

    def take_integer(self, _depth: int) -> int:
        return int.from_bytes(self._bytes(), "big", signed=True)

    def take_text(self, _depth: int) -> str:
        data = self._bytes()
        try:
            text = data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise ProtocolViolation("A text is no UTF-8.") from None
        return sys.intern(text) if len(data) <= MAX_INTERNED else text

    def take_binary(self, _depth: int) -> bytes:
        return self._bytes()

    def take_float(self, _depth: int) -> float:
        number: float = FLOAT.unpack(self._read(FLOAT.size))[0]
        return number

    def take_bytearray(self, _depth: int) -> Any:
        return self._outside.arrived(self._number(), bytearray(self._bytes()))

    def take_list(self, depth: int) -> Any:
        return self._outside.arrived(self._number(), self._items(depth))

    def take_deque(self, depth: int) -> Any:
        share, most = self._number(), self.take(depth + 1)
        if most is not None and (type(most) is not int or not 0 <= most <= sys.maxsize):
            raise ProtocolViolation("A deque is malformed.")
        return self._outside.arrived(share, deque(self._items(depth), most))

    def take_set(self, depth: int) -> Any:
        return self._outside.arrived(self._number(), self._hashed(set, self._items(depth)))

    def take_tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._items(depth))

    def take_packed(self, _depth: int) -> tuple[int, ...]:
        letter, data = self._read(1).decode("latin-1"), self._bytes()
        self._weigh(packing.count(letter, data))
        return packing.unpack(letter, data)

    def take_packed_list(self, depth: int) -> Any:
        return self._outside.arrived(self._number(), list(self.take_packed(depth)))

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
            if self._costs is not None and len(items) > FEW_KEYS:
                return self._costs.build(kind, items)
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

    def _weigh(self, weight: int) -> None:
        self._weight += weight
        if self._weight > MAX_WEIGHT:
            raise ProtocolViolation("A message holds too many values.")

    def _number(self) -> int:
        number: int = NUMBER.unpack(self._read(NUMBER.size))[0]
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
    **{tag: _constant(constant) for constant, tag in CONSTANTS.items()},
    b"i": _Decoder.take_integer,
    b"f": _Decoder.take_float,
    b"s": _Decoder.take_text,
    b"b": _Decoder.take_binary,
    b"A": _Decoder.take_bytearray,
    b"l": _Decoder.take_list,
    b"q": _Decoder.take_deque,
    b"t": _Decoder.take_tuple,
    b"p": _Decoder.take_packed,
    b"P": _Decoder.take_packed_list,
    b"S": _Decoder.take_set,
    b"z": _Decoder.take_frozenset,
    b"d": _Decoder.take_dict,
    b"c": _Decoder.take_composed,
    b"o": _Decoder.take_outside,
}
