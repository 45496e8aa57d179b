"""The cache of compiled programs: the same source is compiled once.

A file is named by a digest of everything that the compiler gets. It starts with a digest of the rest, so that one that
a crash cut off is not used. Sandboxed processes have no access to the directory: they get a program as an unnamed file.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

log = logging.getLogger(__name__)

DIGEST_BYTES = sha256().digest_size


class ProgramCache:
    """A directory of programs, of at most `max_bytes` together. Several processes may share it."""

    def __init__(self, directory: Path, max_bytes: int) -> None:
        self._directory = directory
        self._max_bytes = max_bytes

    def get(self, key: str) -> bytes | None:
        """Return a program; None if it is not there."""
        path = self._directory / key
        try:
            data = path.read_bytes()
            os.utime(path)  # it was used now
        except OSError:
            return None
        digest, program = data[:DIGEST_BYTES], data[DIGEST_BYTES:]
        return program if sha256(program).digest() == digest else None

    def put(self, key: str, program: bytes) -> None:
        """Keep a program, in place of those that were not used for longest. An error, as of a full disk, is logged."""
        try:
            if len(program) + DIGEST_BYTES <= self._max_bytes:
                self._write(key, program)
                self._remove_excess()
        except OSError as error:
            log.warning("a compiled program could not be kept in the cache: %s", error)

    def _write(self, key: str, program: bytes) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._directory, prefix=".", delete=False) as file:
            file.write(sha256(program).digest() + program)
        os.replace(file.name, self._directory / key)  # noqa: PTH105 - another process sees the whole file or none

    def _remove_excess(self) -> None:
        entries = sorted(self._entries(), reverse=True)
        size = 0
        for _, bytes_, path in entries:
            size += bytes_
            if size > self._max_bytes:
                path.unlink(missing_ok=True)

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        """Return the time of the last use, the size and the path of each file."""
        for path in self._directory.iterdir():
            try:
                info = path.stat()
            except FileNotFoundError:  # another process removed it
                continue
            yield info.st_mtime_ns, info.st_size, path
