"""HTTP calls with a deadline. A socket's timeout is for each piece; a server that sends byte by byte never exceeds it.

Here the read timeout is for the whole response: headers and body. Used by `project.users_service.client`.
"""

import http.client
import io
import socket
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Reader(io.RawIOBase):
    """Reads from a socket until its timeout, counted from the creation of the reader."""

    def __init__(self, reader: io.RawIOBase, connection: socket.socket) -> None:
        self._reader = reader
        self._connection = connection
        self._deadline = time.monotonic() + (connection.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("timed out")
        self._connection.settimeout(remaining)
        return self._reader.readinto(buffer)

    def close(self) -> None:
        self._reader.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Reader(self.fp.detach(), sock))


class _HTTPConnection(HTTPConnection):
    response_class = _Response


class _HTTPSConnection(HTTPSConnection):
    response_class = _Response


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class DeadlinePoolManager(urllib3.PoolManager):
    """A `PoolManager` of urllib3 whose read timeout is for the whole response."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
