"""The events of one client, in the form of server-sent events (HTML Standard, 9.2)."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from project.api.events.topics import Topic

RETRY_MS = 2000
# For a client whose stream was replaced: if it reconnected at once, the two would replace each other again and again.
RETRY_REPLACED_MS = 60_000
# Between two transmissions at most, so that no proxy closes the stream as idle, and a lost client is noticed.
HEARTBEAT_SECONDS = 5.0
HEARTBEAT = b": heartbeat\n\n"
MAX_QUEUED = 100  # events that are not sent yet; then the stream ends, and the client reconnects for the rest


class EventStream(Iterator[bytes]):
    """The queue of one client's events: the thread that polls the database adds to it, and the server sends from it.

    The front sends what is queued whenever `on_change` notifies it; another server iterates, in a thread. `leave` is
    called at the end.
    """

    def __init__(
        self, user_id: int, topics: frozenset[Topic], seconds: float, leave: Callable[["EventStream"], None]
    ) -> None:
        self.user_id = user_id
        self.topics = topics
        self._leave = leave
        self._states: Mapping[int, str] = {}
        self._ends_at = time.monotonic() + seconds
        self._queue: deque[bytes] = deque([_retry(RETRY_MS)])
        self._has_changed = threading.Event()
        self._call_on_change: Callable[[], object] = self._has_changed.set

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be added."""
        return time.monotonic() >= self._ends_at

    @property
    def seconds_left(self) -> float:
        """The seconds until the stream ends."""
        return max(0.0, self._ends_at - time.monotonic())

    def send_submissions(self, submissions: Iterable[Mapping[str, Any]], number: int) -> None:
        """Send the submissions whose state differs from the last one that was sent."""
        states = {one["id"]: one["state"] for one in submissions}
        for one in submissions:
            if self._states.get(one["id"]) != one["state"]:
                self.send("submission", {name: one[name] for name in ("id", "exercise_id", "state", "verdict")}, number)
        self._states = states

    def send(self, event: str, data: Mapping[str, Any], number: int) -> None:
        """Send an event. `number` is its id, by which a client that reconnects gets the events after it."""
        self.enqueue(b"id: %d\nevent: %b\ndata: %b\n\n" % (number, event.encode(), orjson.dumps(data)))

    def enqueue(self, text: bytes) -> None:
        """Queue a text to be sent; end the stream if too many are queued already."""
        if len(self._queue) < MAX_QUEUED:
            self._queue.append(text)
        else:
            self._ends_at = 0.0
        self._call_on_change()

    def end(self) -> None:
        """Send what is queued, and nothing more."""
        self._ends_at = 0.0
        self._call_on_change()

    def end_replaced(self) -> None:
        """End because another stream replaces this one; the client should reconnect much later."""
        self.enqueue(_retry(RETRY_REPLACED_MS))
        self.end()

    def on_change(self, call: Callable[[], object]) -> None:
        """Set what is called, by any thread, whenever there is something to send, or the stream is over."""
        self._call_on_change = call

    def dequeue(self) -> bytes:
        """Return the next text to send, or nothing."""
        return self._queue.popleft() if self._queue else b""

    def __next__(self) -> bytes:
        while True:
            is_over = self.is_over
            if text := self.dequeue():
                return text
            if is_over:
                raise StopIteration
            if not self._has_changed.wait(min(self.seconds_left, HEARTBEAT_SECONDS)) and not self.is_over:
                return HEARTBEAT
            self._has_changed.clear()

    def close(self) -> None:
        """End, and leave the streams of the process."""
        self.end()
        self._leave(self)


def _retry(milliseconds: int) -> bytes:
    """Return the field with the number of milliseconds after which a client reconnects."""
    return b"retry: %d\n\n" % milliseconds
