"""Requests that wait on the event loop, and all of which can be ended at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Waits:
    """The requests of a process that wait."""

    def __init__(self) -> None:
        self._ends: set[asyncio.Future[None]] = set()
        self._is_over = False

    @contextmanager
    def end(self) -> Iterator[asyncio.Future[None]]:
        """Yield a future that is done when the request should not wait any longer."""
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._is_over:
            end.set_result(None)
        self._ends.add(end)
        try:
            yield end
        finally:
            self._ends.discard(end)

    def end_all(self) -> None:
        """Let no request wait any longer, also none that comes later: the process is about to end."""
        self._is_over = True
        for end in self._ends:
            if not end.done():
                end.set_result(None)
