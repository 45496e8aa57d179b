"""Reads whose cost grows with the site, and not with the page: boards that nobody keeps, and filters without an index.

A few of them at once would keep database and threads from everybody else. So a process runs only a few at once; further
ones wait a little, or are refused with 503. Those of callers without a good token also have a shorter time limit, and
may get rows that are some seconds old: all such callers may read the same, so what is kept for one is right for all. A
caller with a token always reads anew, and finds what they have just written.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from cachetools import TTLCache
from flask import Flask, current_app

from project.postgres.prepared import Row, Run, Statement, in_session
from project.web.auth import optional_caller
from project.web.concurrency import ConcurrencyLimit

WAIT_SECONDS = 1.0
CACHED_BYTES = 8 * 2**20  # in each process

Key = tuple[Statement, tuple[tuple[str, Any], ...]]


def _size(rows: Sequence[Row]) -> int:
    """Return about how many bytes rows take: those of their values, and of the objects around them."""
    return sum(100 + sum(len(value or b"") + 40 for value in row) for row in rows) + 100


class CostlyReads:
    """An application's places for such reads, and what it keeps of them."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        at_once: int = settings["COSTLY_READS_AT_ONCE"]
        self._milliseconds = int(settings["COSTLY_READ_SECONDS"] * 1000)
        # Strangers cannot take the places of those who are known.
        self._strangers = ConcurrencyLimit(at_once, at_once, WAIT_SECONDS)
        self.known = ConcurrencyLimit(at_once, at_once - 1, WAIT_SECONDS)
        self._kept: TTLCache[Key, Sequence[Row]] = TTLCache(
            CACHED_BYTES, settings["COSTLY_PAGE_SECONDS"], getsizeof=_size
        )
        self._lock = threading.Lock()

    def rows(self, run: Run, statement: Statement, values: Mapping[str, Any], *, is_known: bool) -> Sequence[Row]:
        """Run such a statement. Raises `Busy`, or as `run` does."""
        if is_known:
            with self.known.place():
                return run(statement, values)
        key = statement, tuple(sorted(values.items()))
        kept = self._find(key)
        if kept is not None:
            return kept
        with self._strangers.place():
            kept = self._find(key)  # another one may have read it while this one waited
            if kept is not None:
                return kept
            rows = run(statement.within(self._milliseconds), values)
        self._keep(key, rows)
        return rows

    def _find(self, key: Key) -> Sequence[Row] | None:
        with self._lock:
            return self._kept.get(key)

    def _keep(self, key: Key, rows: Sequence[Row]) -> None:
        if _size(rows) <= CACHED_BYTES:
            with self._lock:
                self._kept[key] = rows


def costly_reads_of(extensions: Mapping[str, Any]) -> CostlyReads:
    """Return those of an application, by its extensions."""
    found: CostlyReads = extensions["costly_reads"]
    return found


def costly_reads() -> CostlyReads:
    """Return the current application's."""
    return costly_reads_of(current_app.extensions)


def read_in_session(statement: Statement, values: Mapping[str, Any]) -> Sequence[Row]:
    """Run a statement that only reads, costly or not, in the transaction of the request."""
    if not statement.costly:
        return in_session(statement, values)
    return costly_reads().rows(in_session, statement, values, is_known=optional_caller() is not None)


def init_app(app: Flask) -> None:
    """Give the application its places."""
    app.extensions["costly_reads"] = CostlyReads(app.config)
