"""Passwords, stored as argon2id hashes (RFC 9106).

By design, each hash takes a core and much memory for a tenth of a second, and any client can make the service compute
one. So a process computes only a few at once; others wait a little, or are refused with 503. They are computed in
threads of low priority: many log-ins at once use the cores that other requests leave idle.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import NamedTuple, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

from project.web.concurrency import ConcurrencyLimit

# How long a hash waits for those before it: enough for a class that logs in when a lesson starts.
WAIT_SECONDS = 3.0
NICENESS = 10  # a thread of normal priority gets nine times as much time


Result = TypeVar("Result")


class Verified(NamedTuple):
    """Whether the password is right, and a new hash to store, if the stored one was computed with other costs."""

    is_right: bool
    new_hash: str | None = None


def hash_password(password: str) -> str:
    """Return the hash to store. Raises `Busy` when too many are computed."""
    return compute(partial(_hasher().hash, password))


def verify_password(password: str, password_hash: str | None) -> Verified:
    """Verify a password. It takes as long without a hash, for a user that does not exist. Raises `Busy`."""
    return compute(partial(_verify, _hasher(), password, password_hash))


def _verify(hasher: PasswordHasher, password: str, password_hash: str | None) -> Verified:
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


class PasswordHashes:
    """The threads of an application that compute hashes, and the limit of requests that wait for one."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.limit = ConcurrencyLimit(at_once, waiting, WAIT_SECONDS)
        self.threads = ThreadPoolExecutor(at_once, "password-hashes", initializer=_lower_priority)


def _lower_priority() -> None:
    # Linux keeps it for each thread, and the threads that argon2 starts inherit it.
    thread = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))


def compute(action: Callable[[], Result]) -> Result:
    """Compute a hash in a thread. Raises `Busy` when too many are computed."""
    hashes: PasswordHashes = current_app.extensions["password_hashes"]
    with hashes.limit.acquire():
        return hashes.threads.submit(action).result()


def init_app(app: Flask) -> None:
    """Give the application its limit: at most half of its threads compute hashes or wait for one."""
    at_once: int = app.config["PASSWORD_HASHES_AT_ONCE"]
    waiting = max(0, app.config["WEB_THREADS"] // 2 - at_once)
    app.extensions["password_hashes"] = PasswordHashes(at_once, waiting)
