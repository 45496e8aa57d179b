"""The front of a web process: an RSGI application, one coroutine for each request."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from werkzeug.exceptions import ClientDisconnected
from werkzeug.middleware.proxy_fix import ProxyFix

from project.front.async_database import AsyncDatabase
from project.front.bodies import NO_BODY, Bodies, Body, Incoming
from project.front.bridge import Bridge
from project.front.environ import Environment, environ_of
from project.front.evaluations import Evaluations
from project.front.hot_path import EncodedResponse, HotPath
from project.front.hot_routes import hot_routes
from project.front.request_threads import RequestThreads
from project.front.rsgi import Connection, Scope
from project.front.verdicts import Verdicts
from project.front.waits import Waits
from project.operations.observability import ARRIVED, UNKNOWN_ROUTE, note_request, request_id
from project.web.concurrency import Busy
from project.web.errors import RAISED, BodyTooSlow
from project.web.http_caching import NOT_KEPT
from project.web.responses import JSON, encode
from project.web.security import headers_of

MIN_CONNECTIONS = 2  # from the event loop to the database


class Front:
    """Responds to the requests of a process, with a Flask application behind it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._hub = app.extensions["events"]
        self._threads = RequestThreads(app.config["WEB_THREADS"])
        max_connections = max(MIN_CONNECTIONS, app.config["WEB_THREADS"] // 2)
        self._hot_threads = ThreadPoolExecutor(max_connections, thread_name_prefix="hot")
        self._database = AsyncDatabase(app.config, self._hot_threads, max_connections)
        self._waits = Waits()
        self._verdicts = Verdicts(app, self._threads, self._waits)
        self.hot_routes = hot_routes(app, self._database, self._hot_threads, self._threads, self._verdicts)
        self._hot_path = HotPath(app, self.hot_routes)
        self._bodies = Bodies(app.config, _streamed_paths(app))
        self._bridge = Bridge(app, self._threads, self._verdicts, Evaluations(app, self._threads, self._waits))
        proxies = app.config["TRUSTED_PROXIES"]
        # The Flask application has a ProxyFix, too. To apply it twice changes nothing more.
        self._proxy_fix = ProxyFix(_empty_application, x_for=proxies, x_proto=proxies) if proxies else None

    def stop(self) -> None:
        """End what may last longer than the shutdown: event streams, and requests that wait for slots or verdicts."""
        self._waits.end_all()
        self._hub.stop()

    async def close(self) -> None:
        """Stop the threads. Call it after the last response."""
        await self._verdicts.stop()
        self._threads.close()
        self._database.close()
        self._hot_threads.shutdown()

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        """Respond to a request."""
        arrived = time.perf_counter()
        environ = environ_of(scope)
        environ[ARRIVED] = arrived
        if self._proxy_fix:
            self._proxy_fix(environ, _start_no_response)
        route, number = self._hot_path.find(environ)
        body: Body | Incoming = NO_BODY
        try:
            body = await self._bodies.read(environ, connection)
            if route is not None and isinstance(body, Body):
                response = await self._hot_path.respond(route, number, environ, body.bytes)
                if response is not None:
                    connection.response_bytes(*response)
                    return
            await self._bridge.respond(environ, body, connection)
        except (BodyTooSlow, ClientDisconnected) as error:
            # A new one, since the traceback of this one refers to the connection: see `Incoming.release`.
            environ[RAISED] = type(error)()
            await self._bridge.respond(environ, NO_BODY, connection)
        except Busy as error:
            connection.response_bytes(*_busy_response(environ, error))
        finally:
            body.release()


def _busy_response(environ: Environment, error: Busy) -> EncodedResponse:
    """Return the response to a request beyond the limits of this process. Flask does not receive it."""
    given = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
    headers = [
        ("Content-Type", JSON),
        ("X-Request-ID", given),
        ("Cache-Control", NOT_KEPT),
        *error.headers.items(),
        *headers_of(environ["wsgi.url_scheme"]),
    ]
    note_request(
        request_id=given,
        method=environ["REQUEST_METHOD"],
        route=UNKNOWN_ROUTE,
        path=environ["PATH_INFO"],
        status=error.http_status,
        seconds=time.perf_counter() - environ[ARRIVED],
        user_id=None,
        client=environ["REMOTE_ADDR"],
    )
    return EncodedResponse(error.http_status, headers, encode(error.status, given, message=error.message))


def _streamed_paths(app: Flask) -> frozenset[str]:
    """Return the paths of the views that read the request body as a stream."""
    operations = {name: getattr(view, "operation", None) for name, view in app.view_functions.items()}
    return frozenset(
        rule.rule
        for rule in app.url_map.iter_rules()
        if (operation := operations[rule.endpoint]) is not None and operation.streams
    )


def _empty_application(*_: Any) -> Iterable[bytes]:
    """Return an empty response. ProxyFix needs an application, and only its change of the environment is used."""
    return ()


def _start_no_response(*_: Any) -> Callable[[bytes], object]:
    raise NotImplementedError
