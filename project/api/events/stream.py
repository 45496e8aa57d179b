"""The events of one client, in the form of server-sent events (HTML Standard, 9.2)."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from project.api.events.topics import Topic

RETRY_MS = 2000
# Of a client whose place went to another one: were it back at once, the two would take it from each other for ever.
RETRY_REPLACED_MS = 60_000
# How often something is sent, so that a proxy does not think it idle, and that a client who is gone is noticed.
HEARTBEAT_SECONDS = 5.0
HEARTBEAT = b": heartbeat\n\n"
MOST_WAITING = 100  # events that are not sent yet; then the stream ends, and the client returns for the rest


class Stream(Iterator[bytes]):
    """A queue of events: filled by the thread that watches the database, emptied by what sends them.

    The front takes what is waiting whenever `on_change` calls it; another server iterates, in a thread. `leave` is
    called at the end.
    """

    def __init__(
        self, user_id: int, topics: frozenset[Topic], seconds: float, leave: Callable[["Stream"], None]
    ) -> None:
        self.user_id = user_id
        self.topics = topics
        self._leave = leave
        self._states: Mapping[int, str] = {}
        self._ends_at = time.monotonic() + seconds
        self._waiting: deque[bytes] = deque([_retry(RETRY_MS)])
        self._has_changed = threading.Event()
        self._call_on_change: Callable[[], object] = self._has_changed.set

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be added."""
        return time.monotonic() >= self._ends_at

    @property
    def seconds_left(self) -> float:
        """How long it may go on."""
        return max(0.0, self._ends_at - time.monotonic())

    def tell_submissions(self, submissions: Iterable[Mapping[str, Any]], number: int) -> None:
        """Send those whose state is another one than the last that was sent."""
        states = {one["id"]: one["state"] for one in submissions}
        for one in submissions:
            if self._states.get(one["id"]) != one["state"]:
                self.tell("submission", {name: one[name] for name in ("id", "exercise_id", "state", "verdict")}, number)
        self._states = states

    def tell(self, event: str, data: Mapping[str, Any], number: int) -> None:
        """Send an event; `number` is where a client that comes back goes on."""
        self.add(b"id: %d\nevent: %b\ndata: %b\n\n" % (number, event.encode(), orjson.dumps(data)))

    def add(self, text: bytes) -> None:
        """Let it be sent; end the stream when too much waits already."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(text)
        else:
            self._ends_at = 0.0
        self._call_on_change()

    def end(self) -> None:
        """Send what is waiting, and nothing more."""
        self._ends_at = 0.0
        self._call_on_change()

    def give_way(self) -> None:
        """End because the place goes to another stream; the client is to come back much later."""
        self.add(_retry(RETRY_REPLACED_MS))
        self.end()

    def on_change(self, call: Callable[[], object]) -> None:
        """Have this called, by any thread, whenever there is something to send, or the stream is over."""
        self._call_on_change = call

    def take(self) -> bytes:
        """Return the next that is waiting, or nothing."""
        return self._waiting.popleft() if self._waiting else b""

    def __next__(self) -> bytes:
        while True:
            is_over = self.is_over
            if text := self.take():
                return text
            if is_over:
                raise StopIteration
            if not self._has_changed.wait(min(self.seconds_left, HEARTBEAT_SECONDS)) and not self.is_over:
                return HEARTBEAT
            self._has_changed.clear()

    def close(self) -> None:
        """Leave the place to another one."""
        self.end()
        self._leave(self)


def _retry(milliseconds: int) -> bytes:
    """Return what states after how long a client connects again."""
    return b"retry: %d\n\n" % milliseconds
