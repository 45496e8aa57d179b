"""The limits of long transfers: how many a process has at a time, and how long each may take. docs/adr/0011."""

import threading
import time
from typing import Self

from flask import Flask, current_app

from project.api.scores.bulk.errors import TooManyTransfers

BLOCK_BYTES = 65_536  # of a body that is read or sent


class TransferLimit:
    """Counts the transfers of this process. They are always fewer than its threads, so others are served."""

    def __init__(self, app: Flask) -> None:
        self.most = max(1, min(app.config["TRANSFERS_AT_ONCE"], app.config["WEB_THREADS"] - 1))
        self._free = threading.Semaphore(self.most)

    def start(self) -> "Transfer":
        """Start a transfer. Raises `TooManyTransfers`."""
        if not self._free.acquire(blocking=False):
            raise TooManyTransfers
        return Transfer(self._free)


class Transfer:
    """A transfer that is counted until it ends."""

    def __init__(self, free: threading.Semaphore) -> None:
        self._free: threading.Semaphore | None = free
        self.deadline = time.monotonic() + current_app.config["TRANSFER_SECONDS"]

    def end(self) -> None:
        """End it, so that another can start. May be called again."""
        free, self._free = self._free, None
        if free:
            free.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def transfer_limit() -> TransferLimit:
    """Return that of the current application."""
    found: TransferLimit = current_app.extensions["transfers"]
    return found


def init_app(app: Flask) -> None:
    """Count the transfers of the application."""
    app.extensions["transfers"] = TransferLimit(app)
