"""The special methods that can be called remotely, and their lookup."""

from typing import Any

_ARITHMETIC = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split()
_WORDS = """
call init len length_hint getitem setitem delitem contains iter next reversed missing enter exit
neg pos abs invert int float complex index round trunc floor ceil bool hash repr str format bytes
eq ne lt le gt ge
""".split()

COMPARISONS = frozenset(f"__{word}__" for word in "eq ne lt le gt ge".split())
TEXTS = frozenset(f"__{word}__" for word in "repr str format".split())
# Methods that Python calls in the middle of comparing, hashing and formatting containers, and of converting to numbers.
IMPLICIT = (
    COMPARISONS
    | TEXTS
    | frozenset(f"__{word}__" for word in "hash bool len length_hint index int float complex".split())
)
SPECIALS = frozenset(
    f"__{word}__"
    for word in (
        *_WORDS,
        *(prefix + word for word in _ARITHMETIC for prefix in ("", "r", "i") if prefix + word != "idivmod"),
    )
)
_ORDER: Any = type.__dict__["__mro__"]
# Methods that change the object itself.
CHANGING = frozenset({"__init__", "__setitem__", "__delitem__", *(f"__i{word}__" for word in _ARITHMETIC)})


def find_special(value: Any, name: str) -> Any:
    """Look up a special method as Python does: on the class, not on the instance. Raises AttributeError."""
    kind = type(value)
    for parent in kind.__mro__:
        if name in parent.__dict__:
            method = parent.__dict__[name]
            bind = getattr(type(method), "__get__", None)
            return method if bind is None else bind(method, value, kind)
    raise AttributeError(f"'{kind.__name__}' object has no attribute '{name}'")


def mro_of(kind: type) -> tuple[type, ...]:
    """Return the method resolution order that Python uses, even if the metaclass overrides `__mro__`."""
    order: tuple[type, ...] = _ORDER.__get__(kind)
    return order


def is_method(kind: type, name: str) -> bool:
    """Whether the class has a method of this name, which an attribute of an instance would hide."""
    found = next((parent.__dict__[name] for parent in mro_of(kind) if name in parent.__dict__), None)
    return (callable(found) or hasattr(type(found), "__get__")) and not hasattr(type(found), "__set__")


def own_specials(kind: type, known: frozenset[type]) -> tuple[list[str], list[str]]:
    """Return the special methods that are not from the `known` classes, and those that are denied.

    A class denies a special method by setting it to None, as one with `__eq__` does with `__hash__`.
    """
    found: dict[str, bool] = {}
    for parent in kind.__mro__:
        if parent not in known:
            for name in SPECIALS & parent.__dict__.keys():
                found.setdefault(name, parent.__dict__[name] is not None)
    return [name for name, given in found.items() if given], [name for name, given in found.items() if not given]
