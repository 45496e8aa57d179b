"""The built-in fixtures of pytest. They affect the answer as well, through `patched_globals`."""

import contextlib
import importlib
import inspect
import io
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any, NamedTuple, Self

from .pytest_fixtures import Fixture

_NOTHING = object()


class Captured(NamedTuple):
    """Captured output."""

    out: str
    err: str


class Capture:
    """`capsys`: replaces the standard streams, for the answer as well."""

    __class_getitem__: Any = classmethod(types.GenericAlias)

    def __init__(self) -> None:
        self._streams = io.StringIO(), io.StringIO()

    def readouterr(self) -> Captured:
        """Return the output since the last call."""
        texts = [stream.getvalue() for stream in self._streams]
        for stream in self._streams:
            stream.seek(0)
            stream.truncate()
        return Captured(*texts)

    @contextlib.contextmanager
    def capturing(self) -> Iterator[None]:
        """Capture output during a `with`."""
        with contextlib.redirect_stdout(self._streams[0]), contextlib.redirect_stderr(self._streams[1]):
            yield

    @contextlib.contextmanager
    def disabled(self) -> Iterator[None]:
        """Do not capture output during a `with`."""
        with contextlib.redirect_stdout(sys.__stderr__), contextlib.redirect_stderr(sys.__stderr__):
            yield


class Recorder:
    """A list of the warnings that are issued during its `with`, as `warnings.WarningMessage`."""

    def __init__(self) -> None:
        self.list: list[warnings.WarningMessage] = []
        self._recording = warnings.catch_warnings(record=True)

    def pop(self, kind: type[Warning] = Warning) -> warnings.WarningMessage:
        """Remove the first warning of a class, and return it."""
        for number, one in enumerate(self.list):
            if issubclass(one.category, kind):
                return self.list.pop(number)
        raise AssertionError(f"{kind} was not warned of")

    def clear(self) -> None:
        """Forget all warnings."""
        self.list.clear()

    def __len__(self) -> int:
        return len(self.list)

    def __iter__(self) -> Iterator[warnings.WarningMessage]:
        return iter(self.list)

    def __getitem__(self, index: int) -> warnings.WarningMessage:
        return self.list[index]

    def __enter__(self) -> Self:
        recorded = self._recording.__enter__()
        self.list = [] if recorded is None else recorded
        warnings.simplefilter("always")
        return self

    def __exit__(self, *raised: object) -> None:
        self._recording.__exit__(*raised)  # type: ignore[arg-type] # it uses none of them


class MonkeyPatch:
    """`monkeypatch`: changes that are undone after the test."""

    def __init__(self) -> None:
        self._undoing = contextlib.ExitStack()

    @classmethod
    @contextlib.contextmanager
    def context(cls) -> Iterator["MonkeyPatch"]:
        """Provide another one during a `with`."""
        patch = cls()
        try:
            yield patch
        finally:
            patch.undo()

    def setattr(self, target: Any, name: Any, value: Any = _NOTHING, raising: bool = True) -> None:  # noqa: FBT001, FBT002
        """Set an attribute, of an object or by a dotted name."""
        if value is _NOTHING:
            target, name, value = *_named(target), name
        old = _attribute(target, name)
        if old is _NOTHING and raising:
            raise AttributeError(f"{target!r} has no attribute {name!r}")
        self._undoing.callback(_restore_attribute, target, name, old)
        setattr(target, name, value)

    def delattr(self, target: Any, name: Any = _NOTHING, raising: bool = True) -> None:  # noqa: FBT001, FBT002
        """Delete an attribute."""
        if name is _NOTHING:
            target, name = _named(target)
        old = _attribute(target, name)
        if old is _NOTHING:
            if raising:
                raise AttributeError(f"{target!r} has no attribute {name!r}")
            return
        self._undoing.callback(_restore_attribute, target, name, old)
        delattr(target, name)

    def setitem(self, mapping: MutableMapping[Any, Any], key: Any, value: Any) -> None:
        """Set an item of a dict."""
        self._undoing.callback(_restore_item, mapping, key, mapping.get(key, _NOTHING))
        mapping[key] = value

    def delitem(self, mapping: MutableMapping[Any, Any], key: Any, raising: bool = True) -> None:  # noqa: FBT001, FBT002
        """Delete an item of a dict."""
        old = mapping.get(key, _NOTHING)
        if old is _NOTHING and raising:
            raise KeyError(key)
        self._undoing.callback(_restore_item, mapping, key, old)
        mapping.pop(key, None)

    def setenv(self, name: str, value: str, prepend: str | None = None) -> None:
        """Set an environment variable."""
        if prepend and name in os.environ:
            value = f"{value}{prepend}{os.environ[name]}"
        self.setitem(os.environ, name, str(value))

    def delenv(self, name: str, raising: bool = True) -> None:  # noqa: FBT001, FBT002
        """Delete an environment variable."""
        self.delitem(os.environ, name, raising)

    def undo(self) -> None:
        """Undo all changes, the last first."""
        self._undoing.close()


def _named(dotted: str) -> tuple[Any, str]:
    """Return the object and the name of the attribute for a dotted name."""
    place, _, name = dotted.rpartition(".")
    module, *rest = place.split(".")
    found = importlib.import_module(module)
    for part in rest:
        module = f"{module}.{part}"
        if not hasattr(found, part):
            importlib.import_module(module)
        found = getattr(found, part)
    return found, name


def _attribute(target: Any, name: str) -> Any:
    """Return an attribute; of a class without binding it, since it may be a `staticmethod` or the like."""
    if inspect.isclass(target) and name in vars(target):
        return vars(target)[name]
    return getattr(target, name, _NOTHING)


def _restore_attribute(target: Any, name: str, old: Any) -> None:
    if old is not _NOTHING:
        setattr(target, name, old)
    elif hasattr(target, name):
        delattr(target, name)


def _restore_item(mapping: MutableMapping[Any, Any], key: Any, old: Any) -> None:
    if old is _NOTHING:
        mapping.pop(key, None)
    else:
        mapping[key] = old


def _capsys() -> Iterator[Capture]:
    capture = Capture()
    with capture.capturing():
        yield capture


def _monkeypatch() -> Iterator[MonkeyPatch]:
    with MonkeyPatch.context() as patch:
        yield patch


def _recwarn() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


_FUNCTIONS: dict[str, Callable[[], Any]] = {"capsys": _capsys, "monkeypatch": _monkeypatch, "recwarn": _recwarn}
BUILTIN = {name: Fixture(function, name) for name, function in _FUNCTIONS.items()}
