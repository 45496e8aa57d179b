"""Runs Flask's WSGI application in a pool of threads, with request bodies that were read before."""

import asyncio
import io
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from project.api.events.stream import EventStream
from project.api.scores.bulk.downloads import Download
from project.api.submissions.evaluations import Evaluation
from project.api.submissions.waiting import AwaitedVerdict
from project.front.bodies import NO_BODY, Body, Incoming
from project.front.downloads import Downloads
from project.front.environ import Environment
from project.front.evaluations import Evaluations
from project.front.event_streams import send_events
from project.front.request_threads import RequestThreads
from project.front.rsgi import Connection, Headers
from project.front.verdicts import Verdicts
from project.operations.observability import ARRIVED, CALLER_ID, DEFERS, NOTED_LATER, note_request
from project.web.errors import RAISED
from project.web.streamed_body import STREAMED_BODY, StreamedBody

Sent = bytes | Download | EventStream | AwaitedVerdict | Evaluation


class Bridge:
    """Passes requests to Flask, and sends its responses."""

    def __init__(self, app: Flask, threads: RequestThreads, verdicts: Verdicts, evaluations: Evaluations) -> None:
        self._app = app
        self._threads = threads
        self._verdicts = verdicts
        self._evaluations = evaluations
        self._body_seconds: float = app.config["BODY_SECONDS"]
        self._downloads = Downloads(app.config)

    async def respond(self, environ: Environment, body: Body | Incoming, connection: Connection) -> None:
        """Send Flask's response. Raises `Busy`."""
        if isinstance(body, Body):
            environ["wsgi.input"] = io.BytesIO(body.bytes)
        else:
            environ["wsgi.input"] = environ[STREAMED_BODY] = self._streamed(body)
        status, headers, content = await self._threads.run(self._run, environ)
        if isinstance(body, Incoming) and "HTTP_EXPECT" not in environ:  # with Expect, an unread body is not sent
            await body.discard()
        match content:
            case EventStream():
                await send_events(connection, status, headers, content)
            case Download():
                await self._downloads.send(connection, status, headers, content)
            case AwaitedVerdict() | Evaluation():
                await self._send_later(environ, headers, content, connection)
            case _:
                connection.response_bytes(status, headers, content)

    async def _send_later(
        self, environ: Environment, headers: Headers, awaited: AwaitedVerdict | Evaluation, connection: Connection
    ) -> None:
        """Wait for the result that Flask left to the front, and send the response."""
        fields = environ.pop(NOTED_LATER)
        given: str = fields["request_id"]
        try:
            if isinstance(awaited, Evaluation):
                response = await self._evaluations.response(awaited, given)
                status, more, body = response.status_code, response.headers.items(), response.get_data()
            else:
                verdict = await self._verdicts.response(awaited)
                status, more, body = verdict.http_status, verdict.headers, verdict.body(given)
        except Exception as error:  # noqa: BLE001 - Flask's handler renders every one
            environ |= {RAISED: error, "HTTP_X_REQUEST_ID": given, CALLER_ID: fields["user_id"]}
            await self.respond(environ, NO_BODY, connection)
            return
        present = {name.lower() for name, _ in headers}
        note_request(**fields, status=status, seconds=time.perf_counter() - environ[ARRIVED])
        more = [(name, value) for name, value in more if name.lower() not in present | {"content-length"}]
        connection.response_bytes(status, [*headers, *more, ("Content-Length", str(len(body)))], body)

    def _streamed(self, incoming: Incoming) -> StreamedBody:
        loop = asyncio.get_running_loop()

        def receive(seconds: float) -> bytes:
            return asyncio.run_coroutine_threadsafe(incoming.receive(seconds), loop).result()

        return StreamedBody(receive, self._body_seconds)

    def _run(self, environ: Environment) -> tuple[int, Headers, Sent]:
        """Call the application, in a thread."""
        started: list[tuple[str, Headers]] = []

        def start_response(status: str, headers: Headers, _error: Any = None, /) -> Callable[[bytes], object]:
            started.append((status, headers))
            return _write

        environ[DEFERS] = True
        content = self._app(environ, start_response)
        status, headers = started[-1]
        if isinstance(content, EventStream | Download | AwaitedVerdict | Evaluation):
            return int(status[:3]), headers, content
        try:
            return int(status[:3]), headers, b"".join(content)
        finally:
            close = getattr(content, "close", None)
            if close is not None:
                close()


def _write(_: bytes) -> object:
    """Take the place of PEP 3333's `write`, which Flask does not use."""
    raise NotImplementedError
