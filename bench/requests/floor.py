"""The floor of R1's costs behind granian: an RSGI application that reads scores in batches, and does nothing else.

It has no routing, validation, log, metrics or limits. `python -m bench.requests.floor PORT` runs one process; all
processes share the port. DATABASE_URL names the database.
"""

import asyncio
import gc
import os
import signal
import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from psycopg import pq

from bench.common.processes import HOST
from project.api.scores.queries import JSON
from project.front.rsgi import Connection, Scope

STATEMENT = f"""
    SELECT id, '{{"status":"success","data":' || {JSON} || '}}' FROM scores WHERE id = ANY ($1::bigint[])
""".encode()  # noqa: S608 - constants
NAME = b"scores"
HEADERS = [("Content-Type", "application/json")]
OK, NOT_FOUND = 200, 404

Body = bytes | None


class ScoreBatches:
    """Reads scores on one connection. Reads that arrive while a statement runs share the next one."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = pq.PGconn.connect(url.encode())
        if self._connection.prepare(NAME, STATEMENT).status != pq.ExecStatus.COMMAND_OK:
            sys.exit(self._connection.get_error_message())
        self._connection.nonblocking = 1
        self._waiting: list[tuple[int, asyncio.Future[Body]]] = []
        self._running: list[tuple[int, asyncio.Future[Body]]] = []
        self._results: list[pq.abc.PGresult] = []
        self._loop.add_reader(self._connection.socket, self._read)

    def body(self, score_id: int) -> asyncio.Future[Body]:
        """Return the future of a response's body: None if there is no such score."""
        future: asyncio.Future[Body] = self._loop.create_future()
        self._waiting.append((score_id, future))
        if len(self._waiting) == 1 and not self._running:
            self._loop.call_soon(self._send)
        return future

    def _send(self) -> None:
        self._running, self._waiting = self._waiting, []
        ids = ",".join([str(score_id) for score_id, _ in self._running])
        self._connection.send_query_prepared(NAME, [f"{{{ids}}}".encode()])
        while self._connection.flush():
            pass  # a short statement fits into the socket's buffer

    def _read(self) -> None:
        self._connection.consume_input()
        while not self._connection.is_busy():
            result = self._connection.get_result()
            if result is None:
                self._finish()
                return
            self._results.append(result)

    def _finish(self) -> None:
        result, finished = self._results.pop(), self._running
        self._running = []
        if self._waiting:
            self._send()  # first, so that the next batch runs while these responses are sent
        value = result.get_value
        bodies = {int(value(row, 0) or 0): value(row, 1) for row in range(result.ntuples)}
        for score_id, future in finished:
            future.set_result(bodies.get(score_id))


class Application:
    """Processes every request as R1."""

    def __init__(self, batches: ScoreBatches) -> None:
        self._batches = batches

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        """Respond to a request."""
        body = await self._batches.body(int(scope.path.removeprefix("/scores/")))
        connection.response_bytes(NOT_FOUND if body is None else OK, HEADERS, body or b"")


async def serve(port: int) -> None:
    """Serve until SIGTERM, with the service's options of granian."""
    server = Server(
        Application(ScoreBatches(os.environ["DATABASE_URL"])),
        address=HOST,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    gc.freeze()
    asyncio.run(serve(int(sys.argv[1])))
