"""The event streams of a server process, and the one thread that polls the database for all of them.

It polls only while there are streams. docs/adr/0015 explains why it polls instead of listening for notifications.
"""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import psycopg
import structlog
from flask import Flask, current_app

from project.api.events.errors import StreamsBusy
from project.api.events.queries import CHANGES, MISSED, ChangesRow
from project.api.events.stream import EventStream
from project.api.events.topics import Topic
from project.operations.metrics import EVENT_STREAMS
from project.postgres.prepared import StatementPool, array, decoded

# Between two polls: while a submission of a user with a stream is pending, and otherwise.
PENDING_SECONDS, QUIET_SECONDS = 0.25, 1.0
BOARD_SECONDS = 2.0  # between two events of the leaderboard: each client that receives one reads the leaderboard
STREAMS_OF_A_USER = 2  # in one process; another one replaces the oldest

log = structlog.get_logger()


class Hub:
    """The event streams of an application."""

    def __init__(self, app: Flask) -> None:
        self._settings = app.config
        self._database: StatementPool = app.extensions["statement_pool"]
        self._lock = threading.Lock()
        self._streams: list[EventStream] = []
        self._is_polled = False
        self._stopped = threading.Event()

    def join(self, user_id: int, topics: frozenset[Topic], since: int | None) -> EventStream:
        """Return a new stream, which begins with what its user missed since the time `since`, if given.

        Raises:
            StreamsBusy: there are too many.

        """
        stream = EventStream(user_id, topics, self._settings["EVENT_STREAM_SECONDS"], self.leave)
        if since is not None and Topic.SUBMISSIONS in topics:
            ((missed,),) = self._database.rows(MISSED, {"user_id": user_id, "since": since})
            stream.send_submissions(orjson.loads(decoded(missed)), since)
        with self._lock:
            self._keep([one for one in self._streams if not one.is_over])
            if self._stopped.is_set():
                raise StreamsBusy
            self._make_room(user_id)
            self._keep([*self._streams, stream])
            if not self._is_polled:
                self._is_polled = True
                threading.Thread(target=self._poll, name="events", daemon=True).start()
        return stream

    def _make_room(self, user_id: int) -> None:
        """End another stream if this user, or the process, has as many as allowed. Raises `StreamsBusy`."""
        counts = Counter(one.user_id for one in self._streams)
        if counts[user_id] >= STREAMS_OF_A_USER:
            self._replace_oldest(user_id)
        elif len(self._streams) >= self._settings["EVENT_STREAMS"]:
            most = max(counts, key=counts.__getitem__, default=user_id)
            if counts[most] < counts[user_id] + 2:  # with one less, that user would have fewer than this one
                raise StreamsBusy
            self._replace_oldest(most)

    def _replace_oldest(self, user_id: int) -> None:
        oldest = next(one for one in self._streams if one.user_id == user_id)
        oldest.end_replaced()
        self._keep([one for one in self._streams if one is not oldest])

    def leave(self, stream: EventStream) -> None:
        """Remove a stream that has ended."""
        with self._lock:
            self._keep([one for one in self._streams if one is not stream])

    def stop(self) -> None:
        """End all streams, since the process is about to end."""
        self._stopped.set()
        self._end_all()

    def _end_all(self) -> None:
        with self._lock:
            for stream in self._streams:
                stream.end()
            self._keep([])

    def _keep(self, streams: list[EventStream]) -> None:
        self._streams = streams
        EVENT_STREAMS.set(len(streams))

    def _poll(self) -> None:
        changes = _Changes(self._database)
        while True:
            with self._lock:
                streams = self._streams
                if not streams:
                    self._is_polled = False
                    return
            try:
                pause = changes.send(streams)
            except psycopg.Error as error:
                # Clients reconnect when the database can authenticate them again, and then get what they missed.
                log.warning("events_interrupted", error=str(error).strip())
                self._end_all()
                continue
            self._stopped.wait(pause)


class _Changes:
    """The changes in the database from one poll to the next."""

    def __init__(self, database: StatementPool) -> None:
        self._database = database
        self._since: int | None = None
        self._board: bytes | None = None
        self._board_sent_at = 0.0

    def send(self, streams: Sequence[EventStream]) -> float:
        """Send the streams what has changed since the last poll; return the seconds until the next one."""
        users = {stream.user_id for stream in streams if Topic.SUBMISSIONS in stream.topics}
        values = {"users": array(sorted(users)), "since": self._since}
        (row,) = self._database.rows(CHANGES, values)
        found = ChangesRow(*row)
        number = int(decoded(found.time))
        submissions: list[Mapping[str, Any]] = orjson.loads(decoded(found.submissions))
        self._send_submissions(streams, submissions, number)
        self._send_board(streams, found.board, number)
        self._since = number
        return PENDING_SECONDS if any(one["verdict"] is None for one in submissions) else QUIET_SECONDS

    @staticmethod
    def _send_submissions(
        streams: Sequence[EventStream], submissions: Sequence[Mapping[str, Any]], number: int
    ) -> None:
        by_user = defaultdict(list)
        for one in submissions:
            by_user[one["user_id"]].append(one)
        for stream in streams:
            if Topic.SUBMISSIONS in stream.topics:
                stream.send_submissions(by_user[stream.user_id], number)

    def _send_board(self, streams: Sequence[EventStream], board: bytes | None, number: int) -> None:
        if self._since is None:
            self._board = board
        if board == self._board or time.monotonic() - self._board_sent_at < BOARD_SECONDS:
            return
        self._board, self._board_sent_at = board, time.monotonic()
        for stream in streams:
            if Topic.LEADERBOARD in stream.topics:
                stream.send("leaderboard", {}, number)


def hub() -> Hub:
    """Return the event streams of the current application."""
    found: Hub = current_app.extensions["events"]
    return found


def init_app(app: Flask) -> None:
    """Give the application its event streams."""
    app.extensions["events"] = Hub(app)
