"""The objects of this side that the other side knows by a number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .errors import ProtocolViolation

MAX_REFERENCES = 50_000  # either way; a proxy takes 400 bytes


@dataclass(slots=True)
class Export:
    """An object, and what the other side has of it."""

    number: int
    value: Any
    sent: int = 0  # how often, less what was given back
    handed: bool = False  # as a value; else the class of a value, which the other side may name and not use
    described: bool = False


class Exports:
    """The table of them. An object stays in it until the other side has given it back as often as it was sent."""

    def __init__(self) -> None:
        self._last = 0
        self._by_number: dict[int, Export] = {}
        self._numbers: dict[int, int] = {}  # by the object's id

    def send(self, value: Any, *, handed: bool) -> Export:
        """Return the entry of an object that is being sent."""
        export = self._by_number.get(self._numbers.get(id(value), 0))
        if export is None:
            if len(self._by_number) >= MAX_REFERENCES:
                raise ProtocolViolation("The other side holds too many objects.")
            self._last += 1
            export = self._by_number[self._last] = Export(self._last, value)
            self._numbers[id(value)] = self._last
        export.sent += 1
        export.handed |= handed
        return export

    def find(self, number: int) -> Any:
        """Return an object that was handed over. Raises ProtocolViolation when none was under this number."""
        export = self._by_number.get(number)
        if export is None or not export.handed:
            raise ProtocolViolation("An object is named that was not handed over.")
        return export.value

    def release(self, returned: Iterable[tuple[int, int]]) -> None:
        """Take back objects: their numbers, and how often they came back. Raises ProtocolViolation: too often."""
        for number, times in returned:
            export = self._by_number.get(number)
            if export is None or not 0 < times <= export.sent:
                raise ProtocolViolation("An object is given back that was not sent.")
            export.sent -= times
            if not export.sent:
                del self._by_number[number]
                del self._numbers[id(export.value)]
