"""Reads that several requests want at the same time, sent to the database as one statement.

With a connection for each request, many backends would compete for the processors, and each request would pay for its
own round trip. docs/adr/0009 has the figures.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import Any

import psycopg

from project.front.async_database import AsyncDatabase
from project.front.batcher import Batcher
from project.postgres.prepared import Row, Statement, array

Values = Mapping[str, Any]
Key = tuple[Statement, tuple[Any, ...]]


class ReadBatches:
    """Runs read queries. One that may be run for many shares a statement with those that come while another runs."""

    def __init__(self, database: AsyncDatabase) -> None:
        self._database = database
        self._batchers: dict[Statement, Batcher[Values, Sequence[Row]]] = {}
        self._only_alone: set[Statement] = set()
        # Of queries without a batch, by statement and values: the one that runs, and the one that begins after it.
        self._running: dict[Key, asyncio.Task[Sequence[Row]]] = {}
        self._next: dict[Key, asyncio.Task[Sequence[Row]]] = {}

    def rows(self, statement: Statement, values: Values) -> Awaitable[Sequence[Row]]:
        """Return the rows of a statement that only reads."""
        if statement.batched is None or statement in self._only_alone:
            return self._shared(statement, values)
        batcher = self._batchers.get(statement)
        if batcher is None:
            batcher = self._batchers[statement] = Batcher(partial(self._read, statement), _was_refused)
        return batcher.submit(values)

    def _shared(self, statement: Statement, values: Values) -> Awaitable[Sequence[Row]]:
        """Run a query for all that want the same before it begins, such as the first page of a leaderboard."""
        key = (statement, tuple(values.values()))
        query = self._next.get(key)
        if query is None:
            query = self._next[key] = asyncio.create_task(self._run_next(key, values))
        return asyncio.shield(query)

    async def _run_next(self, key: Key, values: Values) -> Sequence[Row]:
        running = self._running.get(key)
        if running is not None:  # it began before this request came, and may not see what the caller wrote
            await asyncio.wait([running])
        query = self._running[key] = self._next.pop(key)
        try:
            return await self._database.rows(key[0], values)
        finally:
            if self._running[key] is query:
                del self._running[key]

    async def _read(self, statement: Statement, batch: Sequence[Values]) -> Sequence[Sequence[Row]]:
        """Return the rows for each of a batch. What several want is read once."""
        keys = [tuple(values.values()) for values in batch]
        distinct = dict(zip(keys, batch, strict=True))
        rows = dict(zip(distinct, await self._read_distinct(statement, list(distinct.values())), strict=True))
        return [rows[key] for key in keys]

    async def _read_distinct(self, statement: Statement, batch: Sequence[Values]) -> Sequence[Sequence[Row]]:
        if len(batch) == 1 or statement.batched is None:
            return [await self._database.rows(statement, values) for values in batch]
        arrays = {name: array([values[name] for values in batch]) for name in statement.batched.parameters}
        found: list[list[Row]] = [[] for _ in batch]
        try:
            for number, *row in await self._database.rows(statement.batched, arrays):
                found[int(number or 0) - 1].append(row)
        except psycopg.errors.FeatureNotSupported:  # by a cluster of databases (docs/scaling.md)
            self._only_alone.add(statement)
            raise
        return found


def _was_refused(error: Exception) -> bool:
    """Whether the server is there, so that each query may be run alone."""
    return isinstance(error, psycopg.Error) and bool(error.sqlstate)
