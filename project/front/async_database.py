"""The database for the event loop: libpq's functions that do not wait run a statement without a thread.

To hand a short statement to a thread, and its rows back, takes longer than the statement itself (docs/adr/0017).
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
    """A connection that an event loop waits for. It runs one statement at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, conninfo: str, *, prepares: bool) -> None:
        super().__init__(conninfo, prepares=prepares)
        self._loop = loop
        self._socket = self.pgconn.socket  # which libpq closes, and forgets, when the connection is lost
        self._is_forgotten = False
        self.pgconn.nonblocking = 1
        self._results: list[pq.abc.PGresult] = []
        self._future: Result | None = None
        self._is_ending = False

    def is_usable(self) -> bool:
        """Whether nothing has come since the last statement, read or not."""
        return not self._is_ending and super().is_usable()

    def listen(self) -> None:
        """Let the loop say when something has come."""
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
        self._forget()
        super().close()

    def _result_of(self, send: Callable[..., None], *arguments: object) -> Result:
        """Send a command; return its last result, which is to come."""
        send(*arguments)
        self._future = self._loop.create_future()
        if self.pgconn.flush():
            self._loop.add_writer(self._socket, self._write)
        return self._future

    def _write(self) -> None:
        """Send more of what did not fit into the socket's buffer."""
        try:
            is_left = self.pgconn.flush()
        except psycopg.OperationalError:
            is_left = 0  # it is read why
        if not is_left:
            self._loop.remove_writer(self._socket)

    def _read(self) -> None:
        """Take what has come."""
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
            self._end(error)
            return
        if self._future is None:
            self._is_ending = True
            return
        results, self._results = self._results, []
        future, self._future = self._future, None
        if not future.done():  # who waited may have been cancelled
            future.set_result(results[-1])

    def _end(self, error: psycopg.OperationalError) -> None:
        """Wait no more: the connection is gone."""
        self._forget()
        if self._future is not None and not self._future.done():
            self._future.set_exception(error)

    def _forget(self) -> None:
        """Let the loop wait for it no more."""
        if not self._is_forgotten:
            self._is_forgotten = True
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)


class AsyncDatabase:
    """At most so many connections to the application's database, for one event loop."""

    def __init__(self, settings: Mapping[str, Any], threads: Executor, most_connections: int) -> None:
        self._settings = settings
        self._threads = threads  # to connect takes a thread
        self._may_connect = asyncio.Semaphore(most_connections)
        self._idle: deque[LoopConnection] = deque()
        self._is_closed = False

    async def rows(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Row]:
        """Run a statement in a transaction of its own; return its rows. Raises what `StatementPool.rows` raises."""
        async with self._may_connect:
            connection = await self._borrow(looks=not statement.only_reads)
            try:
                return await self._run(connection, statement, values)
            except psycopg.OperationalError:
                if not statement.only_reads or connection.is_open:
                    raise
            return await self._run(await self._borrow(looks=True), statement, values)

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
        except BaseException:  # it was cancelled: its rows are still to come
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

    async def _borrow(self, *, looks: bool) -> LoopConnection:
        """Return a connection, with a look whether it is alive if it must not fail."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable() if looks else connection.is_open:
                return connection
            connection.close()
        loop = asyncio.get_running_loop()
        url = self._settings["SQLALCHEMY_DATABASE_URI"]
        make = partial(LoopConnection, loop)
        connection = await loop.run_in_executor(self._threads, connect, self._settings, url, make)
        connection.listen()
        return connection
