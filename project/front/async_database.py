"""Database access on the event loop: libpq's nonblocking functions run a statement without a thread.

To pass a short statement to a thread, and its rows back, takes longer than the statement itself (docs/adr/0017).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any

import psycopg
from psycopg import pq

from project.postgres.prepared import PreparedConnection, Row, Statement, connect, connections_in_use

Result = asyncio.Future[pq.abc.PGresult]


class LoopConnection(PreparedConnection):
    """A connection whose socket an event loop watches. It runs one statement at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, conninfo: str, *, prepares: bool) -> None:
        super().__init__(conninfo, prepares=prepares)
        self._loop = loop
        self._socket = self.pgconn.socket  # kept: libpq closes it when the connection is lost
        self._is_watched = False
        self.pgconn.nonblocking = 1
        self._results: list[pq.abc.PGresult] = []
        self._future: Result | None = None
        self._has_unexpected_data = False

    def is_usable(self) -> bool:
        """Whether nothing was received since the last statement, read or not."""
        return not self._has_unexpected_data and super().is_usable()

    def watch(self) -> None:
        """Let the loop read what is received."""
        self._is_watched = True
        self._loop.add_reader(self._socket, self._read)

    async def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """Run a statement, and return its rows. Raises `psycopg.Error`."""
        encoded = statement.encoded(values)
        if statement.timeout_ms is not None:
            return self.rows_of(
                await self._result_of(self.pgconn.send_query, self.sql_with_timeout(statement, encoded))
            )
        if not self.prepares:
            return self.rows_of(await self._result_of(self.pgconn.send_query_params, statement.numbered, encoded))
        if statement.name not in self.prepared:
            self.rows_of(await self._result_of(self.pgconn.send_prepare, statement.name, statement.numbered))
            self.prepared.add(statement.name)
        return self.rows_of(await self._result_of(self.pgconn.send_query_prepared, statement.name, encoded))

    def close(self) -> None:
        """Close it, on the loop."""
        self._unwatch()
        super().close()

    def _result_of(self, send: Callable[..., None], *arguments: object) -> Result:
        """Send a command; return the future of its last result."""
        send(*arguments)
        self._future = self._loop.create_future()
        if self.pgconn.flush():
            self._loop.add_writer(self._socket, self._write)
        return self._future

    def _write(self) -> None:
        """Send more of the data that did not fit into the socket's buffer."""
        try:
            remains = self.pgconn.flush()
        except psycopg.OperationalError:
            remains = 0  # `_read` receives the same error
        if not remains:
            self._loop.remove_writer(self._socket)

    def _read(self) -> None:
        """Read what was received; resolve the future when the result is complete."""
        pgconn = self.pgconn
        try:
            pgconn.consume_input()
            while not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None:
                    break
                self._results.append(result)
            else:
                return
        except psycopg.OperationalError as error:
            self._fail(error)
            return
        if self._future is None:
            self._has_unexpected_data = True
            return
        results, self._results = self._results, []
        future, self._future = self._future, None
        if not future.done():  # it may have been cancelled
            future.set_result(results[-1])

    def _fail(self, error: psycopg.OperationalError) -> None:
        """Raise the error in the coroutine that waits: the connection is lost."""
        self._unwatch()
        if self._future is not None and not self._future.done():
            self._future.set_exception(error)

    def _unwatch(self) -> None:
        """Remove the socket from the loop."""
        if self._is_watched:
            self._is_watched = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)


class AsyncDatabase:
    """The connections of one event loop to the application's database, at most `max_connections`."""

    def __init__(self, settings: Mapping[str, Any], threads: Executor, max_connections: int) -> None:
        self._settings = settings
        self._threads = threads  # for connecting, which blocks
        self._connection_limit = asyncio.Semaphore(max_connections)
        self._idle: deque[LoopConnection] = deque()
        self._is_closed = False

    async def rows(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Row]:
        """Run a statement in a transaction of its own; return its rows. Raises what `StatementPool.rows` raises."""
        async with self._connection_limit:
            connection = await self._borrow(checks=not statement.only_reads)
            try:
                return await self._run(connection, statement, values)
            except psycopg.OperationalError:
                if not statement.only_reads or connection.is_open:
                    raise
            return await self._run(await self._borrow(checks=True), statement, values)

    def close(self) -> None:
        """Close the idle connections now, and the others once their statement has ended."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()

    async def _run(self, connection: LoopConnection, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        connections_in_use.inc()
        try:
            rows = await connection.rows(statement, values)
        except psycopg.Error:
            self._give_back(connection)
            raise
        except BaseException:  # it was cancelled, and its rows may still be received
            connection.close()
            raise
        finally:
            connections_in_use.dec()
        self._give_back(connection)
        return rows

    def _give_back(self, connection: LoopConnection) -> None:
        if connection.is_open and not self._is_closed:
            self._idle.append(connection)
        else:
            connection.close()

    async def _borrow(self, *, checks: bool) -> LoopConnection:
        """Return a connection, checked for being alive if that is wanted."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable() if checks else connection.is_open:
                return connection
            connection.close()
        loop = asyncio.get_running_loop()
        url = self._settings["SQLALCHEMY_DATABASE_URI"]
        make = partial(LoopConnection, loop)
        connection = await loop.run_in_executor(self._threads, connect, self._settings, url, make)
        connection.watch()
        return connection
