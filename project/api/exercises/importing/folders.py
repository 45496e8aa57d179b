"""Reading the files of exercises: only below the given folder, and only up to a size."""

import base64
from pathlib import Path
from typing import Self

from project.judging.problems import Content

MAX_FILE_BYTES = 512 * 1024  # far more than any text of an exercise; the fields have limits of their own


class Unusable(Exception):
    """An exercise cannot be imported; the text is the reason."""


class Folder:
    """A folder at or below the root of an import."""

    def __init__(self, path: Path, root: Path | None = None) -> None:
        self.path = path
        self.root = (root or path).resolve()

    @property
    def name(self) -> str:
        """Return the folder's own name."""
        return self.path.absolute().name or self.path.resolve().name

    def folder(self, name: str) -> Self:
        """Return a folder in this one. It may be a link to any place, since only files below the root are read."""
        return type(self)(self.path / name, self.root)

    def folders(self) -> list[str]:
        """Return the names of the folders in this one, without hidden ones. Raises Unusable if it cannot be read."""
        return sorted(entry.name for entry in self._entries() if entry.is_dir())

    def files(self, suffix: str) -> list[str]:
        """Return the names of the files in this folder with this ending. Raises Unusable if it cannot be read."""
        return sorted(entry.name for entry in self._entries() if entry.name.endswith(suffix) and not entry.is_dir())

    def has(self, name: str) -> bool:
        """Whether there is a file or folder of that name, or a link to any place."""
        return (self.path / name).exists() or (self.path / name).is_symlink()

    def read(self, name: str, most: int = MAX_FILE_BYTES) -> str:
        """Return the text of a file with at most so many bytes.

        Raises:
            Unusable: it does not exist, is outside of the root, too large, not a file or not UTF-8.

        """
        try:
            return self.read_bytes(name, most).decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise Unusable(f"{name} is not UTF-8") from None

    def read_content(self, name: str) -> Content:
        """Return a file in the form of a case: its text, or its bytes as base64 if it is not text. Raises Unusable."""
        data = self.read_bytes(name)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "\0"
        return {"base64": base64.b64encode(data).decode()} if "\0" in text else self.read(name)

    def read_bytes(self, name: str, most: int = MAX_FILE_BYTES) -> bytes:
        """Return the content of a file with at most so many bytes. Raises Unusable."""
        path = self._inside(name)
        try:
            if not path.is_file():  # opening a named pipe would wait for its writer
                raise Unusable(f"there is no file {name}")
            with path.open("rb") as file:
                content = file.read(most + 1)
        except OSError as error:
            raise Unusable(f"{name} cannot be read: {error.strerror}") from None
        if len(content) > most:
            raise Unusable(f"{name} has more than {most} bytes")
        return content

    def _entries(self) -> list[Path]:
        self._inside(".")
        try:
            return [entry for entry in self.path.iterdir() if not entry.name.startswith((".", "__"))]
        except OSError as error:
            raise Unusable(f"cannot be read: {error.strerror}") from None

    def _inside(self, name: str) -> Path:
        """Return the path that a name resolves to, if it is below the root."""
        try:
            path = (self.path / name).resolve()
        except (OSError, RuntimeError, ValueError):
            raise Unusable(f"{name} leads nowhere") from None
        if not path.is_relative_to(self.root):
            raise Unusable(f"{self.name if name == '.' else name} leads out of the folder that is imported")
        return path
