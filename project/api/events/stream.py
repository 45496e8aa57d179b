"""The events of one client, in the form of server-sent events (HTML Standard, 9.2)."""

import time
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, Full, Queue
from typing import Any

import orjson

from project.api.events.topics import Topic
from project.granian_answers import LongAnswer

RETRY_MS = 2000
# Of a client whose place went to another one: were it back at once, the two would take it from each other for ever.
RETRY_REPLACED_MS = 60_000
# So often something is sent, so that a proxy does not think it idle, and that a client who is gone is noticed.
HEARTBEAT_SECONDS = 5.0
HEARTBEAT, END = b": heartbeat\n\n", b""
MOST_WAITING = 100  # events that a client has not taken yet; then the stream ends, and the client returns for the rest


class Stream(LongAnswer):
    """Read by the thread that sends it, written by the one that watches the database. `leave` is told of its end."""

    def __init__(
        self, user_id: int, topics: frozenset[Topic], seconds: float, leave: Callable[["Stream"], None]
    ) -> None:
        self.user_id = user_id
        self.topics = topics
        self._leave = leave
        self._states: Mapping[int, str] = {}
        self._ends_at = time.monotonic() + seconds
        self._waiting: Queue[bytes] = Queue(MOST_WAITING)
        self._waiting.put(_retry(RETRY_MS))

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be sent."""
        return time.monotonic() >= self._ends_at

    def tell_submissions(self, submissions: Iterable[Mapping[str, Any]], number: int) -> None:
        """Send those whose state is another one than the last that was sent."""
        states = {one["id"]: one["state"] for one in submissions}
        for one in submissions:
            if self._states.get(one["id"]) != one["state"]:
                self.tell("submission", {name: one[name] for name in ("id", "exercise_id", "state", "verdict")}, number)
        self._states = states

    def tell(self, event: str, data: Mapping[str, Any], number: int) -> None:
        """Send an event; `number` is where a client that comes back goes on."""
        self._put(b"id: %d\nevent: %b\ndata: %b\n\n" % (number, event.encode(), orjson.dumps(data)))

    def end(self) -> None:
        """Send what is waiting, and nothing more."""
        self._ends_at = 0.0
        self._put(END)

    def give_way(self) -> None:
        """End because the place goes to another stream; the client is to come back much later."""
        self._put(_retry(RETRY_REPLACED_MS))
        self.end()

    def _put(self, text: bytes) -> None:
        try:
            self._waiting.put_nowait(text)
        except Full:
            self._ends_at = 0.0

    def __next__(self) -> bytes:
        left = self._ends_at - time.monotonic()
        try:
            text = self._waiting.get(timeout=max(0.0, min(left, HEARTBEAT_SECONDS)))
        except Empty:
            text = END if self.is_over else HEARTBEAT
        if text is END:
            raise StopIteration
        return text

    def close(self) -> None:
        """Leave the place to another one."""
        self.end()
        self._leave(self)


def _retry(milliseconds: int) -> bytes:
    """Return what states after how long a client connects again."""
    return b"retry: %d\n\n" % milliseconds
