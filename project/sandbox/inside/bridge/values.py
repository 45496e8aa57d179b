"""Plain values: composed values, builtin types by name, and the plain value of an instance of a subclass."""

import builtins
import dataclasses
import datetime as dt
import decimal
import fractions
import json
import queue
import re
import statistics
import struct
import zoneinfo
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Types = tuple[type, ...]
ANYTHING: Types = ()


@dataclass(frozen=True)
class Composed:
    """A type whose values are sent as parts, of exactly these types."""

    parts: Callable[[Any], tuple[Any, ...]]
    make: Callable[..., Any]
    part_types: tuple[Types, ...]

    def build(self, parts: tuple[Any, ...]) -> Any:
        """Make a value. Raises TypeError, ValueError or ArithmeticError when the parts do not fit."""
        for part, types in zip(parts, self.part_types, strict=True):
            if types != ANYTHING and type(part) not in types:
                raise TypeError(f"{type(part).__name__} is not a valid part")
        return self.make(*parts)


def _zone(moment: Any) -> dt.timezone | None:
    """Return the zone as a fixed offset: the data of other zones is in files, which a sandbox may not have."""
    offset = moment.utcoffset()
    if offset is None:
        return None
    return moment.tzinfo if type(moment.tzinfo) is dt.timezone else dt.timezone(offset, moment.tzname())


def _clock(moment: Any) -> tuple[Any, ...]:
    return (moment.hour, moment.minute, moment.second, moment.microsecond, _zone(moment), moment.fold)


def _time(*parts: Any) -> dt.time:
    return dt.time(*parts[:-1], fold=parts[-1])


def _datetime(*parts: Any) -> dt.datetime:
    return dt.datetime(*parts[:-1], fold=parts[-1])  # noqa: DTZ001 - the zone is among the parts


_INT: Types = (int,)
_CLOCK: tuple[Types, ...] = (_INT, _INT, _INT, _INT, (dt.timezone, type(None)), _INT)

COMPOSED: Mapping[type, Composed] = {
    complex: Composed(lambda v: (v.real, v.imag), complex, ((float,), (float,))),
    range: Composed(lambda v: (v.start, v.stop, v.step), range, (_INT, _INT, _INT)),
    slice: Composed(lambda v: (v.start, v.stop, v.step), slice, (ANYTHING, ANYTHING, ANYTHING)),
    dt.date: Composed(lambda v: (v.year, v.month, v.day), dt.date, (_INT, _INT, _INT)),
    dt.time: Composed(_clock, _time, _CLOCK),
    dt.datetime: Composed(lambda v: (v.year, v.month, v.day, *_clock(v)), _datetime, (_INT, _INT, _INT, *_CLOCK)),
    dt.timedelta: Composed(lambda v: (v.days, v.seconds, v.microseconds), dt.timedelta, (_INT, _INT, _INT)),
    dt.timezone: Composed(lambda v: (v.utcoffset(None), v.tzname(None)), dt.timezone, ((dt.timedelta,), (str,))),
    decimal.Decimal: Composed(lambda v: (str(v),), decimal.Decimal, ((str,),)),
    fractions.Fraction: Composed(lambda v: (v.numerator, v.denominator), fractions.Fraction, (_INT, _INT)),
}
COMPOSED_NAMES = {kind.__name__: composed for kind, composed in COMPOSED.items()}

# Functions that return the plain value of an instance of a subclass, whatever the subclass overrides.
_EVERYTHING = slice(None)
_MUTABLE_BASES: Mapping[type, Callable[[Any], Any]] = {
    list: list.copy,
    dict: dict.copy,
    set: lambda v: set.union(set(), v),
    bytearray: lambda v: bytearray.__getitem__(v, _EVERYTHING),
    deque: lambda v: deque(deque.__iter__(v), deque.maxlen.__get__(v)),
}


def _copying(composed: Composed) -> Callable[[Any], Any]:
    return lambda value: composed.make(*composed.parts(value))


_FIXED_BASES: Mapping[type, Callable[[Any], Any]] = {
    int: int.__pos__,
    float: float.__pos__,
    complex: complex.__pos__,
    str: lambda v: str.__getitem__(v, _EVERYTHING),
    bytes: lambda v: bytes.__getitem__(v, _EVERYTHING),
    tuple: lambda v: tuple.__getitem__(v, _EVERYTHING),
    frozenset: lambda v: frozenset.union(frozenset(), v),
    **{kind: _copying(composed) for kind, composed in COMPOSED.items() if kind is not complex},
}
_BASES = {**_MUTABLE_BASES, **_FIXED_BASES}


def base_type(kind: type) -> type | None:
    """Return the type of plain values of which `kind` is a subclass, if any."""
    return next((parent for parent in kind.__mro__[1:] if parent in _BASES), None)


def is_mutable(kind: type) -> bool:
    """Whether values of this base type are mutable, so that a copy can become outdated."""
    return kind in _MUTABLE_BASES


def base_value(value: Any, kind: type) -> Any:
    """Return the plain value of an instance of a subclass of `kind`."""
    return _BASES[kind](value)


_EXCEPTIONS = {name: v for name, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)}
# Exceptions of the standard library that tests use: an `except` on the other side must recognise them.
_LIBRARY_EXCEPTIONS: Mapping[str, type] = {
    f"{kind.__module__}.{kind.__name__}": kind
    for kind in (
        dataclasses.FrozenInstanceError,
        decimal.DecimalException,
        decimal.DivisionByZero,
        decimal.InvalidOperation,
        decimal.Overflow,
        json.JSONDecodeError,
        queue.Empty,
        queue.Full,
        re.error,
        statistics.StatisticsError,
        struct.error,
        zoneinfo.ZoneInfoNotFoundError,
    )
}
_TYPES: Types = (type, object, type(None), bool, bytearray, memoryview, *_BASES)

# Classes with the same name on both sides, which are never described.
KNOWN: Mapping[str, type] = {**{kind.__name__: kind for kind in _TYPES}, **_EXCEPTIONS, **_LIBRARY_EXCEPTIONS}
KNOWN_NAMES: Mapping[type, str] = {kind: name for name, kind in KNOWN.items()}
KNOWN_EXCEPTIONS = frozenset({*_EXCEPTIONS.values(), *_LIBRARY_EXCEPTIONS.values()})
