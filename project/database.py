"""How the service reaches its database."""

from functools import lru_cache
from typing import Any
from weakref import WeakSet

import psycopg
import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from project.embedded_postgres import embedded_postgres
from project.metrics import DATABASE_CONNECTIONS
from project.settings import SettingsError

CONNECT_SECONDS = 3  # a database that does not answer by then is reported as down

_engines: WeakSet[sa.Engine] = WeakSet()

# Each request looks at its engine several times, and the URL hardly ever changes.
_read_url = lru_cache(sa.make_url)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy whose engine follows the configuration, and starts the embedded PostgreSQL when it connects."""

    @property
    def engines(self) -> dict[str | None, sa.Engine]:
        """Return the engine of the configured database.

        Existing tests call `app.config.from_object("project.config.TestingConfig")` after `create_app()`. With the
        engine made in `init_app`, their `db.drop_all()` would empty the database that APP_SETTINGS chose.
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
        timeout_ms = app.config["DATABASE_TIMEOUT_SECONDS"] * 1000
        settings = {
            "pool_size": app.config["WEB_THREADS"],
            "max_overflow": 0,
            "pool_timeout": CONNECT_SECONDS,
            "hide_parameters": True,  # an exception's text ends in the log; the values do not
            "pool_pre_ping": True,  # a restarted database costs no request
            "connect_args": {
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "eval-service",
                "options": f"-c timezone=UTC -c statement_timeout={timeout_ms}",
            },
        }
        engine = super()._make_engine(bind_key, settings | options, app)
        for happening, change in (
            ("connect", _opened),
            ("close", _closed),
            ("checkout", _lent),
            ("checkin", _returned),
        ):
            event.listen(engine, happening, change)
        _engines.add(engine)
        if engine.url.query.get("host") == str(embedded_postgres.socket_directory):
            event.listen(engine, "do_connect", _start_embedded_postgres)
        return engine


def dispose_all() -> None:
    """Close the idle connections of all engines of this process."""
    for engine in list(_engines):
        engine.dispose()


def _start_embedded_postgres(*_: object) -> None:
    """Start it when a connection is wanted. That it cannot be is an error of the database, and no reason to exit."""
    try:
        embedded_postgres.start()
    except SettingsError as error:
        raise psycopg.OperationalError(str(error)) from None


def _opened(*_: object) -> None:
    DATABASE_CONNECTIONS.labels("open").inc()


def _closed(*_: object) -> None:
    DATABASE_CONNECTIONS.labels("open").dec()


def _lent(_: object, record: Any, __: object) -> None:
    record.record_info["lent"] = True
    DATABASE_CONNECTIONS.labels("in_use").inc()


def _returned(_: object, record: Any) -> None:
    if record.record_info.pop("lent", False):  # what could not be connected is returned without having been lent
        DATABASE_CONNECTIONS.labels("in_use").dec()
