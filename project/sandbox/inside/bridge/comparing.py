"""Who decides a comparison in which a proxy takes part.

On the tester's side a proxy never says itself whether it equals a plain value, or what is less: such an object has the
plain value that came with it (an instance of a subclass of `int`, `str`, `tuple`...), or none, and then it equals no
plain value. Only two objects of the answer are compared by the answer, as the exercise asked for by having the class.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from .proxies import own_class, remote_of
from .remotes import LIVE, NONE, Missing, Remote
from .specials import COMPARISONS
from .values import KNOWN


def plain(value: Any) -> Any:
    """Return the plain value of a proxy that has one; anything else as it is.

    What is fetched is one only if it is of the very type that the class is derived from. Else it could be another
    proxy, which would take part in the comparison itself. It is a copy that the other side does not share.
    """
    remote = remote_of(value)
    if remote is None or remote.base is NONE:
        return value
    if remote.base is not LIVE:
        return remote.base
    kind: Any = KNOWN[type.__getattribute__(type(value), "__plain__")]
    base = remote.seen("base", lambda: _copy(kind, remote.ask("base")))
    return base if type(base) is kind else value


def _copy(kind: Any, base: Any) -> Any:
    return kind.copy(base) if type(base) is kind else base


def _comparison(name: str) -> Callable[[Any, Any], Any]:
    compare = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        remote: Any = remote_of(self)
        if remote.peer.trusting:
            return remote.do(name, other)
        other_remote = remote_of(other)
        if other_remote is None:
            mine = plain(self)
            return NotImplemented if mine is self else compare(mine, other)
        verdict = remote.do(name, other)
        if name == "__eq__" and verdict is not NotImplemented and verdict:
            return _agree(self, remote, other, other_remote)
        return verdict

    method.__name__ = name
    return method


def _agree(one: Any, one_remote: Remote, other: Any, other_remote: Remote) -> bool:
    """Whether an equality holds from the other's view too, and is not denied. An honest class passes."""
    mirrored = other_remote.do("__eq__", one)
    unequal = one_remote.do("__ne__", other)
    return (mirrored is NotImplemented or bool(mirrored)) and (unequal is NotImplemented or not unequal)


def hash_of(self: Any) -> Any:
    """Return the hash of the plain value, or else what the other side says.

    Each side computes that of an object of a class which both have: hashes of texts differ between processes.
    """
    remote: Any = remote_of(self)
    if not isinstance(remote.base, Missing):
        return hash(remote.base)
    own: Any = own_class(type(self))
    if remote.peer.trusting:
        by_value = own is not None and own.__hash__ not in {None, object.__hash__}
        return own.__hash__(self) if by_value else remote.do("__hash__")
    is_ours = own is not None and own.__hash__ is not None
    return remote.seen("hash", lambda: own.__hash__(self) if is_ours else remote.do("__hash__"))


COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {name: _comparison(name) for name in COMPARISONS}
