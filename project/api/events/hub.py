"""The streams of a server process, and the one thread that looks into the database for all of them.

It looks only while somebody listens. docs/adr/0015 says why it looks, and does not let PostgreSQL notify it.
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
from project.api.events.queries import CHANGES, MISSED
from project.api.events.stream import Stream
from project.api.events.topics import Topic
from project.operations.metrics import EVENT_STREAMS
from project.postgres.prepared import StatementPool, array, decoded

PENDING_SECONDS, QUIET_SECONDS = 0.25, 1.0  # between two looks: while somebody waits for a verdict, and else
BOARD_SECONDS = 2.0  # between two events of the leaderboard: everybody who hears of it reads it
STREAMS_OF_A_USER = 2  # in one process; a further one takes the place of their oldest

log = structlog.get_logger()


class Hub:
    """The streams of an application."""

    def __init__(self, app: Flask) -> None:
        self._settings = app.config
        self._database: StatementPool = app.extensions["statement_pool"]
        self._lock = threading.Lock()
        self._streams: list[Stream] = []
        self._is_watched = False
        self._stopped = threading.Event()

    def join(self, user_id: int, topics: frozenset[Topic], since: int | None) -> Stream:
        """Return a new stream, which begins with what its user has missed since they last heard.

        Raises:
            StreamsBusy: there are too many.

        """
        stream = Stream(user_id, topics, self._settings["EVENT_STREAM_SECONDS"], self.leave)
        if since is not None and Topic.SUBMISSIONS in topics:
            ((missed,),) = self._database.rows(MISSED, {"user_id": user_id, "since": since})
            stream.tell_submissions(orjson.loads(decoded(missed)), since)
        with self._lock:
            self._keep([one for one in self._streams if not one.is_over])
            if self._stopped.is_set():
                raise StreamsBusy
            self._make_room(user_id)
            self._keep([*self._streams, stream])
            if not self._is_watched:
                self._is_watched = True
                threading.Thread(target=self._watch, name="events", daemon=True).start()
        return stream

    def _make_room(self, user_id: int) -> None:
        """End another stream if this user has as many as may be, or all places are taken. Raises `StreamsBusy`."""
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
        oldest.give_way()
        self._keep([one for one in self._streams if one is not oldest])

    def leave(self, stream: Stream) -> None:
        """Forget a stream that has ended."""
        with self._lock:
            self._keep([one for one in self._streams if one is not stream])

    def stop(self) -> None:
        """End all streams: the process is about to."""
        self._stopped.set()
        self._end_all()

    def _end_all(self) -> None:
        with self._lock:
            for stream in self._streams:
                stream.end()
            self._keep([])

    def _keep(self, streams: list[Stream]) -> None:
        self._streams = streams
        EVENT_STREAMS.set(len(streams))

    def _watch(self) -> None:
        look = _Look(self._database)
        while True:
            with self._lock:
                streams = self._streams
                if not streams:
                    self._is_watched = False
                    return
            try:
                pause = look.tell(streams)
            except psycopg.Error as error:
                # They come back as soon as they can be told apart again, and hear what they have missed.
                log.warning("events_interrupted", error=str(error).strip())
                self._end_all()
                continue
            self._stopped.wait(pause)


class _Look:
    """What the last look into the database saw."""

    def __init__(self, database: StatementPool) -> None:
        self._database = database
        self._since: int | None = None
        self._board: bytes | None = None
        self._told_at = 0.0

    def tell(self, streams: Sequence[Stream]) -> float:
        """Tell the streams what has happened since; return the seconds until the next look."""
        users = {stream.user_id for stream in streams if Topic.SUBMISSIONS in stream.topics}
        values = {"users": array(sorted(users)), "since": self._since}
        ((time_, json, board),) = self._database.rows(CHANGES, values)
        number = int(decoded(time_))
        submissions: list[Mapping[str, Any]] = orjson.loads(decoded(json))
        self._tell_submissions(streams, submissions, number)
        self._tell_board(streams, board, number)
        self._since = number
        return PENDING_SECONDS if any(one["verdict"] is None for one in submissions) else QUIET_SECONDS

    @staticmethod
    def _tell_submissions(streams: Sequence[Stream], submissions: Sequence[Mapping[str, Any]], number: int) -> None:
        by_user = defaultdict(list)
        for one in submissions:
            by_user[one["user_id"]].append(one)
        for stream in streams:
            if Topic.SUBMISSIONS in stream.topics:
                stream.tell_submissions(by_user[stream.user_id], number)

    def _tell_board(self, streams: Sequence[Stream], board: bytes | None, number: int) -> None:
        if self._since is None:
            self._board = board
        if board == self._board or time.monotonic() - self._told_at < BOARD_SECONDS:
            return
        self._board, self._told_at = board, time.monotonic()
        for stream in streams:
            if Topic.LEADERBOARD in stream.topics:
                stream.tell("leaderboard", {}, number)


def hub() -> Hub:
    """Return the current application's."""
    found: Hub = current_app.extensions["events"]
    return found


def init_app(app: Flask) -> None:
    """Give the application its streams."""
    app.extensions["events"] = Hub(app)
