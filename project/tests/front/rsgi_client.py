"""A client that calls the front by RSGI, as granian does, on an event loop of its own and without a server."""

import asyncio
import threading
from http import HTTPStatus
from types import SimpleNamespace

from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from project.front.application import Front


class RequestHeaders:
    """The headers of a request, with granian's behaviour."""

    def __init__(self, pairs):
        self._pairs = [(name.lower(), value) for name, value in pairs]

    def items(self):
        return [(name, value) for name, value in self._pairs if value.isascii()]

    def keys(self):
        return list(dict.fromkeys(name for name, _ in self._pairs))


class Connection:
    """Granian's connection: has a body, and records the response. Set `disconnected` to disconnect the client."""

    def __init__(self, pieces=()):
        self.pieces = list(pieces)
        self.sent, self.disconnected = [], asyncio.Event()

    async def __call__(self):
        return b"".join([piece async for piece in self])

    async def __aiter__(self):
        for piece in self.pieces:
            yield piece

    async def client_disconnect(self):
        await self.disconnected.wait()

    def response_bytes(self, status, headers, body):
        self.status, self.headers = status, headers
        self.sent.append(body)

    def response_stream(self, status, headers):
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, data):
        self.sent.append(data)


def scope_of(environ):
    """Return the scope of a request that a WSGI environment describes."""
    headers = [
        (key.removeprefix("HTTP_").replace("_", "-"), value)
        for key, value in environ.items()
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}
    ]
    return SimpleNamespace(
        http_version="1.1",
        server="127.0.0.1:80",
        client=f"{environ.get('REMOTE_ADDR', '127.0.0.1')}:40000",
        scheme=environ["wsgi.url_scheme"],
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        query_string=environ["QUERY_STRING"],
        headers=RequestHeaders(headers),
    )


class FrontClient(Client):
    """A client that sends its requests to the front of an application."""

    def __init__(self, app):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.front = Front(app)
        super().__init__(app, app.response_class, use_cookies=False)  # so threads may share it

    def run_wsgi_app(self, environ, buffered=False):
        return run_wsgi_app(self._call, environ, buffered)

    def _call(self, environ, start_response):
        """Respond as a WSGI application, which Werkzeug's client needs."""
        body = environ["wsgi.input"].read() if environ.get("CONTENT_LENGTH") else b""
        return self._respond(environ, Connection([body] if body else []), start_response)

    def send(self, connection, length, path="/scores", method="PATCH", **options):
        """Send a request whose body comes from a connection."""
        options = {"content_type": "application/json"} | options
        builder = EnvironBuilder(path, method=method, **options)
        environ = builder.get_environ() | {"CONTENT_LENGTH": str(length)}
        started = []
        pieces = self._respond(environ, connection, lambda *status_and_headers: started.extend(status_and_headers))
        return self.application.response_class(b"".join(pieces), *started)

    def start(self, *arguments, **options):
        """Start a request; return its future, which can be cancelled."""
        environ = EnvironBuilder(*arguments, **options).get_environ()
        connection = Connection([environ["wsgi.input"].read()])
        return asyncio.run_coroutine_threadsafe(self.front.__rsgi__(scope_of(environ), connection), self.loop)

    def _respond(self, environ, connection, start_response):
        response = self.front.__rsgi__(scope_of(environ), connection)
        asyncio.run_coroutine_threadsafe(response, self.loop).result(60)
        status = f"{connection.status} {HTTPStatus(connection.status).phrase.upper()}"
        start_response(status, list(connection.headers))
        return [b"".join(connection.sent)]

    def close(self):
        asyncio.run_coroutine_threadsafe(self.front.close(), self.loop).result(60)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
