"""The key that signs tokens."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from project.config import DATA_DIR
from project.postgres.data_directory import make_directory
from project.settings.declarations import SettingsError

# RFC 7518, section 3.2: a key for HS256 must be at least as long as its hash.
SECRET_KEY_BYTES = 32


@lru_cache  # it is asked for with every token
def development_secret_key() -> str:
    """Return this checkout's own random key, made on first use, so that tokens outlive a restart."""
    path = DATA_DIR / "secret_key"
    try:
        if not path.exists():
            _make_key(path)
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise SettingsError(f"DATA_DIR cannot be used: {error.filename}: {error.strerror}.") from None


def _make_key(path: Path) -> None:
    """Write a key aside and link it into place: of two processes that start at once, both take the first one's."""
    make_directory(path.parent)
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:
        file.write(os.urandom(SECRET_KEY_BYTES).hex().encode())
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)


def secret_key(config: Mapping[str, Any]) -> str:
    """Return the key that signs tokens; outside production, one that is made when none is set."""
    key: str = config["SECRET_KEY"] or ("" if config["SECRET_KEY_REQUIRED"] else development_secret_key())
    if len(key.encode(errors="surrogateescape")) < SECRET_KEY_BYTES:
        raise SettingsError(
            f"SECRET_KEY must be set to at least {SECRET_KEY_BYTES} random bytes, the same on every machine: "
            "export SECRET_KEY=$(openssl rand -hex 32), or name a file that holds it in SECRET_KEY_FILE."
        )
    return key
