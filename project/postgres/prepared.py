"""Frequent statements: prepared once for each connection, and autocommitted.

SQLAlchemy's pool, transaction and result objects take longer than PostgreSQL needs for these statements
(docs/adr/0009). All others go through `db.session`.
"""

import copy
import itertools
import re
import select
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from flask import Flask, current_app
from psycopg import pq
from psycopg.conninfo import make_conninfo

from project.extensions import db
from project.operations.metrics import DATABASE_CONNECTIONS
from project.postgres.database import check_encoding, connect_arguments, pools, start_if_embedded

# Values in PostgreSQL's text format; None is NULL.
Row = Sequence[bytes | None]
# Runs a statement: `StatementPool.rows` in a transaction of its own, `run_in_session` in the request's transaction.
RunStatement = Callable[["Statement", Mapping[str, Any]], Sequence[Row]]

_PLACEHOLDER = re.compile(r"(?<![:\w]):([a-z_]+)\b")
_NUMBERED = re.compile(rb"\$([0-9]+)")
_numbers = itertools.count(1)
open_connections = DATABASE_CONNECTIONS.labels("open")
connections_in_use = DATABASE_CONNECTIONS.labels("in_use")

# A statement is planned once for all values, since planning takes longer than running it.
OPTIONS = "-c plan_cache_mode=force_generic_plan -c jit=off"

DONE = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})


class Statement:
    """An SQL statement with parameters written as `:name`, as SQLAlchemy's `text` has them.

    A statement that only reads is run again when its connection was closed. One with `types`, those of its parameters,
    has a `batched` form that runs it for several sets of values at once. A costly one takes longer the larger the site
    is: `project.web.costly_reads` runs it.
    """

    def __init__(
        self, sql: str, *, only_reads: bool = False, costly: bool = False, types: Mapping[str, str] | None = None
    ) -> None:
        self.text = sa.text(sql)
        self.only_reads = only_reads
        self.costly = costly
        self.parameters = list(dict.fromkeys(_PLACEHOLDER.findall(sql)))
        self.timeout_ms: int | None = None  # its own statement_timeout, if it has one
        self.batched = None if types is None else Statement(_batched_sql(sql, types), only_reads=only_reads)
        self.name = b"eval_%d" % next(_numbers)
        self.numbered = _PLACEHOLDER.sub(lambda found: f"${self.parameters.index(found[1]) + 1}", sql).encode()

    def encoded(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order and form that libpq expects."""
        return [_encode(values[name]) for name in self.parameters]

    def with_timeout(self, timeout_ms: int) -> "Statement":
        """Return the same statement with a timeout of its own, in place of the connection's."""
        limited = copy.copy(self)
        limited.timeout_ms = timeout_ms
        limited.batched = None
        return limited


def _batched_sql(sql: str, types: Mapping[str, str]) -> str:
    """Return the statement with an array for each parameter. The first column is the position in the arrays."""
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in types.items())
    each = _PLACEHOLDER.sub(lambda found: f"inputs.{found[1]}", sql)
    return f"""
        SELECT inputs.number, found.*
        FROM unnest({arrays}) WITH ORDINALITY AS inputs ({", ".join(types)}, number)
            CROSS JOIN LATERAL ({each}) AS found
    """  # noqa: S608 - statements of ours


def decoded(value: bytes | None) -> str:
    """Return the text of a value that is never NULL."""
    return (value or b"").decode()


def array(values: Sequence[object]) -> str:
    """Return an array in PostgreSQL's text format."""
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _encode(value: object) -> bytes | None:
    return None if value is None else str(value).encode()


class PreparedConnection:
    """A connection and the names of the statements that are prepared on it."""

    def __init__(self, conninfo: str, *, prepares: bool) -> None:
        self.pgconn = pq.PGconn.connect(conninfo.encode())
        if self.pgconn.status != pq.ConnStatus.OK:
            message = self.pgconn.get_error_message()
            self.pgconn.finish()
            raise psycopg.OperationalError(message)
        try:
            encoding = self.pgconn.parameter_status(b"server_encoding")
            check_encoding(encoding.decode() if encoding else None, self.pgconn.db.decode())
        except psycopg.OperationalError:
            self.pgconn.finish()
            raise
        self.prepares = prepares
        self.prepared: set[bytes] = set()
        self._poll = select.poll()
        self._poll.register(self.pgconn.socket, select.POLLIN)
        open_connections.inc()

    @property
    def is_open(self) -> bool:
        """Whether it is open, as far as libpq knows."""
        return self.pgconn.status == pq.ConnStatus.OK

    def is_usable(self) -> bool:
        """Whether nothing was received since the last statement: a server sends nothing then, except that it stops."""
        return self.is_open and not self._poll.poll(0)

    def run(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """Run a statement; return its rows."""
        encoded = statement.encoded(values)
        if statement.timeout_ms is not None:
            return self.rows_of(self.pgconn.exec_(self.sql_with_timeout(statement, encoded)))
        if not self.prepares:
            return self.rows_of(self.pgconn.exec_params(statement.numbered, encoded))
        if statement.name not in self.prepared:
            self.rows_of(self.pgconn.prepare(statement.name, statement.numbered))
            self.prepared.add(statement.name)
        return self.rows_of(self.pgconn.exec_prepared(statement.name, encoded))

    def sql_with_timeout(self, statement: Statement, encoded: Sequence[bytes | None]) -> bytes:
        """Return SQL that sets the timeout and runs the statement, with its values inlined.

        Only SQL without parameters may have two statements: one round trip, and one transaction.
        """
        escaping = pq.Escaping(self.pgconn)
        literals = [b"NULL" if value is None else bytes(escaping.escape_literal(value)) for value in encoded]
        inlined = _NUMBERED.sub(lambda found: literals[int(found[1]) - 1], statement.numbered)
        return b"SET LOCAL statement_timeout = %d; %b" % (statement.timeout_ms or 0, inlined)

    def rows_of(self, result: pq.abc.PGresult) -> list[Row]:
        """Return the rows of a result. Raises `psycopg.Error` for one that is an error."""
        if result.status not in DONE:
            if not self.is_open:
                raise psycopg.OperationalError(self.pgconn.get_error_message())
            raise psycopg.errors.error_from_result(result)
        columns = range(result.nfields)
        value = result.get_value
        return [[value(row, column) for column in columns] for row in range(result.ntuples)]

    def close(self) -> None:
        """Close the connection."""
        self.pgconn.finish()
        open_connections.dec()


Connection = TypeVar("Connection", bound=PreparedConnection)


def connect(settings: Mapping[str, Any], url: str, kind: Callable[..., Connection]) -> Connection:
    """Return a new connection of a class; the embedded PostgreSQL is started if that is the database."""
    start_if_embedded(str(sa.make_url(url).query.get("host", "")))
    return kind(make_conninfo(**connect_arguments(url, settings, OPTIONS)), prepares=settings["DATABASE_PREPARES"])


class StatementPool:
    """A process's connections to the database that a setting names. A thread borrows one for each statement."""

    def __init__(self, settings: Mapping[str, Any], setting: str = "SQLALCHEMY_DATABASE_URI") -> None:
        self._settings = settings
        self._setting = setting
        self._url = ""
        self._idle: deque[PreparedConnection] = deque()
        pools.add(self)

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """Run a statement in a transaction of its own; return its rows.

        Raises:
            psycopg.Error: as `db.session` does inside of SQLAlchemy's exceptions.

        """
        connection = self._borrow(checks=not statement.only_reads)
        try:
            return self._run(connection, statement, values)
        except psycopg.OperationalError:
            if not statement.only_reads or connection.is_open:
                raise
        return self._run(self._borrow(checks=True), statement, values)

    def _run(self, connection: PreparedConnection, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        connections_in_use.inc()
        try:
            return connection.run(statement, values)
        finally:
            connections_in_use.dec()
            if connection.is_open:
                self._idle.append(connection)
            else:
                connection.close()

    def dispose(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _borrow(self, *, checks: bool) -> PreparedConnection:
        """Return a connection, checked for being alive if that is wanted. A read is not: the check releases the GIL."""
        if self._url != self._settings[self._setting]:  # tests change the URL of an application
            self.dispose()
            self._url = self._settings[self._setting]
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return connect(self._settings, self._url, PreparedConnection)
            if not checks or connection.is_usable():
                return connection
            connection.close()


def was_rolled_back(error: Exception) -> bool:
    """Whether a failed statement was rolled back: the server reported an error, and did not stop."""
    return (
        isinstance(error, psycopg.Error) and bool(error.sqlstate) and not str(error.sqlstate).startswith(("08", "57P"))
    )


def run_in_session(statement: Statement, values: Mapping[str, Any]) -> list[Row]:
    """Run a statement in the transaction of the request."""
    if statement.timeout_ms is not None:
        db.session.execute(sa.text(f"SET LOCAL statement_timeout = {statement.timeout_ms:d}"))
    rows = db.session.execute(statement.text, dict(values))
    return [[_encode(value) for value in row] for row in rows]


def statement_pool() -> StatementPool:
    """Return the current application's pool."""
    found: StatementPool = current_app.extensions["statement_pool"]
    return found


def init_app(app: Flask) -> None:
    """Create the application's pool; it connects when a connection is needed."""
    app.extensions["statement_pool"] = StatementPool(app.config)
