"""How the service reaches its database."""

import select
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol
from weakref import WeakSet

import psycopg
import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from project.operations.metrics import DATABASE_CONNECTIONS
from project.postgres.database_start import GuardedStart
from project.postgres.embedded import embedded_postgres
from project.settings.declarations import SettingsError

CONNECT_SECONDS = 3  # a database that has not accepted the connection by then is reported as down
REPLICA = "replica"  # the name of its engine


class Disposable(Protocol):
    """A pool of connections."""

    def dispose(self) -> None:
        """Close the idle connections."""


pools: WeakSet[Disposable] = WeakSet()

_start_embedded = GuardedStart(embedded_postgres.start)

# Each request gets its engine several times, and the URL hardly ever changes.
_read_url = lru_cache(sa.make_url)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy whose engine follows the configuration, and starts the embedded PostgreSQL when it connects."""

    def init_app(self, app: Flask) -> None:
        """Bind the database, and the replica if there is one, to the application."""
        if app.config["DATABASE_REPLICA_URL"]:
            app.config["SQLALCHEMY_BINDS"] = {REPLICA: app.config["DATABASE_REPLICA_URL"]}
        super().init_app(app)

    @property
    def engines(self) -> dict[str | None, sa.Engine]:
        """Return the engine of the configured database.

        Existing tests call `app.config.from_object("project.config.TestingConfig")` after `create_app()`. With the
        engine made in `init_app`, their `db.drop_all()` would empty the database that APP_SETTINGS selected.
        """
        engines: dict[str | None, sa.Engine] = super().engines  # type: ignore[assignment]
        url = _read_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
        if engines[None].url != url:
            engines[None].dispose()
            app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask documents it
            engines[None] = self._make_engine(None, {"url": url}, app)
        return engines

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> sa.Engine:
        """Make an engine with our options; Flask-SQLAlchemy documents this as the place to do so."""
        settings = {
            "pool_size": app.config["WEB_THREADS"],
            "max_overflow": 0,
            "pool_timeout": CONNECT_SECONDS,
            "hide_parameters": True,  # exceptions are logged, and parameters must not be
            "connect_args": _connect_options(app.config) | prepare_options(app.config),
        }
        engine = super()._make_engine(bind_key, settings | options, app)
        for name, listener in (
            ("connect", _count_open),
            ("close", _count_closed),
            ("checkout", _check_alive),
            ("checkout", _count_in_use),
            ("checkin", _count_idle),
        ):
            event.listen(engine, name, listener)
        pools.add(engine)
        event.listen(engine, "do_connect", connect)
        return engine


def _connect_options(settings: Mapping[str, Any], more: str = "") -> dict[str, Any]:
    options = {"connect_timeout": CONNECT_SECONDS, "application_name": "eval-service"}
    # PgBouncer rejects session settings from clients, which share connections: its own configuration has them.
    if not is_pooled(settings):
        flags = [f"-c {name}={value}" for name, value in session_settings(settings).items()]
        options["options"] = " ".join([*flags, more]).strip()
    return options


def prepare_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that stop psycopg from preparing statements, behind a pooler that would lose them."""
    return {} if settings["DATABASE_PREPARES"] else {"prepare_threshold": None}


def is_pooled(settings: Mapping[str, Any]) -> bool:
    """Whether the database is behind a pooler that pools transactions (PgBouncer)."""
    return bool(settings["DATABASE_SESSION_URL"])


def session_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings of each session, as PostgreSQL shows them. We set them, or the pooler where there is one."""
    return {"timezone": "UTC", "statement_timeout": str(settings["DATABASE_TIMEOUT_SECONDS"] * 1000)}


def session_url(settings: Mapping[str, Any]) -> str:
    """Return the URL of the database without a pooler that shares connections."""
    url: str = settings["DATABASE_SESSION_URL"] or settings["SQLALCHEMY_DATABASE_URI"]
    return url


def connect_arguments(url: str, settings: Mapping[str, Any], more: str = "") -> dict[str, Any]:
    """Return what libpq needs to connect as the engine of these settings does, and with `more` options."""
    read = _read_url(url)
    _, arguments = read.get_dialect()().create_connect_args(read)
    return {**arguments, **_connect_options(settings, more)}


def session_engine(settings: Mapping[str, Any]) -> sa.Engine:
    """Return an engine without a shared pool, as migrations need: settings and locks of a session persist."""
    url = session_url(settings)
    engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, connect_args=_connect_options(settings))
    event.listen(engine, "do_connect", connect)
    return engine


def dispose_all() -> None:
    """Close all idle connections of this process."""
    for pool in list(pools):
        pool.dispose()


class WrongEncoding(psycopg.OperationalError):
    """The database cannot store every text: its encoding is not UTF8."""


def connect(dialect: sa.Dialect, _: object, positional: tuple[Any, ...], named: dict[str, Any]) -> psycopg.Connection:
    """Connect for an engine, and start the embedded PostgreSQL if needed. Raises `WrongEncoding`."""
    start_if_embedded(named.get("host", ""))
    connection: psycopg.Connection = dialect.connect(*positional, **named)  # type: ignore[assignment]
    try:
        check_encoding(connection.info.parameter_status("server_encoding"), connection.info.dbname)
    except WrongEncoding:
        connection.close()
        raise
    return connection


def check_encoding(encoding: str | None, database: str) -> None:
    """Raise `WrongEncoding` unless the encoding, as the server reported it, is UTF8. A pooler may not report it."""
    if encoding not in {"UTF8", None}:
        raise WrongEncoding(
            f"the database {database} has the encoding {encoding}, and must have UTF8: "
            f"CREATE DATABASE {database} ENCODING 'UTF8' TEMPLATE template0"
        )


def start_if_embedded(host: str) -> None:
    """Start the embedded PostgreSQL if `host` is its socket directory.

    A failed start is raised as an error of the database, and does not end the process.
    """
    if host != str(embedded_postgres.socket_directory):
        return
    try:
        _start_embedded()
    except SettingsError as error:
        raise psycopg.OperationalError(str(error)) from None


def _check_alive(connection: Any, *_: object) -> None:
    """Make the pool replace a connection on which the server has sent something while it was idle: that it stops.

    So no request fails after a restart of the database, as with SQLAlchemy's `pool_pre_ping`, which needs a round trip.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise sa.exc.DisconnectionError("the server has closed the connection")


def _count_open(*_: object) -> None:
    DATABASE_CONNECTIONS.labels("open").inc()


def _count_closed(*_: object) -> None:
    DATABASE_CONNECTIONS.labels("open").dec()


def _count_in_use(_: object, record: Any, __: object) -> None:
    record.record_info["in_use"] = True
    DATABASE_CONNECTIONS.labels("in_use").inc()


def _count_idle(_: object, record: Any) -> None:
    if record.record_info.pop("in_use", False):  # a failed connect is checked in without a checkout
        DATABASE_CONNECTIONS.labels("in_use").dec()
