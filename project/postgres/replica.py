"""Reading from a streaming replica, where nobody misses what they wrote themselves. docs/adr/0014 has the reasons.

Who sends a token reads from the primary. Who sends none reads from the replica, as long as that is known to have all
that was written DATABASE_REPLICA_LAG_SECONDS ago. Whatever goes wrong there is asked of the primary again.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
import structlog
from flask import Flask, current_app, request

from project.extensions import db
from project.operations.metrics import REPLICA_READS
from project.postgres.database import REPLICA, keepers, session_settings
from project.postgres.prepared import Prepared, Row, Statement, text
from project.web.errors import ApiError

Answer = TypeVar("Answer")

LONGEST_PAUSE = 1.0  # seconds between two looks
EXAMPLE = "docs/pgbouncer.ini"
LOOKS = 4  # in the time that the replica may lag

# Both also say which cluster they are of. No position comes back from what is no replica, or no more.
_WRITTEN = Statement("SELECT pg_current_wal_flush_lsn() - '0/0', system_identifier FROM pg_control_system()")
_REPLAYED = Statement("""
    SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0' END, system_identifier,
        current_setting('timezone'), (SELECT setting FROM pg_settings WHERE name = 'statement_timeout')
    FROM pg_control_system()
""")

log = structlog.get_logger()


class NoReplica(Exception):
    """What DATABASE_REPLICA_URL leads to cannot be read in the place of the primary."""


class Replica:
    """An application's replica: how far it is, watched by a thread, and how it is read."""

    def __init__(self, settings: Mapping[str, Any], primary: Prepared) -> None:
        self._lag: float = settings["DATABASE_REPLICA_LAG_SECONDS"]
        self._needed = list(session_settings(settings).values())
        self._primary = primary
        self._replica = Prepared(settings, "DATABASE_REPLICA_URL")
        self._pause = min(LONGEST_PAUSE, self._lag / LOOKS)
        # When the primary had written how much; the replica has reached the first of them.
        self._marks: deque[tuple[float, int]] = deque(maxlen=int(self._lag / self._pause) + 2)
        self._complete_until = float("-inf")
        self._lock = threading.Lock()
        self._over: threading.Event | None = None
        self._said = ""
        keepers.add(self)

    def is_usable(self) -> bool:
        """Whether it has all that was written so long ago as it may lag. Asks nobody."""
        if self._over is None:
            self._start()
        return time.monotonic() - self._complete_until <= self._lag

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """Run a statement that reads, as `Prepared.rows` does; what is not found is looked for on the primary."""
        if self.is_usable():
            try:
                found = self._replica.rows(statement, values)
            except psycopg.Error as error:
                self.has_failed(error)
            else:
                if found:
                    REPLICA_READS.labels("replica").inc()
                    return found
        REPLICA_READS.labels("primary").inc()
        return self._primary.rows(statement, values)

    def has_failed(self, error: Exception) -> None:
        """Read no more there until the next look finds that it is well."""
        if not isinstance(error, psycopg.errors.QueryCanceled):
            self._complete_until = float("-inf")
            self._say(str(error))

    def dispose(self) -> None:
        """Stop watching; whoever reads next starts it again."""
        with self._lock:
            if self._over is not None:
                self._over.set()
                self._over = None
        self._marks.clear()
        self._complete_until = float("-inf")

    def _start(self) -> None:
        with self._lock:
            if self._over is None:
                self._over = threading.Event()
                threading.Thread(target=self._watch, args=(self._over,), name="replica", daemon=True).start()

    def _watch(self, over: threading.Event) -> None:
        while not over.is_set():
            try:
                self.look()
                self._said = ""
            except (psycopg.Error, NoReplica) as error:
                self._say(str(error))
            over.wait(self._pause)

    def look(self) -> None:
        """Find out how far the replica is. Raises `NoReplica` or `psycopg.Error`."""
        now = time.monotonic()
        ((written, cluster),) = self._primary.rows(_WRITTEN, {})
        self._marks.append((now, int(text(written))))
        try:
            replayed = self._replayed(cluster)
        except (psycopg.Error, NoReplica):
            self._complete_until = float("-inf")
            raise
        while len(self._marks) > 1 and self._marks[1][1] <= replayed:
            self._marks.popleft()
        reached, position = self._marks[0]
        if position <= replayed:
            self._complete_until = reached

    def _replayed(self, cluster: bytes | None) -> int:
        ((position, replicated, *told),) = self._replica.rows(_REPLAYED, {})
        if position is None or replicated != cluster:
            raise NoReplica("DATABASE_REPLICA_URL leads to no replica of DATABASE_URL.")
        if [text(value) for value in told] != self._needed:
            raise NoReplica(f"DATABASE_REPLICA_URL leads to a pooler whose connect_query is not as {EXAMPLE} has it.")
        return int(position)

    def _say(self, sentence: str) -> None:
        """Log trouble once, however long it lasts."""
        if sentence != self._said:
            log.warning("replica_is_not_read", error=" ".join(sentence.split()))
        self._said = sentence


def read(view: Callable[[], Answer]) -> Answer:
    """Return what a view answers that only reads: from the replica if there is one that may be read."""
    replica: Replica | None = current_app.extensions["replica"]
    if replica is None or "Authorization" in request.headers:
        return view()
    if replica.is_usable():
        try:
            with _session_there():
                answer = view()
        except sa.exc.DBAPIError as error:
            replica.has_failed(error.orig if isinstance(error.orig, psycopg.Error) else error)
        except (ApiError, sa.exc.SQLAlchemyError):
            pass  # what is not found there may be new
        else:
            REPLICA_READS.labels("replica").inc()
            return answer
    REPLICA_READS.labels("primary").inc()
    return view()


@contextmanager
def _session_there() -> Iterator[None]:
    """Let the session of the request be one on the replica."""
    db.session.remove()
    db.session(bind=db.engines[REPLICA])
    try:
        yield
    finally:
        db.session.remove()


def init_app(app: Flask) -> None:
    """Give the application its replica, if there is one; the thread starts with the first who reads."""
    configured = app.config["DATABASE_REPLICA_URL"]
    app.extensions["replica"] = Replica(app.config, app.extensions["prepared"]) if configured else None
