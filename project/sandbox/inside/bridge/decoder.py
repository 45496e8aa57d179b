"""Decodes values from bytes, and rejects everything that does not exactly follow the format of `wire`."""

import sys
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from . import packing
from .errors import BridgeError, ProtocolViolation
from .read_budget import FEW_KEYS, ReadBudget
from .values import COMPOSED_NAMES
from .wire import CONSTANTS, CONTAINER_WEIGHT, FLOAT, LIGHT_TAGS, MAX_DEPTH, MAX_WEIGHT, NUMBER, ReferenceMarshaller

# When the answer returns a name or short literal of the test, the test receives the same object, as in one process:
# some tests use `assertIs` for these. Python interns them by their content.
MAX_INTERNED = 64  # bytes


def decode(data: bytes, marshaller: ReferenceMarshaller, read_budget: ReadBudget | None = None) -> Any:
    """Decode one value. Raises ProtocolViolation unless `data` is exactly one valid value within the read budget."""
    decoder = _Decoder(data, marshaller, read_budget)
    value = decoder.read_value(0)
    if decoder.at != len(data):
        raise ProtocolViolation("There is more than one value.")
    return value


class _Decoder:
    def __init__(self, data: bytes, marshaller: ReferenceMarshaller, read_budget: ReadBudget | None) -> None:
        self.at = 0
        self._read_budget = read_budget
        self._data = data
        self._marshaller = marshaller
        self._weight = 0

    def read_value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ProtocolViolation("A value is nested too deeply.")
        tag = self._read(1)
        reader = _READERS.get(tag)
        if reader is None:
            raise ProtocolViolation("A value has an unknown tag.")
        self._weigh(1 if tag in LIGHT_TAGS else CONTAINER_WEIGHT)
        return reader(self, depth)

    def read_integer(self, _depth: int) -> int:
        return int.from_bytes(self._bytes(), "big", signed=True)

    def read_text(self, _depth: int) -> str:
        data = self._bytes()
        try:
            text = data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise ProtocolViolation("A text is not UTF-8.") from None
        return sys.intern(text) if len(data) <= MAX_INTERNED else text

    def read_binary(self, _depth: int) -> bytes:
        return self._bytes()

    def read_float(self, _depth: int) -> float:
        number: float = FLOAT.unpack(self._read(FLOAT.size))[0]
        return number

    def read_bytearray(self, _depth: int) -> Any:
        return self._marshaller.receive_shared(self._number(), bytearray(self._bytes()))

    def read_list(self, depth: int) -> Any:
        return self._marshaller.receive_shared(self._number(), self._items(depth))

    def read_deque(self, depth: int) -> Any:
        share, most = self._number(), self.read_value(depth + 1)
        if most is not None and (type(most) is not int or not 0 <= most <= sys.maxsize):
            raise ProtocolViolation("A deque is malformed.")
        return self._marshaller.receive_shared(share, deque(self._items(depth), most))

    def read_set(self, depth: int) -> Any:
        return self._marshaller.receive_shared(self._number(), self._hashed(set, self._items(depth)))

    def read_tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._items(depth))

    def read_packed(self, _depth: int) -> tuple[int, ...]:
        letter, data = self._read(1).decode("latin-1"), self._bytes()
        self._weigh(packing.count(letter, data))
        return packing.unpack(letter, data)

    def read_packed_list(self, depth: int) -> Any:
        return self._marshaller.receive_shared(self._number(), list(self.read_packed(depth)))

    def read_frozenset(self, depth: int) -> Any:
        return self._hashed(frozenset, self._items(depth))

    def read_dict(self, depth: int) -> Any:
        share = self._number()
        pairs = []
        for _ in range(self._number()):
            key = self.read_value(depth + 1)
            pairs.append((key, self.read_value(depth + 1)))
        return self._marshaller.receive_shared(share, self._hashed(dict, pairs))

    def read_composed(self, depth: int) -> Any:
        name, parts = self.read_value(depth + 1), self.read_value(depth + 1)
        if type(name) is not str or name not in COMPOSED_NAMES or type(parts) is not tuple:
            raise ProtocolViolation("A composed value is malformed.")
        try:
            return COMPOSED_NAMES[name].build(parts)
        except (TypeError, ValueError, ArithmeticError):
            raise ProtocolViolation(f"A {name} is malformed.") from None

    def read_outside(self, depth: int) -> Any:
        return self._marshaller.unmarshal(self.read_value(depth + 1))

    def _hashed(self, kind: Callable[[Any], Any], items: Any) -> Any:
        try:
            if self._read_budget is not None and len(items) > FEW_KEYS:
                return self._read_budget.build(kind, items)
            return kind(items)  # may call the other side, for the hashes of its objects
        except BridgeError:
            raise
        except BaseException:  # noqa: BLE001 - remote code may raise anything
            raise ProtocolViolation("An element of a set, or a key of a dict, is not hashable.") from None

    def _items(self, depth: int) -> list[Any]:
        items = []
        for _ in range(self._number()):
            items.append(self.read_value(depth + 1))  # noqa: PERF401 - a comprehension is a frame more in Python 3.11
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
    b"i": _Decoder.read_integer,
    b"f": _Decoder.read_float,
    b"s": _Decoder.read_text,
    b"b": _Decoder.read_binary,
    b"A": _Decoder.read_bytearray,
    b"l": _Decoder.read_list,
    b"q": _Decoder.read_deque,
    b"t": _Decoder.read_tuple,
    b"p": _Decoder.read_packed,
    b"P": _Decoder.read_packed_list,
    b"S": _Decoder.read_set,
    b"z": _Decoder.read_frozenset,
    b"d": _Decoder.read_dict,
    b"c": _Decoder.read_composed,
    b"o": _Decoder.read_outside,
}
