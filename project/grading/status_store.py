"""The statuses of languages that the processes of this host share, so that one of them runs the smoke programs.

A status is a small file, which is replaced atomically. One that cannot be read or understood is as good as none.
"""

import fcntl
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

log = logging.getLogger(__name__)

WORKING_SECONDS = 24 * 3600.0  # for which a language that worked is taken to work, while its tools stay the same
RETRY_SECONDS = 60.0  # after which a language that did not work is tried again


@dataclass(frozen=True, slots=True)
class StoredStatus:
    """The status of a language: its version, or what is missing."""

    key: str  # a digest of what the status depends on
    tried_at: float  # in seconds since 1970
    version: str | None
    missing: str | None

    @property
    def is_fresh(self) -> bool:
        """Whether the smoke program need not run again. A time in the future is that of a clock which was wrong."""
        age = time.time() - self.tried_at
        return 0 <= age <= (WORKING_SECONDS if self.missing is None else RETRY_SECONDS)


class StatusStore:
    """A directory with a status for each language."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, language: str, key: str) -> StoredStatus | None:
        """Return the status of a language, unless it is too old or depends on something else."""
        try:
            values = json.loads((self._directory / f"{language}.json").read_bytes())
            found = StoredStatus(
                key=str(values["key"]),
                tried_at=float(values["tried_at"]),
                version=_text(values["version"]),
                missing=_text(values["missing"]),
            )
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        is_valid = found.key == key and (found.version is None) != (found.missing is None)
        return found if is_valid and found.is_fresh else None

    def put(self, language: str, status: StoredStatus) -> None:
        """Keep a status. An error, as of a full disk, is logged."""
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._directory, prefix=".", delete=False) as file:
                json.dump(asdict(status), file)
            os.replace(file.name, self._directory / f"{language}.json")  # noqa: PTH105 - atomic
        except OSError as error:
            log.warning("the status of a language could not be kept: %s", error)

    @contextmanager
    def locked(self, language: str) -> Iterator[None]:
        """Let one process at a time try a language. Where the directory cannot be written, several may."""
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._directory / f"{language}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel releases it if this process ends
            yield
        finally:
            os.close(lock)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError("a text is expected")
