"""Statements that are asked all the time: prepared once a connection, and each committed at once.

SQLAlchemy's pool, transaction and result objects take longer than PostgreSQL needs for these (docs/adr/0009). What is
asked now and then goes through `db.session`.
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
from project.postgres.database import check_encoding, connect_arguments, keepers, start_if_embedded

# As PostgreSQL writes them: text, in bytes; None is NULL.
Row = Sequence[bytes | None]
# What runs a statement: `Prepared.rows`, alone and at once, or `in_session`, in the request's transaction.
Run = Callable[["Statement", Mapping[str, Any]], Sequence[Row]]

_PLACEHOLDER = re.compile(r"(?<![:\w]):([a-z_]+)\b")
_NUMBERED = re.compile(rb"\$([0-9]+)")
_numbers = itertools.count(1)
_open = DATABASE_CONNECTIONS.labels("open")
connections_in_use = DATABASE_CONNECTIONS.labels("in_use")

# A statement is planned once, for whatever values: planning one takes longer than running it.
OPTIONS = "-c plan_cache_mode=force_generic_plan -c jit=off"

DONE = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})


class Statement:
    """An SQL statement with parameters written as `:name`, as SQLAlchemy's `text` has them.

    One that only reads may be asked again, when it met a connection that had ended. One whose `types` are given, those
    of its parameters, may be asked for many callers' values at once. A costly one takes longer the larger the site is:
    `project.web.costly_reads` runs it.
    """

    def __init__(
        self, sql: str, *, only_reads: bool = False, costly: bool = False, types: Mapping[str, str] | None = None
    ) -> None:
        self.text = sa.text(sql)
        self.only_reads = only_reads
        self.costly = costly
        self.parameters = list(dict.fromkeys(_PLACEHOLDER.findall(sql)))
        self.milliseconds: int | None = None  # its own time limit, if it has one
        self.for_many = None if types is None else Statement(_for_many(sql, types), only_reads=only_reads)
        self.name = b"eval_%d" % next(_numbers)
        self.numbered = _PLACEHOLDER.sub(lambda found: f"${self.parameters.index(found[1]) + 1}", sql).encode()

    def encoded(self, values: Mapping[str, Any]) -> list[Any]:
        """Return its values as libpq takes them."""
        return [_encode(values[name]) for name in self.parameters]

    def within(self, milliseconds: int) -> "Statement":
        """Return the same statement with a time limit of its own, in place of that of the connection."""
        limited = copy.copy(self)
        limited.milliseconds = milliseconds
        limited.for_many = None
        return limited


def _for_many(sql: str, types: Mapping[str, str]) -> str:
    """Return the statement that takes an array for each parameter, and says before each row for which of them it is."""
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in types.items())
    each = _PLACEHOLDER.sub(lambda found: f"given.{found[1]}", sql)
    return f"""
        SELECT given.number, found.*
        FROM unnest({arrays}) WITH ORDINALITY AS given ({", ".join(types)}, number) CROSS JOIN LATERAL ({each}) AS found
    """  # noqa: S608 - statements of ours


def text(value: bytes | None) -> str:
    """Return a column that is never NULL."""
    return (value or b"").decode()


def array(values: Sequence[object]) -> str:
    """Return an array as PostgreSQL reads it."""
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _encode(value: object) -> bytes | None:
    return None if value is None else str(value).encode()


class PreparedConnection:
    """One connection, and what is prepared on it."""

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
        self.prepared: set[bytes] = set()  # the names of what is
        self._poll = select.poll()
        self._poll.register(self.pgconn.socket, select.POLLIN)
        _open.inc()

    @property
    def is_open(self) -> bool:
        """Whether it is, as far as this side knows."""
        return self.pgconn.status == pq.ConnStatus.OK

    def is_usable(self) -> bool:
        """Whether nothing has come since the last statement. All that a server says unasked is that it is going."""
        return self.is_open and not self._poll.poll(0)

    def run(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """Run a statement, and wait for its rows."""
        encoded = statement.encoded(values)
        if statement.milliseconds is not None:
            return self.rows_of(self.pgconn.exec_(self.with_time_limit(statement, encoded)))
        if not self.prepares:
            return self.rows_of(self.pgconn.exec_params(statement.numbered, encoded))
        if statement.name not in self.prepared:
            self.rows_of(self.pgconn.prepare(statement.name, statement.numbered))
            self.prepared.add(statement.name)
        return self.rows_of(self.pgconn.exec_prepared(statement.name, encoded))

    def with_time_limit(self, statement: Statement, encoded: Sequence[bytes | None]) -> bytes:
        """Return a statement behind its time limit, and with its values in it: only so both are sent at once.

        They are one round trip, and one transaction: each statement has the time limit that is set before it.
        """
        escaping = pq.Escaping(self.pgconn)
        literals = [b"NULL" if value is None else bytes(escaping.escape_literal(value)) for value in encoded]
        inlined = _NUMBERED.sub(lambda found: literals[int(found[1]) - 1], statement.numbered)
        return b"SET LOCAL statement_timeout = %d; %b" % (statement.milliseconds or 0, inlined)

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
        """Close it."""
        self.pgconn.finish()
        _open.dec()


Connection = TypeVar("Connection", bound=PreparedConnection)


def connect(settings: Mapping[str, Any], url: str, kind: Callable[..., Connection]) -> Connection:
    """Return a new connection of a kind to a database, which is started if it is the embedded one."""
    start_if_embedded(str(sa.make_url(url).query.get("host", "")))
    return kind(make_conninfo(**connect_arguments(url, settings, OPTIONS)), prepares=settings["DATABASE_PREPARES"])


class Prepared:
    """The connections of a process to the database that a setting names; a thread borrows one for one statement."""

    def __init__(self, settings: Mapping[str, Any], setting: str = "SQLALCHEMY_DATABASE_URI") -> None:
        self._settings = settings
        self._setting = setting
        self._url = ""
        self._idle: deque[PreparedConnection] = deque()
        keepers.add(self)

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """Run a statement in a transaction of its own; return its rows.

        Raises:
            psycopg.Error: as `db.session` does inside of SQLAlchemy's exceptions.

        """
        connection = self._borrow(looks=not statement.only_reads)
        try:
            return self._run(connection, statement, values)
        except psycopg.OperationalError:
            if not statement.only_reads or connection.is_open:
                raise
        return self._run(self._borrow(looks=True), statement, values)

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

    def _borrow(self, *, looks: bool) -> PreparedConnection:
        """Return a connection. To look whether it is alive lets other threads go first; a read just tries."""
        if self._url != self._settings[self._setting]:  # tests point an application elsewhere
            self.dispose()
            self._url = self._settings[self._setting]
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return connect(self._settings, self._url, PreparedConnection)
            if not looks or connection.is_usable():
                return connection
            connection.close()


def was_rolled_back(error: Exception) -> bool:
    """Whether a statement that ended so has written nothing: the server said so, and did not go away instead."""
    return (
        isinstance(error, psycopg.Error) and bool(error.sqlstate) and not str(error.sqlstate).startswith(("08", "57P"))
    )


def in_session(statement: Statement, values: Mapping[str, Any]) -> list[Row]:
    """Run a statement in the transaction of the request."""
    if statement.milliseconds is not None:
        db.session.execute(sa.text(f"SET LOCAL statement_timeout = {statement.milliseconds:d}"))
    rows = db.session.execute(statement.text, dict(values))
    return [[_encode(value) for value in row] for row in rows]


def prepared() -> Prepared:
    """Return the current application's."""
    found: Prepared = current_app.extensions["prepared"]
    return found


def init_app(app: Flask) -> None:
    """Give the application its connections; they are made when they are needed."""
    app.extensions["prepared"] = Prepared(app.config)
