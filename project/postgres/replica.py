"""Reading from a streaming replica, so that users always find their own writes. docs/adr/0014 has the reasons.

Requests with a token read from the primary. Requests without one read from the replica, as long as it is known to have
replayed all that was written DATABASE_REPLICA_LAG_SECONDS ago. A read that fails there is run on the primary.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import psycopg
import sqlalchemy as sa
import structlog
from flask import Flask, current_app, request

from project.extensions import db
from project.operations.metrics import REPLICA_READS
from project.postgres.database import REPLICA, pools, session_settings
from project.postgres.prepared import Row, Statement, StatementPool, decoded
from project.web.errors import ApiError

Result = TypeVar("Result")

MAX_INTERVAL = 1.0  # seconds between two checks
EXAMPLE = "docs/pgbouncer.ini"
CHECKS_PER_LAG = 4  # checks in the time that the replica may lag

# Both also return the id of the cluster. The position is NULL on a server that is not, or no longer, a replica.
_WRITTEN = Statement("SELECT pg_current_wal_flush_lsn() - '0/0', system_identifier FROM pg_control_system()")
_REPLAYED = Statement("""
    SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0' END, system_identifier,
        current_setting('timezone'), (SELECT setting FROM pg_settings WHERE name = 'statement_timeout')
    FROM pg_control_system()
""")

log = structlog.get_logger()


class NoReplica(Exception):
    """The server at DATABASE_REPLICA_URL cannot be read in place of the primary."""


class _Written(NamedTuple):
    """The row of `_WRITTEN`."""

    position: bytes | None
    cluster: bytes | None


class _Replayed(NamedTuple):
    """The row of `_REPLAYED`."""

    position: bytes | None
    cluster: bytes | None
    timezone: bytes | None
    statement_timeout: bytes | None


class Replica:
    """An application's replica: a thread checks its lag, and reads run on it while the lag is small."""

    def __init__(self, settings: Mapping[str, Any], primary: StatementPool) -> None:
        self._lag: float = settings["DATABASE_REPLICA_LAG_SECONDS"]
        self._expected_settings = list(session_settings(settings).values())
        self._primary = primary
        self._replica = StatementPool(settings, "DATABASE_REPLICA_URL")
        self._interval = min(MAX_INTERVAL, self._lag / CHECKS_PER_LAG)
        # The primary's WAL positions by time. The replica has replayed the first of them.
        self._positions: deque[tuple[float, int]] = deque(maxlen=int(self._lag / self._interval) + 2)
        self._replayed_until = float("-inf")
        self._lock = threading.Lock()
        self._stopped: threading.Event | None = None
        self._logged = ""
        pools.add(self)

    def is_usable(self) -> bool:
        """Whether the last check found that it lags no more than it may. Runs no query."""
        if self._stopped is None:
            self._start()
        return time.monotonic() - self._replayed_until <= self._lag

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """Run a statement that reads, as `StatementPool.rows` does; on the primary if the replica has no rows."""
        if self.is_usable():
            try:
                found = self._replica.rows(statement, values)
            except psycopg.Error as error:
                self.report_failure(error)
            else:
                if found:
                    REPLICA_READS.labels("replica").inc()
                    return found
        REPLICA_READS.labels("primary").inc()
        return self._primary.rows(statement, values)

    def report_failure(self, error: Exception) -> None:
        """Stop reading there until a check succeeds."""
        if not isinstance(error, psycopg.errors.QueryCanceled):
            self._replayed_until = float("-inf")
            self._log_once(str(error))

    def dispose(self) -> None:
        """Stop the checks; the next read starts them again."""
        with self._lock:
            if self._stopped is not None:
                self._stopped.set()
                self._stopped = None
        self._positions.clear()
        self._replayed_until = float("-inf")

    def _start(self) -> None:
        with self._lock:
            if self._stopped is None:
                self._stopped = threading.Event()
                threading.Thread(target=self._watch, args=(self._stopped,), name="replica", daemon=True).start()

    def _watch(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                self.check()
                self._logged = ""
            except (psycopg.Error, NoReplica) as error:
                self._log_once(str(error))
            stopped.wait(self._interval)

    def check(self) -> None:
        """Check how far the replica has replayed the WAL. Raises `NoReplica` or `psycopg.Error`."""
        now = time.monotonic()
        written = _Written(*self._primary.rows(_WRITTEN, {})[0])
        self._positions.append((now, int(decoded(written.position))))
        try:
            replayed = self._replayed(written.cluster)
        except (psycopg.Error, NoReplica):
            self._replayed_until = float("-inf")
            raise
        while len(self._positions) > 1 and self._positions[1][1] <= replayed:
            self._positions.popleft()
        reached, position = self._positions[0]
        if position <= replayed:
            self._replayed_until = reached

    def _replayed(self, cluster: bytes | None) -> int:
        replayed = _Replayed(*self._replica.rows(_REPLAYED, {})[0])
        if replayed.position is None or replayed.cluster != cluster:
            raise NoReplica("DATABASE_REPLICA_URL leads to no replica of DATABASE_URL.")
        if [decoded(replayed.timezone), decoded(replayed.statement_timeout)] != self._expected_settings:
            raise NoReplica(f"DATABASE_REPLICA_URL leads to a pooler whose connect_query is not as {EXAMPLE} has it.")
        return int(replayed.position)

    def _log_once(self, sentence: str) -> None:
        """Log a failure once, however long it lasts."""
        if sentence != self._logged:
            log.warning("replica_is_not_read", error=" ".join(sentence.split()))
        self._logged = sentence


def read(view: Callable[[], Result]) -> Result:
    """Return what a view that only reads returns: from the replica if it may be read."""
    replica: Replica | None = current_app.extensions["replica"]
    if replica is None or "Authorization" in request.headers:
        return view()
    if replica.is_usable():
        try:
            with _session_on_replica():
                result = view()
        except sa.exc.DBAPIError as error:
            replica.report_failure(error.orig if isinstance(error.orig, psycopg.Error) else error)
        except (ApiError, sa.exc.SQLAlchemyError):
            pass  # what is not found there may be new on the primary
        else:
            REPLICA_READS.labels("replica").inc()
            return result
    REPLICA_READS.labels("primary").inc()
    return view()


@contextmanager
def _session_on_replica() -> Iterator[None]:
    """Use a session on the replica for the request."""
    db.session.remove()
    db.session(bind=db.engines[REPLICA])
    try:
        yield
    finally:
        db.session.remove()


def init_app(app: Flask) -> None:
    """Create the application's replica, if there is one; its thread starts with the first read."""
    configured = app.config["DATABASE_REPLICA_URL"]
    app.extensions["replica"] = Replica(app.config, app.extensions["statement_pool"]) if configured else None
