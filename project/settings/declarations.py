"""How a setting is declared, read from the environment and refused. Standard library only.

`SETTINGS` is the table that `docs/settings.md` is generated from.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


class SettingsError(SystemExit):
    """A setting is missing or wrong. As a `SystemExit` it ends any program with one sentence and status 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"error: {sentence}")
        self.sentence = sentence


class Setting(NamedTuple):
    """One row of docs/settings.md."""

    name: str
    default: str
    help: str


SETTINGS: list[Setting] = []

POSTGRESQL_SCHEMES = ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2")

SETTINGS_PAGE_HEAD = """# Settings

Made by `script/manage settings > docs/settings.md`; a test compares them. All are environment variables, read once at
the start. A value that cannot be read stops the start with one sentence.

`APP_SETTINGS` selects the configuration, and has no default outside `script/`: `project.config.DevelopmentConfig`,
`project.config.TestingConfig`, `project.config.StagingConfig` or `project.config.ProductionConfig`.

| setting | default | what it does |
|---|---|---|"""


def _shown(default: object) -> str:
    """Return a default as one would write it in the environment."""
    return str(default).lower() if isinstance(default, bool) else str(default)


def setting(
    name: str,
    default: T,
    parse: Callable[[str], T],
    help_: str,
    *,
    shown: str | None = None,
) -> T:
    """Declare a setting and read it from the environment; `shown` is the default as the docs word it."""
    SETTINGS.append(Setting(name, shown if shown is not None else _shown(default), help_))
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except ValueError as error:
        # The value is not repeated: it may be a secret.
        raise SettingsError(f"{name} {error}") from None


def is_set(name: str) -> bool:
    """Whether the environment sets a setting."""
    return bool(os.environ.get(name, "").strip())


def boolean(text: str) -> bool:
    """Read "true" or "false", and the other usual words for them."""
    words = {
        "true": True,
        "1": True,
        "yes": True,
        "on": True,
        "false": False,
        "0": False,
        "no": False,
        "off": False,
    }
    if text.lower() not in words:
        raise ValueError("must be true or false.")
    return words[text.lower()]


def number(low: float, high: float) -> Callable[[str], Any]:
    """Return a parser of numbers in [low, high]: of whole ones when `low` is an int."""
    kind = type(low)

    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = high + 1
        if not low <= value <= high:
            raise ValueError(f"must be a number from {low} to {high}.")
        return value

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser that takes one of `choices`."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}.")
        return text

    return parse


def http_url(text: str) -> str:
    """Read the base address of an HTTP service, without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as http://users-service:5000.")
    return text.rstrip("/")


def postgresql_url(text: str) -> str:
    """Read the address of a PostgreSQL database in any of its usual spellings; return it as SQLAlchemy wants it.

    The specification's compose file writes `postgres://`, which SQLAlchemy refuses.
    """
    scheme, separator, rest = text.partition("://")
    try:
        known = scheme in POSTGRESQL_SCHEMES and separator and (urlsplit(f"//{rest}").port or True)
    except ValueError:  # a port that is none
        known = False
    if not known:
        raise ValueError("must read like postgres://user:password@host:5432/name; no other database is supported.")
    return f"postgresql+psycopg://{rest}"


def origins(text: str) -> list[str]:
    """Read web origins with commas between them. No patterns: they are easily wider than they look."""
    found = [word.strip() for word in text.split(",") if word.strip()]
    if not all(origin == "*" or re.fullmatch(r"https?://[\w.-]+(:\d+)?", origin) for origin in found):
        raise ValueError("must hold origins such as https://learn.example.org, with commas between, or *.")
    return found


def secret_file(text: str) -> str:
    """Read a secret from the file that an orchestrator mounted."""
    try:
        return Path(text).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"names a file that cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ValueError("names a file that holds no text; make one with: openssl rand -hex 32") from None


def settings_page() -> str:
    """Return docs/settings.md."""
    rows = [f"| `{name}` | {default or '(empty)'} | {help_} |" for name, default, help_ in SETTINGS]
    return "\n".join([SETTINGS_PAGE_HEAD, *sorted(rows), ""])
