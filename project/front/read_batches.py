"""Read batches: the reads of simultaneous requests, sent to the database as one statement.

With a connection for each request, many backends would compete for the processors, and each request would need a round
trip of its own. docs/adr/0009 has the figures.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import Any

import psycopg

from project.front.async_database import AsyncDatabase
from project.front.batcher import Batcher
from project.front.waits import retrieve_error
from project.postgres.prepared import Row, Statement, array

Values = Mapping[str, Any]
Key = tuple[Statement, tuple[Any, ...]]


class ReadBatches:
    """Runs read queries. Those of one kind that arrive while another runs share a statement, if it can be batched."""

    def __init__(self, database: AsyncDatabase) -> None:
        self._database = database
        self._batchers: dict[Statement, Batcher[Values, Sequence[Row]]] = {}
        self._not_batched: set[Statement] = set()
        # Queries that are not batched, by statement and values: the running one, and the one that starts after it.
        self._running: dict[Key, asyncio.Task[Sequence[Row]]] = {}
        self._next: dict[Key, asyncio.Task[Sequence[Row]]] = {}

    def rows(self, statement: Statement, values: Values) -> Awaitable[Sequence[Row]]:
        """Return the rows of a statement that only reads."""
        batched = statement.batched
        if batched is None or statement in self._not_batched:
            return self._shared(statement, values)
        batcher = self._batchers.get(statement)
        if batcher is None:
            batcher = self._batchers[statement] = Batcher(partial(self._read, statement, batched), _is_server_error)
        return batcher.submit(values)

    def _shared(self, statement: Statement, values: Values) -> Awaitable[Sequence[Row]]:
        """Run a query once for all requests that need it before it starts, such as for a leaderboard's first page."""
        key = (statement, tuple(values.values()))
        query = self._next.get(key)
        if query is None:
            query = self._next[key] = asyncio.create_task(self._run_next(key, values))
            query.add_done_callback(retrieve_error)
        return asyncio.shield(query)

    async def _run_next(self, key: Key, values: Values) -> Sequence[Row]:
        running = self._running.get(key)
        if running is not None:  # it may have started before the last write of this client
            await asyncio.wait([running])
        query = self._running[key] = self._next.pop(key)
        try:
            return await self._database.rows(key[0], values)
        finally:
            if self._running[key] is query:
                del self._running[key]

    async def _read(self, statement: Statement, batched: Statement, batch: Sequence[Values]) -> Sequence[Sequence[Row]]:
        """Return the rows for each of a batch. Equal queries are run once."""
        keys = [tuple(values.values()) for values in batch]
        distinct = dict(zip(keys, batch, strict=True))
        found = await self._read_distinct(statement, batched, list(distinct.values()))
        rows = dict(zip(distinct, found, strict=True))
        return [rows[key] for key in keys]

    async def _read_distinct(
        self, statement: Statement, batched: Statement, batch: Sequence[Values]
    ) -> Sequence[Sequence[Row]]:
        if len(batch) == 1:
            return [await self._database.rows(statement, batch[0])]
        arrays = {name: array([values[name] for values in batch]) for name in batched.parameters}
        found: list[list[Row]] = [[] for _ in batch]
        try:
            for number, *row in await self._database.rows(batched, arrays):
                found[int(number or 0) - 1].append(row)
        except psycopg.errors.FeatureNotSupported:  # by a database that is distributed with Citus (docs/scaling.md)
            self._not_batched.add(statement)
            raise
        return found


def _is_server_error(error: Exception) -> bool:
    """Whether the server reported the error: it can be reached, so that each query may be run alone."""
    return isinstance(error, psycopg.Error) and bool(error.sqlstate)
