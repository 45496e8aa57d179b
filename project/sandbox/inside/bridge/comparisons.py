"""Comparisons with proxies.

On the tester's side a proxy never decides whether it equals a plain value, or which is less. An instance of a subclass
of `int`, `str`, `tuple`... is sent with its plain value, which is compared; any other object equals no plain value.
Only two objects of the answer are compared by the answer, whose class the exercise requires.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from .proxies import local_class, reference_of
from .references import LIVE, NONE, NoBaseValue, RemoteReference
from .special_methods import COMPARISONS
from .values import KNOWN


def plain(value: Any) -> Any:
    """Return the plain value of a proxy that has one; anything else as it is.

    A fetched value counts only if it is exactly of the builtin type from which the class is derived. Otherwise it could
    be another proxy, which would decide the comparison. It is copied, so that the other side cannot change it.
    """
    reference = reference_of(value)
    if reference is None or reference.base is NONE:
        return value
    if reference.base is not LIVE:
        return reference.base
    kind: Any = KNOWN[type.__getattribute__(type(value), "__base_name__")]
    base = reference.cached("base", lambda: _copy(kind, reference.call("base")))
    return base if type(base) is kind else value


def _copy(kind: Any, base: Any) -> Any:
    return kind.copy(base) if type(base) is kind else base


def _comparison(name: str) -> Callable[[Any, Any], Any]:
    compare = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        reference: Any = reference_of(self)
        if reference.peer.trusting:
            return reference.call_special(name, other)
        other_remote = reference_of(other)
        if other_remote is None:
            mine = plain(self)
            return NotImplemented if mine is self else compare(mine, other)
        verdict = reference.call_special(name, other)
        if name == "__eq__" and verdict is not NotImplemented and verdict:
            return _confirm_equality(self, reference, other, other_remote)
        return verdict

    method.__name__ = name
    return method


def _confirm_equality(one: Any, one_remote: RemoteReference, other: Any, other_remote: RemoteReference) -> bool:
    """Whether the reflected comparison agrees, and `!=` does not contradict. This holds for every consistent class."""
    mirrored = other_remote.call_special("__eq__", one)
    unequal = one_remote.call_special("__ne__", other)
    return (mirrored is NotImplemented or bool(mirrored)) and (unequal is NotImplemented or not unequal)


def hash_of(self: Any) -> Any:
    """Return the hash of the plain value, or that which the other side computes.

    For an object of a shared class each side computes its own: hashes of texts differ between processes.
    """
    reference: Any = reference_of(self)
    if not isinstance(reference.base, NoBaseValue):
        return hash(reference.base)
    local: Any = local_class(type(self))
    if reference.peer.trusting:
        by_value = local is not None and local.__hash__ not in {None, object.__hash__}
        return local.__hash__(self) if by_value else reference.call_special("__hash__")
    is_local = local is not None and local.__hash__ is not None
    return reference.cached("hash", lambda: local.__hash__(self) if is_local else reference.call_special("__hash__"))


COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {name: _comparison(name) for name in COMPARISONS}
