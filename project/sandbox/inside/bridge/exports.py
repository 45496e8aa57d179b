"""The table of local objects that the other side refers to by number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .errors import ProtocolViolation

MAX_REFERENCES = 50_000  # in each direction; a proxy takes 400 bytes


@dataclass(slots=True)
class Export:
    """An exported object."""

    number: int
    value: Any
    sent: int = 0  # how often it was sent, less the references that were returned
    handed: bool = False  # as a value; otherwise only as the class of one, which the other side may not use
    described: bool = False


class Exports:
    """All exported objects. One is removed when the other side has returned all references to it."""

    def __init__(self) -> None:
        self._last = 0
        self._by_number: dict[int, Export] = {}
        self._numbers: dict[int, int] = {}  # by the object's id

    def send(self, value: Any, *, handed: bool) -> Export:
        """Return the entry of an object that is being sent."""
        export = self._by_number.get(self._numbers.get(id(value), 0))
        if export is None:
            if len(self._by_number) >= MAX_REFERENCES:
                raise ProtocolViolation("The other side has references to too many objects.")
            self._last += 1
            export = self._by_number[self._last] = Export(self._last, value)
            self._numbers[id(value)] = self._last
        export.sent += 1
        export.handed |= handed
        return export

    def find(self, number: int) -> Any:
        """Return the object with this number. Raises ProtocolViolation if it was not sent as a value."""
        export = self._by_number.get(number)
        if export is None or not export.handed:
            raise ProtocolViolation("An object was not sent.")
        return export.value

    def release(self, returned: Iterable[tuple[int, int]]) -> None:
        """Remove returned references: numbers of objects, and counts. Raises ProtocolViolation for too many."""
        for number, times in returned:
            export = self._by_number.get(number)
            if export is None or not 0 < times <= export.sent:
                raise ProtocolViolation("A reference is returned that was not sent.")
            export.sent -= times
            if not export.sent:
                del self._by_number[number]
                del self._numbers[id(export.value)]
