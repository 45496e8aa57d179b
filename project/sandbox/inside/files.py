"""The files of a test case, which the code that runs next can open by name.

They are in its working directory. Below the isolation level that has one, `open`, `io.open` and `pathlib` read them
from memory: there a process cannot write files, or not even open any.
"""

import builtins
import inspect
import io
import os
import sys
from collections.abc import Mapping
from typing import Any

from .contents import Content, content_bytes
from .sources import SourceFinder

WRITING = frozenset("wax+")
_PARAMETERS = inspect.signature(open)


def modules(files: Mapping[str, Content]) -> dict[str, str]:
    """Return the files that can be imported."""
    return {name: text for name, text in files.items() if name.endswith(".py") and isinstance(text, str)}


def provide(files: Mapping[str, Content]) -> None:
    """Make files available by their names, and modules among them for import."""
    if not files:
        return
    sys.meta_path.append(SourceFinder(modules(files)))
    contents = {name: content_bytes(content) for name, content in files.items()}
    try:
        for name, data in contents.items():
            _write(name, data)
    except PermissionError:
        builtins.open = io.open = _Opener(contents)


def _write(name: str, data: bytes) -> None:
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with open(descriptor, "wb") as file:
        file.write(data)


class _InMemory(io.BytesIO):
    """A file in memory."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name

    def writable(self) -> bool:
        return False

    def write(self, _data: Any) -> int:
        raise io.UnsupportedOperation("not writable")


class _Opener:
    """A replacement for `open` that also opens files in memory."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._open = open

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        given = _PARAMETERS.bind(*args, **keywords).arguments
        file, mode = given["file"], given.get("mode", "r")
        name = "" if isinstance(file, int) else os.path.normpath(os.fsdecode(file))
        if name not in self._contents or WRITING & set(mode):
            return self._open(*args, **keywords)
        found = _InMemory(self._contents[name], name)
        if "b" in mode:
            return found
        return io.TextIOWrapper(found, given.get("encoding") or "utf-8", given.get("errors"), given.get("newline"))
