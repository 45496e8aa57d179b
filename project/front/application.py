"""The front of a server process: an RSGI application, one coroutine for each request."""

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

LEAST_CONNECTIONS = 2  # of the event loop to the database


class Front:
    """Answers the requests of a process, for an application of Flask."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._hub = app.extensions["events"]
        self._threads = RequestThreads(app.config["WEB_THREADS"])
        most = max(LEAST_CONNECTIONS, app.config["WEB_THREADS"] // 2)
        self._hot_threads = ThreadPoolExecutor(most, thread_name_prefix="hot")
        self._database = AsyncDatabase(app.config, self._hot_threads, most)
        self._waits = Waits()
        self._verdicts = Verdicts(app, self._threads, self._waits)
        self.hot_routes = hot_routes(app, self._database, self._hot_threads, self._threads, self._verdicts)
        self._hot_path = HotPath(app, self.hot_routes)
        self._bodies = Bodies(app.config, _streamed_paths(app))
        self._bridge = Bridge(app, self._threads, self._verdicts, Evaluations(app, self._threads, self._waits))
        proxies = app.config["TRUSTED_PROXIES"]
        # Flask's own does the same again, which changes nothing more.
        self._proxy_fix = ProxyFix(_only_environ, x_for=proxies, x_proto=proxies) if proxies else None

    def stop(self) -> None:
        """End what may take longer than the process is given: streams of events, and waits for slots and verdicts."""
        self._waits.end_all()
        self._hub.stop()

    async def close(self) -> None:
        """End the threads. Nothing may be answered any more."""
        await self._verdicts.stop()
        self._threads.close()
        self._database.close()
        self._hot_threads.shutdown()

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        """Answer a request."""
        arrived = time.perf_counter()
        environ = environ_of(scope)
        environ[ARRIVED] = arrived
        if self._proxy_fix:
            self._proxy_fix(environ, _start_nothing)
        route, number = self._hot_path.find(environ)
        body: Body | Incoming = NO_BODY
        try:
            body = await self._bodies.read(environ, connection)
            if route is not None and isinstance(body, Body):
                response = await self._hot_path.respond(route, number, environ, body.bytes)
                if response is not None:
                    connection.response_bytes(*response)
                    return
            await self._bridge.answer(environ, body, connection)
        except (BodyTooSlow, ClientDisconnected) as error:
            environ[RAISED] = type(
                error
            )()  # without a traceback, which refers to the connection: see `Incoming.release`
            await self._bridge.answer(environ, NO_BODY, connection)
        except Busy as error:
            connection.response_bytes(*_busy(environ, error))
        finally:
            body.release()


def _busy(environ: Environment, error: Busy) -> EncodedResponse:
    """Return the response to a request for which there is no room; Flask does not see it."""
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
    """Return the paths whose views read the body while it comes."""
    operations = {name: getattr(view, "operation", None) for name, view in app.view_functions.items()}
    return frozenset(
        rule.rule
        for rule in app.url_map.iter_rules()
        if (operation := operations[rule.endpoint]) is not None and operation.streams
    )


def _only_environ(*_: Any) -> Iterable[bytes]:
    """Be an application that does nothing: what is wanted is what stands in the environment then."""
    return ()


def _start_nothing(*_: Any) -> Callable[[bytes], object]:
    raise NotImplementedError
