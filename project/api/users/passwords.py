"""Passwords, kept as argon2id hashes (RFC 9106).

Each hash takes a core and much memory for a tenth of a second on purpose, and anybody may make the service compute one.
So a process computes only a few at once; further ones wait a little, or are refused with 503.
"""

from functools import lru_cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

from project.concurrency import ConcurrencyLimit

# What a hash waits for those before it. A class that logs in when the lesson starts is served within that time.
WAIT_SECONDS = 3.0


class Verified(NamedTuple):
    """Whether it is the password, and the hash to keep from now on, if the stored one was made with other costs."""

    is_right: bool
    new_hash: str | None = None


def hash_password(password: str) -> str:
    """Return the hash to keep. Raises `Busy` when too many are computed."""
    with _limit().place():
        return _hasher().hash(password)


def verify_password(password: str, password_hash: str | None) -> Verified:
    """Verify a password. Without a hash, of a user that does not exist, it takes as long. Raises `Busy`."""
    hasher = _hasher()
    with _limit().place():
        try:
            hasher.verify(password_hash or _decoy(hasher), password)
        except (VerificationError, InvalidHashError):
            return Verified(is_right=False)
        if password_hash is None:
            return Verified(is_right=False)
        renewed = hasher.hash(password) if hasher.check_needs_rehash(password_hash) else None
    return Verified(is_right=True, new_hash=renewed)


def _hasher() -> PasswordHasher:
    return _make_hasher(current_app.config["PASSWORD_HASH_TIME_COST"], current_app.config["PASSWORD_HASH_MEMORY_KIB"])


@lru_cache(maxsize=4)
def _make_hasher(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib)


@lru_cache(maxsize=4)
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody's")


def _limit() -> ConcurrencyLimit:
    found: ConcurrencyLimit = current_app.extensions["password_hashes"]
    return found


def init_app(app: Flask) -> None:
    """Give the application its limit: at most half of its threads compute hashes or wait for that."""
    at_once: int = app.config["PASSWORD_HASHES_AT_ONCE"]
    waiting = max(0, app.config["WEB_THREADS"] // 2 - at_once)
    app.extensions["password_hashes"] = ConcurrencyLimit(at_once, waiting, WAIT_SECONDS)
