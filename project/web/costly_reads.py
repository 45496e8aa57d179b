"""Reads whose cost grows with the site, not with the page: boards without a summary, and filters without an index.

A few of them at once would keep the database and the threads from other requests. So a process runs only a few at once;
further ones wait a little, and are then rejected with 503. Reads of anonymous callers also have a shorter timeout, and
their rows are cached for some seconds: all of them may read the same. The reads of a caller with a valid token
are never cached, so that they include what the caller has just written.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from cachetools import TTLCache
from flask import Flask, current_app

from project.postgres.prepared import Row, RunStatement, Statement, run_in_session
from project.web.auth import optional_caller
from project.web.concurrency import ConcurrencyLimit

WAIT_SECONDS = 1.0
CACHE_BYTES = 8 * 2**20  # in each process

Key = tuple[Statement, tuple[tuple[str, Any], ...]]


def _size(rows: Sequence[Row]) -> int:
    """Return about how many bytes rows take: those of their values, and of the objects around them."""
    return sum(100 + sum(len(value or b"") + 40 for value in row) for row in rows) + 100


class CostlyReads:
    """An application's limits of costly reads, and its cache of their rows."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        at_once: int = settings["COSTLY_READS_AT_ONCE"]
        self._timeout_ms = int(settings["COSTLY_READ_SECONDS"] * 1000)
        # Two limits, so that anonymous callers cannot keep authenticated ones waiting.
        self._anonymous = ConcurrencyLimit(at_once, at_once, WAIT_SECONDS)
        self.authenticated = ConcurrencyLimit(at_once, at_once - 1, WAIT_SECONDS)
        self._cache: TTLCache[Key, Sequence[Row]] = TTLCache(
            CACHE_BYTES, settings["COSTLY_PAGE_SECONDS"], getsizeof=_size
        )
        self._lock = threading.Lock()

    def rows(
        self, run: RunStatement, statement: Statement, values: Mapping[str, Any], *, is_authenticated: bool
    ) -> Sequence[Row]:
        """Run a costly statement. Raises `Busy`, or what `run` raises."""
        if is_authenticated:
            with self.authenticated.acquire():
                return run(statement, values)
        key = statement, tuple(sorted(values.items()))
        cached = self._cached(key)
        if cached is not None:
            return cached
        with self._anonymous.acquire():
            cached = self._cached(key)  # another thread may have read it while this one waited
            if cached is not None:
                return cached
            rows = run(statement.with_timeout(self._timeout_ms), values)
        self._store(key, rows)
        return rows

    def _cached(self, key: Key) -> Sequence[Row] | None:
        with self._lock:
            return self._cache.get(key)

    def _store(self, key: Key, rows: Sequence[Row]) -> None:
        if _size(rows) <= CACHE_BYTES:
            with self._lock:
                self._cache[key] = rows


def costly_reads_of(extensions: Mapping[str, Any]) -> CostlyReads:
    """Return the costly reads of an application, by its extensions."""
    found: CostlyReads = extensions["costly_reads"]
    return found


def costly_reads() -> CostlyReads:
    """Return the current application's costly reads."""
    return costly_reads_of(current_app.extensions)


def read_in_session(statement: Statement, values: Mapping[str, Any]) -> Sequence[Row]:
    """Run a statement that only reads, costly or not, in the transaction of the request."""
    if not statement.costly:
        return run_in_session(statement, values)
    return costly_reads().rows(run_in_session, statement, values, is_authenticated=optional_caller() is not None)


def init_app(app: Flask) -> None:
    """Create the application's costly reads."""
    app.extensions["costly_reads"] = CostlyReads(app.config)
