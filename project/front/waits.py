"""Requests that wait on the event loop. A shutdown ends all of their waits."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Waits:
    """The waiting requests of a process."""

    def __init__(self) -> None:
        self._ends: set[asyncio.Future[None]] = set()
        self._is_over = False

    @contextmanager
    def end(self) -> Iterator[asyncio.Future[None]]:
        """Yield a future that is done when the request must not wait any longer."""
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._is_over:
            end.set_result(None)
        self._ends.add(end)
        try:
            yield end
        finally:
            self._ends.discard(end)

    def end_all(self) -> None:
        """End all waits, and those of later requests: the process is about to stop."""
        self._is_over = True
        for end in self._ends:
            if not end.done():
                end.set_result(None)


def retrieve_error(future: asyncio.Future[Any]) -> None:
    """Retrieve the error of a future for which no request waits any more. Otherwise asyncio would log it."""
    if not future.cancelled():
        future.exception()
